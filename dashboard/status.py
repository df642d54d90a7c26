"""Is everything there, and what machine is this?"""

from __future__ import annotations

import time
from typing import Any

import mongoengine as me
import psutil
from pymongo.errors import PyMongoError
from redis import Redis
from redis.exceptions import RedisError

from dashboard.runs.queue import RunQueue
from labs.sdk.host import QUIET_BELOW, usable_cpus
from labs.sdk.servers import Facts, mongo_name, redis_name

FRESH_SECONDS = 2.0


class Status:
    """Answers at most every two seconds anew, however many pages ask."""

    def __init__(self, redis: Redis, queue: RunQueue) -> None:
        self._redis: Any = redis
        self._queue = queue
        self._found: dict[str, Any] = {}
        self._at = float("-inf")
        psutil.cpu_percent()

    def look(self) -> dict[str, Any]:
        """`{ready, runner, cpus, busy, quiet, redis, mongodb}`; a server that does not answer is null."""
        if not self._found.get("ready") or time.monotonic() - self._at > FRESH_SECONDS:
            self._found = self._look()
            self._at = time.monotonic()
        return self._found

    def _look(self) -> dict[str, Any]:
        redis, mongodb = self.redis(), self.mongodb()
        runner = redis is not None and self._queue.runners() > 0
        busy = psutil.cpu_percent() / 100
        return {
            "ready": redis is not None and mongodb is not None,
            "runner": runner,
            "cpus": usable_cpus(),
            "busy": busy,
            "quiet": busy < QUIET_BELOW,
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
