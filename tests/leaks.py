"""What a test may leave behind: processes, threads, greenlets, keys, documents."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
from dataclasses import dataclass
from typing import Self

import psutil
import pymongo
import redis

MARK = "PYTEST_OF_LOOPSCOPE"
"""Environment variable that every process started by the tests inherits, however far it strays."""

os.environ[MARK] = str(os.getpid())

POLL_SECONDS = 0.01
OWN_MONGODB_DATABASES = {"admin", "config", "local"}


@dataclass(frozen=True)
class Living:
    """The processes, threads and greenlets alive at one moment, by a key that is never used again."""

    things: dict[object, str]

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
            for key, words in self.now().things.items()
            if key not in self.things and not any(ancestor in self.things for ancestor in _ancestors(key))
        ]

    def wait_for_others(self, seconds: float) -> list[str]:
        """As `others`, after up to `seconds` for what is just ending."""
        deadline = time.monotonic() + seconds
        while (left := self.others()) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        return left


def _processes() -> dict[object, str]:
    found: dict[object, str] = {}
    own = {process.pid for process in psutil.Process().children(recursive=True)}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            ours = process.pid in own or process.environ().get(MARK) == os.environ[MARK]
            if ours and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                found[process.pid, process.create_time()] = (
                    f"process {process.pid} ({' '.join(process.cmdline())[:120]})"
                )
    return found


def _ancestors(key: object) -> list[object]:
    if not isinstance(key, tuple):
        return []
    with contextlib.suppress(psutil.Error):
        return [(parent.pid, parent.create_time()) for parent in psutil.Process(key[0]).parents()]
    return []


def _threads() -> dict[object, str]:
    return {thread: f"thread {thread.name}" for thread in threading.enumerate()}


def _greenlets() -> dict[object, str]:
    if "gevent" not in sys.modules:
        return {}
    from gevent import Greenlet
    from gevent._hub_local import get_hub_if_exists

    if get_hub_if_exists() is None:
        return {}
    # By type, since isinstance asks the object itself, and there are weak references to what is gone.
    found = (thing for thing in gc.get_objects() if issubclass(type(thing), Greenlet))
    return {thing: f"greenlet {thing!r}" for thing in found if thing.started and not thing.dead}


def empty_redis(url: str) -> list[str]:
    """Delete every key, and name those outside database 0."""
    left = []
    with redis.Redis.from_url(url) as client:
        for name in client.info("keyspace"):
            if name != "db0":
                with redis.Redis.from_url(f"{url.removesuffix('/0')}/{name.removeprefix('db')}") as other:
                    left += [f"{name} {key!r}" for key in other.scan_iter(count=1000)]
        client.flushall()
    return left


def empty_mongodb(url: str) -> None:
    """Drop every database but the server's own."""
    client: pymongo.MongoClient[dict[str, object]]
    with pymongo.MongoClient(url) as client:
        for name in set(client.list_database_names()) - OWN_MONGODB_DATABASES:
            client.drop_database(name)
