"""Documents and a cache for the tests of the query cache."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mongoengine as me
import pymongo
import redis as redis_client

from labs.querycache import CachedQuerySet, QueryCache, StampListener, unwatch, use, watch

PREFIX = "lab:qc"
PATIENCE = 60.0
"""Seconds: a pause of a busy machine is not Redis being away."""


class Author(me.Document):
    meta = {"collection": "authors", "allow_inheritance": True, "queryset_class": CachedQuerySet}  # noqa: RUF012
    name = me.StringField()


class Editor(Author):
    desk = me.StringField()


class Tag(me.EmbeddedDocument):
    text = me.StringField()
    weight = me.IntField()


class Post(me.Document):
    """`objects` is Any: MongoEngine tells no types."""

    objects: Any
    meta = {"collection": "posts", "queryset_class": CachedQuerySet, "cache_owner": "user"}  # noqa: RUF012
    user = me.StringField()
    title = me.StringField()
    n = me.IntField()
    tags = me.ListField(me.StringField())
    detail = me.EmbeddedDocumentField(Tag)
    author = me.ReferenceField(Author)


@dataclass
class Desk:
    """What a test works with."""

    cache: QueryCache
    redis: Any
    posts: Any
    queries: CommandCount

    def outcome(self, name: str) -> int:
        return self.cache.counters.total[name]

    def fields(self, owner: str) -> dict[bytes, bytes]:
        return dict(self.redis.hgetall(f"{PREFIX}:{owner}"))


class CommandCount(pymongo.monitoring.CommandListener):
    """Counts reads that reached the server."""

    def __init__(self) -> None:
        self.reads = 0
        self.names: list[str] = []

    def started(self, event: pymongo.monitoring.CommandStartedEvent) -> None:
        self.names.append(event.command_name)
        self.reads += event.command_name in ("find", "aggregate", "distinct", "count")

    def succeeded(self, event: pymongo.monitoring.CommandSucceededEvent) -> None:
        """Nothing to count."""

    def failed(self, event: pymongo.monitoring.CommandFailedEvent) -> None:
        """Nothing to count."""


def redis_url(url: str) -> str:
    """Database 9 of the server."""
    return url.removesuffix("/0") + "/9"


@contextlib.contextmanager
def desk(valkey_url: str, mongodb_url: str, **options: Any) -> Iterator[Desk]:
    """A connected MongoEngine, a cache in use, a few authors and posts; all gone afterwards."""
    counted, stamps = CommandCount(), StampListener()
    me.disconnect()
    me.connect("lab", host=mongodb_url, uuidRepresentation="standard", event_listeners=[counted, stamps])
    client = me.get_connection()
    cache = QueryCache(options.pop("url", redis_url(valkey_url)), **{"patience": PATIENCE, **options})
    redis = redis_client.Redis.from_url(redis_url(valkey_url))
    try:
        fill()
        use(cache)
        watch(Post)
        stamps.attach(cache if cache.by_collection else None, client)
        counted.reads = 0
        yield Desk(cache, redis, client.lab.posts, counted)
    finally:
        unwatch(Post)
        use(None)
        stamps.attach(None, client)
        cache.close()
        with contextlib.suppress(redis_client.RedisError):
            for key in redis.scan_iter(f"{PREFIX}*"):
                redis.delete(key)
        redis.close()
        client.drop_database("lab")
        me.disconnect()


def fill() -> None:
    """Twelve posts of three users by two authors."""
    authors = [Author(name="Ada").save(), Editor(name="Ben", desk="news").save()]
    for n in range(12):
        Post(
            user="abc"[n % 3], title=f"title {n % 5}", n=n, tags=[f"t{n % 2}", f"t{n % 3}"],
            detail=Tag(text=f"x{n % 4}", weight=n), author=authors[n % 2],
        ).save()  # fmt: skip
