"""What a test may leave behind: processes, threads, greenlets, keys, documents."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import psutil
import pymongo
import redis
from gevent import Greenlet

MARK = "PYTEST_OF_LOOPSCOPE"
"""Environment variable that every process started by the tests inherits, however far it strays."""

os.environ[MARK] = str(os.getpid())

POLL_SECONDS = 0.01
OWN_MONGODB_DATABASES = {"admin", "config", "local"}
BLOG, MINUTE_MS = b"lab:blog:cache:", 60_000


@dataclass(frozen=True)
class Living:
    """The processes, threads and greenlets alive at one moment, by a key that is never used again."""

    things: Mapping[object, object]

    @classmethod
    def now(cls) -> Self:
        """Look around."""
        return cls(_processes() | _threads() | _greenlets())

    def others(self) -> list[str]:
        """What is alive now and was not then, in words.

        What descends from a process that was there before is that one's business: a browser keeps spare children.
        """
        return [
            words
            for key, thing in self.now().things.items()
            if key not in self.things
            and not any(ancestor in self.things for ancestor in _ancestors(key))
            and (words := _words(thing))
        ]

    def wait_for_others(self, seconds: float) -> list[str]:
        """As `others`, after up to `seconds` for what is just ending."""
        deadline = time.monotonic() + seconds
        while (left := self.others()) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        return left


_ours: dict[int, bool] = {}
"""Whether the process of this id is the tests'. Asked once for each: it is looked for around every test."""


def _processes() -> dict[object, object]:
    alive = psutil.pids()
    _judge([pid for pid in alive if pid not in _ours and pid != os.getpid()])
    for gone in _ours.keys() - set(alive):
        del _ours[gone]
    found: dict[object, object] = {}
    for pid in (pid for pid, ours in _ours.items() if ours):
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            if process.status() != psutil.STATUS_ZOMBIE:
                found[pid, process.create_time()] = process
    return found


def _judge(fresh: list[int]) -> None:
    """Ours are our descendants, and what carries the mark."""
    for pid in fresh:
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            descends = any(parent.pid == os.getpid() for parent in process.parents())
            _ours[pid] = descends or process.environ().get(MARK) == os.environ[MARK]


def _ancestors(key: object) -> list[object]:
    if not isinstance(key, tuple):
        return []
    with contextlib.suppress(psutil.Error):
        return [(parent.pid, parent.create_time()) for parent in psutil.Process(key[0]).parents()]
    return []


def _threads() -> dict[object, object]:
    return {thread: thread for thread in threading.enumerate()}


_spawned: dict[int, weakref.ref[Greenlet[..., object]]] = {}
"""Every greenlet that was started, until it is forgotten."""


def _note(greenlet: Greenlet[..., object]) -> None:
    number = id(greenlet)
    _spawned[number] = weakref.ref(greenlet, lambda _: _spawned.pop(number, None))


Greenlet.add_spawn_callback(_note)


def _greenlets() -> dict[object, object]:
    found = [reference() for reference in list(_spawned.values())]
    return {thing: thing for thing in found if thing is not None and thing.started and not thing.dead}


def _words(thing: object) -> str:
    """What it is called; empty for a process that has ended meanwhile."""
    if isinstance(thing, psutil.Process):
        with contextlib.suppress(psutil.Error, OSError):
            return f"process {thing.pid} ({' '.join(thing.cmdline())[:120]})"
        return ""
    return f"thread {thing.name}" if isinstance(thing, threading.Thread) else f"greenlet {thing!r}"


def empty_redis(url: str) -> list[str]:
    """Delete every key, and name those outside database 0 that would have stayed."""
    left = []
    with redis.Redis.from_url(url) as client:
        for name in client.info("keyspace"):
            if name != "db0":
                with redis.Redis.from_url(f"{url.removesuffix('/0')}/{name.removeprefix('db')}") as other:
                    stay = [key for key in other.scan_iter(count=1000) if not _goes_by_itself(other, key)]
                    left += [f"{name} {key!r}" for key in stay]
        client.flushall()
    return left


def _goes_by_itself(client: Any, key: bytes) -> bool:
    """An answer that the blog keeps for a minute: signing out drops all, a request still under way brings one back."""
    if not key.startswith(BLOG) or client.type(key) != b"hash":
        return False
    fields = client.hkeys(key)
    times = client.execute_command("HPTTL", key, "FIELDS", len(fields), *fields) if fields else []
    return all(0 <= time <= MINUTE_MS or time == -2 for time in times)


def empty_mongodb(url: str) -> None:
    """Drop every database but the server's own."""
    client: pymongo.MongoClient[dict[str, object]]
    with pymongo.MongoClient(url) as client:
        for name in set(client.list_database_names()) - OWN_MONGODB_DATABASES:
            client.drop_database(name)
