"""What lies in Redis while the load goes on, and how long it will stay there: asked of the server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis

from labs.route_cache.route import PREFIX
from labs.sdk.emitter import Emitter

LOOK_SECONDS = 0.05


class Held:
    """The keys of the users, one each."""

    def __init__(self, emit: Emitter, redis: Redis, users: int) -> None:
        self._emit, self._redis = emit, redis
        self._keys = [f"{PREFIX}:{user}" for user in range(1, users + 1)]

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Meanwhile its size is told many times a second, and once at the end."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(LOOK_SECONDS):
                self._tell()

        thread = threading.Thread(target=look, name="watch", daemon=True)
        self._tell()
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        self._tell()

    def tell_all(self) -> None:
        """Each key that is there: seconds it has left (-1: for ever), its size, and both in the run's log."""
        pipe = self._redis.pipeline(transaction=False)
        for key in self._keys:
            pipe.pttl(key)
            pipe.memory_usage(key)
        told: list[Any] = pipe.execute()
        for key, left, size in zip(self._keys, told[::2], told[1::2], strict=True):
            if size is None:
                continue
            seconds = left if left < 0 else left / 1000
            self._emit.sample("time to live", seconds, "s", key=key, bytes=size)
            text = "TTL -1: it never expires" if left < 0 else f"{seconds:.2f} s left"
            self._emit.emit("log", text=f"{key}: {size} bytes, {text}", stream="keys")

    def _tell(self) -> None:
        pipe = self._redis.pipeline(transaction=False)
        for key in self._keys:
            pipe.memory_usage(key)
        sizes = [size for size in pipe.execute() if size is not None]
        self._emit.sample("memory of the keys", sum(sizes) / 1000, "KB", keys=len(sizes))
