"""Is everything there, and what machine is this?"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import mongoengine as me
from pymongo.errors import PyMongoError
from redis import Redis
from redis.exceptions import RedisError

from dashboard.runs.queue import RunQueue
from labs.sdk.host import QUIET_BELOW, CpuTime, usable_cpus
from labs.sdk.servers import Facts, mongo_name, redis_name

FRESH_SECONDS = 2.0
WATCH_SECONDS = 0.5, 20.0
"""How long the machine is watched before it is called busy or quiet: shorter says nothing, longer is long ago."""


class CpuWatch:
    """How busy the machine is: over the time since the last question, while questions come."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, read: Callable[[], CpuTime] = CpuTime.now) -> None:
        self._clock = clock
        self._read = read
        self._at, self._before = clock(), read()
        self._share: float | None = None

    def share(self) -> float | None:
        """0–1; None while it has not been watched long enough."""
        shortest, longest = WATCH_SECONDS
        now, passed = self._read(), self._clock() - self._at
        if passed >= shortest:
            self._share = self._before.busy_until(now) if passed <= longest else None
            self._at, self._before = self._clock(), now
        return self._share


class Status:
    """Answers at most every two seconds anew, however many pages ask."""

    def __init__(self, redis: Redis, queue: RunQueue) -> None:
        self._redis: Any = redis
        self._queue = queue
        self._found: dict[str, Any] = {}
        self._at = float("-inf")
        self._cpu = CpuWatch()

    def look(self) -> dict[str, Any]:
        """`{ready, runner, cpus, busy, quiet, redis, mongodb}`; a server that does not answer is null.

        `busy` (0–1) and `quiet` are null while the machine has not been watched: a page asks again soon.
        """
        if not self._found.get("ready") or time.monotonic() - self._at > FRESH_SECONDS:
            self._found = self._look()
            self._at = time.monotonic()
        return self._found

    def _look(self) -> dict[str, Any]:
        redis, mongodb = self.redis(), self.mongodb()
        runner = redis is not None and self._queue.runners() > 0
        busy = self._cpu.share()
        return {
            "ready": redis is not None and mongodb is not None,
            "runner": runner,
            "cpus": usable_cpus(),
            "busy": busy,
            "quiet": None if busy is None else busy < QUIET_BELOW,
            "redis": redis,
            "mongodb": mongodb,
        }

    def redis(self) -> Facts | None:
        """Name and version of the server behind REDIS_URL, as it calls itself."""
        try:
            return redis_name(self._redis)
        except RedisError:
            return None

    def mongodb(self) -> Facts | None:
        """Name, version and storage engine of the server behind MONGODB_URL."""
        try:
            return mongo_name(me.get_connection())
        except PyMongoError:
            return None
