"""What tests of the key browser share: database 9 of a server, and a watch with what it told."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from redis import Redis

from dashboard.embedded import Valkey
from dashboard.keys.access import Access
from dashboard.keys.names import key_id
from dashboard.keys.watch import Watch
from dashboard.settings import Settings
from tests.waiting import wait_until

SECRET = "a secret of the tests"


class HasUrl(Protocol):
    """A server as its URL says."""

    @property
    def url(self) -> str:
        """Where clients connect."""


def database_nine(valkey: Valkey) -> str:
    """The URL of the learners' database, as the app's user."""
    return valkey.url.removesuffix("/0") + "/9"


@contextlib.contextmanager
def access_to(valkey: HasUrl, folder: Path) -> Iterator[Access]:
    """The way of a web process to the learners' keys."""
    access = Access(Settings(redis_url=valkey.url, mongodb_url="mongodb://unused", var=folder, secret=SECRET))
    yield access
    access.close()


@contextlib.contextmanager
def app_client(valkey: Valkey) -> Iterator[Any]:
    """A client with all rights on database 9, which is empty afterwards."""
    with Redis.from_url(database_nine(valkey)) as client:
        yield client
        client.flushdb()


@contextlib.contextmanager
def overdue(app: Any, key: str, px: int) -> Iterator[None]:
    """A key whose time is over and that the server still has: while writes are paused it reclaims nothing."""
    with app.pipeline(transaction=False) as both:
        both.set(key, "1", px=px)
        both.execute_command("CLIENT", "PAUSE", 60_000, "WRITE")
        both.execute()
    try:
        wait_until(lambda: not app.exists(key))
        yield
    finally:
        app.execute_command("CLIENT", "UNPAUSE")


class Watching:
    """A watch on threads instead of greenlets, and all it told, merged as a page does."""

    def __init__(self, access: Access) -> None:
        self.messages: list[dict[str, Any]] = []
        self.threads: list[threading.Thread] = []
        self.watch = Watch(access, self.messages.append, self._spawn)
        self.live = wait_until(self._joined)["live"]

    def _joined(self) -> dict[str, Any]:
        """What joining answered, once the server did."""
        answer = self.watch.join("viewer")
        return answer if answer["live"] or answer["why"] else {}

    def causes(self, key: bytes) -> list[str]:
        """What was told of this key, in order."""
        return [one["cause"] for one in self.changes(key)]

    def changes(self, key: bytes) -> list[dict[str, Any]]:
        """All that was told of this key."""
        return [one for message in list(self.messages) for one in message["changed"] if one["id"] == key_id(key)]

    def stale(self) -> list[str]:
        """Reasons to read anew that were told."""
        return [message["stale"] for message in list(self.messages) if message["stale"]]

    def wait_for(self, key: bytes, cause: str) -> dict[str, Any]:
        """What was told last of this key, once it was `cause`."""
        wait_until(lambda: cause in self.causes(key))
        return next(one for one in reversed(self.changes(key)) if one["cause"] == cause)

    def close(self) -> None:
        """Leave; all threads end."""
        self.watch.leave("viewer")
        for thread in self.threads:
            thread.join()

    def _spawn(self, function: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=function, args=arguments, name="keys")
        self.threads.append(thread)
        thread.start()


@contextlib.contextmanager
def watching(access: Access) -> Iterator[Watching]:
    """A viewer for the length of the block."""
    found = Watching(access)
    try:
        yield found
    finally:
        found.close()
