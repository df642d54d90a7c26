"""A query cache for MongoEngine that is right: see README.md. It imports nothing of the project it lies in."""

from labs.querycache.access import Access, Counters
from labs.querycache.cache import QueryCache
from labs.querycache.current import clear_hash, use
from labs.querycache.owned import unwatch, watch
from labs.querycache.queryset import CachedQuerySet
from labs.querycache.seal import Seal
from labs.querycache.stamps import StampListener
from labs.querycache.views import clean_cache

__all__ = [
    "Access", "CachedQuerySet", "Counters", "QueryCache", "Seal", "StampListener", "clean_cache", "clear_hash",
    "unwatch", "use", "watch",
]  # fmt: skip
