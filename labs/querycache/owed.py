"""Clears that Redis has not heard of yet: sent by whoever asks it next, before anything else is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from redis.exceptions import ConnectionError


class Owed:
    """Keys to be dropped.

    One caller sends them while the others wait: a clear that was sent twice would drop what was filled in between.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._clears = 0
        self._failures = 0
        self._all: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    def __contains__(self, key: str) -> bool:
        return key in self._all

    def add(self, keys: Iterable[str]) -> None:
        """These are to be dropped from now on, also where an earlier clear of them is just being sent."""
        with self._lock:
            self._clears += 1
            self._all.update(dict.fromkeys(keys, self._clears))

    def pay(self, send: Callable[[list[str]], None], patience: float) -> None:
        """Have all of them dropped by `send`, or by whoever does so already. What `send` raises stays owed.

        Raises `redis.ConnectionError` where another caller takes longer than `patience` (seconds), or fails.
        """
        failures = self._failures
        if not self._sending.acquire(timeout=patience):
            raise ConnectionError("a clear is not through yet")
        try:
            if failures != self._failures:
                raise ConnectionError("a clear could not be sent")
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
