"""Clears that Redis has not heard of yet: sent by whoever asks it next, before anything else is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from redis.exceptions import ConnectionError

from labs.querycache.forked import renew_in_children

OWED_MOST = 10_000
"""Clears that are remembered one by one; with more, all keys of the cache are to be dropped."""

EVERYTHING = ""
"""Stands for all keys."""


class NotPaid(ConnectionError):
    """Another caller has not sent what is owed: that says nothing of the server."""


class Owed:
    """Keys to be dropped.

    One caller sends them while the others wait: a clear that was sent twice would drop what was filled in between.
    """

    def __init__(self) -> None:
        self._clears = 0
        self._failures = 0
        self._all: dict[str, int] = {}
        self.renew()
        renew_in_children(self)

    def renew(self) -> None:
        """Nobody sends just now. What is owed stays owed."""
        self._lock = threading.Lock()
        self._sending = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._all)

    def __contains__(self, key: str) -> bool:
        return key in self._all or EVERYTHING in self._all

    def add(self, keys: Iterable[str]) -> None:
        """These are to be dropped from now on, also where an earlier clear of them is just being sent."""
        with self._lock:
            self._clears += 1
            self._all.update(dict.fromkeys(keys, self._clears))
            if EVERYTHING in self._all or len(self._all) > OWED_MOST:
                self._all = {EVERYTHING: self._clears}

    def pay(self, send: Callable[[list[str]], None], patience: float) -> None:
        """Have all of them dropped by `send`, or by whoever does so already. Where `send` raises they stay owed.

        `send` gets keys, or `EVERYTHING` alone. Raises `NotPaid` where another caller takes longer than `patience`
        (seconds), or fails.
        """
        failures = self._failures
        if not self._sending.acquire(timeout=patience):
            raise NotPaid("a clear is not through yet")
        try:
            if failures != self._failures and self._all:
                raise NotPaid("a clear could not be sent")
            self._send(send)
        finally:
            self._sending.release()

    def _send(self, send: Callable[[list[str]], None]) -> None:
        with self._lock:
            mine = dict(self._all)
        if not mine:
            return
        try:
            send(list(mine))
        except BaseException:
            self._failures += 1
            raise
        with self._lock:
            for key, clear in mine.items():
                if self._all.get(key) == clear:  # else it was cleared again meanwhile, perhaps after this
                    del self._all[key]
