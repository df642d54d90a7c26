"""A small browser for programs: real HTTP on one connection that stays open, cookies, redirects when asked."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import orjson

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class BrokenTour(RuntimeError):
    """The blog answered otherwise than it should; the message says where."""


class Client:
    """`with Client(host, port) as client:` keeps one connection."""

    def __init__(self, host: str, port: int, patience: float = 60.0) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=patience)
        self._cookies: dict[str, str] = {}
        self.origin = f"http://{host}:{port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def ask(self, method: str, address: str, body: bytes | None = None, type: str = "", expect: int = 200) -> Answer:
        """One request. Raises `BrokenTour` unless the status is the expected one."""
        parts = urlsplit(address)
        headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        if type:
            headers["Content-Type"] = type
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, f"{parts.path}{'?' + parts.query if parts.query else ''}", body, headers)
        answer = self._connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        found = Answer(answer.status, answer.headers.get("Location", ""), answer.read())
        if found.status != expect:
            raise BrokenTour(f"{method} {parts.path} answered {found.status}: {found.body[:200]!r}")
        return found

    def get(self, address: str, expect: int = 200) -> Answer:
        return self.ask("GET", address, expect=expect)

    def post(self, address: str, data: object) -> Answer:
        """JSON; the answer must be "created"."""
        return self.ask("POST", address, orjson.dumps(data), "application/json", 201)

    def sign_in(self, name: str) -> None:
        """The whole flow: to the provider, a name for its form, back with a code."""
        provider = self.get("/auth/google", 302).location
        self.get(provider)
        callback = self.ask("POST", provider, urlencode({"name": name}).encode(), FORM, 302).location
        self.get(callback, 302)
