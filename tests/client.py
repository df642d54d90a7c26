"""A learner without a browser: the HTTP API with a cookie jar, on the standard library."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any

import orjson

from tests.waiting import wait_until

ENDED = ("finished", "failed", "cancelled")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get_content_type()

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class Client:
    """Remembers its cookie, so its runs are its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Any answer, errors too. `body` is sent as JSON, bytes as they are."""
        data = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
        sent = {"Content-Type": "application/json"} if data is not None else {}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers={**sent, **headers})
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def get(self, path: str) -> Any:
        return self.call("GET", path).json

    def start(self, lab: str, prediction: object = None, **params: object) -> str:
        """Start a run; its id."""
        answer = self.call("POST", "/api/runs", {"lab": lab, "params": params, "prediction": prediction})
        assert answer.status == 201, answer.body
        return str(answer.json["run"]["id"])

    def run(self, id: str) -> Any:
        return self.get(f"/api/runs/{id}")["run"]

    def leave(self) -> None:
        """Cancel what is still under way, so that nobody after waits for it."""
        for run in self.get("/api/runs?mine=1")["runs"]:
            if run["state"] not in ENDED:
                self.call("POST", f"/api/runs/{run['id']}/cancel")

    def wait(self, id: str, *states: str, seconds: float = 90.0) -> Any:
        """The run, once it is in one of the states (by default: ended)."""
        wait_until(lambda: self.run(id)["state"] in (states or ENDED), seconds)
        return self.run(id)

    def events(self, id: str, after: int = 0) -> list[Any]:
        lines = self.call("GET", f"/api/runs/{id}/events?after={after}").body.splitlines()
        return [orjson.loads(line) for line in lines]
