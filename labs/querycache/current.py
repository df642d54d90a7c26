"""The cache that querysets use. One for a process, as MongoEngine has one default connection."""

from __future__ import annotations

from labs.querycache.cache import QueryCache

_current: list[QueryCache] = []


def use(cache: QueryCache | None) -> None:
    """From now on `.cache()` means this one; None: reads go to the database."""
    _current[:] = [cache] if cache is not None else []


def cache() -> QueryCache | None:
    """The cache in use."""
    return _current[0] if _current else None


def clear_hash(*owners: object) -> None:
    """Drop everything that is cached for these owners."""
    if _current:
        _current[0].clear_hash(*owners)
