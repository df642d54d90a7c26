"""What the query cache says of itself, on its way into a run's events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labs.sdk.redis_feed import RedisFeed

if TYPE_CHECKING:
    from labs.querycache import Access

STEPS = frozenset({"clear", "miss", "fill", "stale-refused"})
COUNTED = STEPS | {"hit", "wait"}


class CacheFeed:
    """A listener of a cache whose keys begin with `prefix`: the rest of their names is the owner."""

    def __init__(self, feed: RedisFeed, prefix: str) -> None:
        self._feed, self._prefix = feed, f"{prefix}:"

    def __call__(self, access: Access) -> None:
        if access.outcome == "command":
            words = access.command, access.key, access.field
            self._feed.command([word for word in words if word], access.seconds, access.size)
        elif access.outcome in COUNTED:
            owner = access.key.removeprefix(self._prefix)
            self._feed.count(access.key, owner, access.outcome, access.field)
            if access.outcome in STEPS:
                self._feed.step(access.key, owner, access.outcome, access.field)
