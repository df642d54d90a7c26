"""A closed loop: so many visitors, each asks again as soon as there is an answer; some of what they send are writes."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Event
from typing import Any

import orjson

from labs.route_cache import route
from labs.route_cache.served import QUERIES
from labs.route_cache.versions import Versions
from labs.sdk.emitter import Emitter

SEED = 7
"""The same requests in every way and in every repeat."""
KINDS = {
    "hit": "cache", "miss": "db", "uncached": "db", "write": "other", "out of date": "timer", "wrong kind": "net",
}  # fmt: skip
"""Colour of a bar."""
PATHS = {"posts": "/api/blogs", "user": "/api/current_user"}
VIEWS = {
    ("posts", False): route.list_posts, ("posts", True): route.list_posts_cached,
    ("user", False): route.current_user, ("user", True): route.current_user_cached,
}  # fmt: skip
LONGEST_EXAMPLE = 50

Wish = tuple[str, int]
"""What is asked for ("posts", "user" or "write"), and whose it is."""


class WrongAnswer(RuntimeError):
    """The server answered otherwise than it should; the message says what."""


def wishes(settings: dict[str, Any]) -> list[Wish]:
    """Every request of a part, in order."""
    requests = settings["requests"]
    writes = round(requests * settings["writes"] / 100)
    reads = ["posts", "user"] if settings["second"] == "on" else ["posts"]
    what = ["write"] * writes + [reads[n % len(reads)] for n in range(requests - writes)]
    dice = random.Random(SEED)
    dice.shuffle(what)
    return [(one, dice.randint(1, settings["users"])) for one in what]


class Load:
    """One part. `run` returns when the last visitor has the last answer."""

    def __init__(self, emit: Emitter, settings: dict[str, Any], address: tuple[str, int]) -> None:
        self._emit, self._settings = emit, settings
        self._connections = [HTTPConnection(*address) for _ in range(settings["visitors"])]
        self._cached = settings["way"] != "off"
        self._versions = Versions(settings["users"])
        self._cookies: dict[int, str] = {}
        self._over = Event()

    def sign_in(self) -> None:
        """Every user, by one visitor or another; every visitor at least one, so that all connections stand."""
        users = range(1, max(self._settings["users"], len(self._connections)) + 1)
        self._together(self._sign_in, [1 + n % self._settings["users"] for n in range(len(users))])

    def run(self) -> None:
        """All of it. Raises what a visitor met."""
        self._together(self._visit, wishes(self._settings))

    def close(self) -> None:
        """The visitors are gone."""
        for connection in self._connections:
            connection.close()

    def _together(self, work: Callable[[int, list[Any]], None], things: list[Any]) -> None:
        """All visitors at once, each with their share of the things."""
        visitors = len(self._connections)
        with ThreadPoolExecutor(visitors) as pool:
            try:
                for visit in [pool.submit(work, n, things[n::visitors]) for n in range(visitors)]:
                    visit.result()
            except BaseException:
                self._over.set()
                raise

    def _sign_in(self, visitor: int, users: list[int]) -> None:
        connection = self._connections[visitor]
        for user in users:
            connection.request("POST", f"/auth/{user}")
            answer = connection.getresponse()
            answer.read()
            self._cookies[user] = answer.headers["Set-Cookie"].partition(";")[0]

    def _visit(self, visitor: int, wanted: list[Wish]) -> None:
        connection, name = self._connections[visitor], visitor + 1
        for n, (what, user) in enumerate(wanted, 1):
            if self._over.is_set():
                return
            work = self._write if what == "write" else self._read
            work(connection, f"{name}-{n}", f"visitor {name}", what, user)

    def _write(self, connection: HTTPConnection, id: str, lane: str, _: str, user: int) -> None:
        with self._versions.turn[user]:
            number = self._versions.newest(user) + 1
            post = {"number": number, "title": f"Post {number}", "content": route.WORDS}
            begin = self._emit.now()
            self._ask(connection, "POST", PATHS["posts"], user, orjson.dumps(post))
            end = self._emit.now()
            self._versions.returned(user, end)
        self._span(id, lane, "write", "write", begin, end, route.add_post)

    def _read(self, connection: HTTPConnection, id: str, lane: str, what: str, user: int) -> None:
        least = self._versions.newest(user)
        begin = self._emit.now()
        body, queries = self._ask(connection, "GET", PATHS[what], user)
        end = self._emit.now()
        outcome = "uncached" if not self._cached else "miss" if queries else "hit"
        found = orjson.loads(body)
        wrong = isinstance(found, list) != (what == "posts")
        behind = None
        if what == "posts" and not wrong:
            behind = self._versions.behind(user, found[0]["number"], least, begin)
            self._emit.sample("behind", behind or 0.0, "s")
        fault = "wrong kind" if wrong else "out of date" if behind is not None else ""
        told = ", ".join(filter(None, (outcome, fault)))
        self._span(id, lane, fault or outcome, told, begin, end, VIEWS[what, self._cached])
        example = {"text": body[:LONGEST_EXAMPLE].decode(errors="replace")} if wrong else {}
        self._emit.sample(outcome, 1000 * (end - begin), "ms", id=id, user=user, what=what, behind=behind, wrong=wrong,
                          **example)  # fmt: skip

    def _ask(
        self, connection: HTTPConnection, method: str, path: str, user: int, body: bytes | None = None
    ) -> tuple[bytes, int]:
        """The answer, and how often the database was asked for it."""
        headers = {"Cookie": self._cookies[user], "Content-Type": "application/json"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.read()
        if answer.status not in (200, 201):
            raise WrongAnswer(f"{method} {path} answered {answer.status}: {found[:200]!r}")
        return found, int(answer.headers[QUERIES])

    def _span(self, id: str, lane: str, kind: str, name: str, begin: float, end: float, view: Any) -> None:
        at = f"route.py:{view.__code__.co_firstlineno}"
        self._emit.emit("begin", t=begin, id=id, lane=lane, name=name, kind=KINDS[kind], at=at)
        self._emit.emit("end", t=end, id=id)
