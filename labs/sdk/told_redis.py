"""A client of redis-py that tells its commands to a feed; pipelines go past it."""

from __future__ import annotations

import time
from typing import Any

from redis import Redis

from labs.sdk.redis_feed import RedisFeed, size_of


class ToldRedis(Redis):
    """`ToldRedis.from_url(url)`, then set `feed`."""

    feed: RedisFeed | None = None

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """As upstream. What the client itself refuses was never sent, and is not told."""
        begun = time.perf_counter()
        reply = super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        if self.feed is not None:
            self.feed.command(args, time.perf_counter() - begun, size_of(reply))
        return reply
