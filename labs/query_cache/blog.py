"""The documents of the experiment, and six ways to read and write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mongoengine as me

from labs.querycache import CachedQuerySet, QueryCache, clean_cache, clear_hash, use
from labs.sdk import servers
from labs.sdk.own_place import collection, prefix

PREFIX = prefix("qc")
LONG_TTL = 60.0
OWNER = "ada"


class Blog(me.Document):
    """A post. `version` counts the writes of its user, so that an old answer can be told from a new one."""

    objects: Any
    meta = {  # noqa: RUF012
        "collection": collection("qc", "blogs"), "queryset_class": CachedQuerySet, "cache_owner": "user",
        "indexes": ["user"],
    }  # fmt: skip
    user = me.StringField()
    title = me.StringField()
    content = me.StringField()
    version = me.IntField(default=0)


def connect(documents: int) -> None:
    """Connect, and put so many posts of one user there."""
    me.connect("lab", host=servers.url("mongodb"), uuidRepresentation="standard")
    Blog.objects.insert([Blog(user=OWNER, title=f"Post {n}", content="words " * 40) for n in range(documents)])


def raw_write(version: int) -> None:
    """A write that nobody hears of."""
    Blog._get_collection().update_many({"user": OWNER}, {"$set": {"version": version}})


def _heard_write(version: int) -> None:
    Blog.objects(user=OWNER).update(set__version=version)


def _cleared_write(version: int) -> None:
    raw_write(version)
    clear_hash(OWNER)


@clean_cache(lambda: OWNER)
def _view(version: int) -> None:
    raw_write(version)


WRITES: dict[str, Callable[[int], None]] = {
    "off": raw_write, "on": raw_write, "ttl": raw_write, "hand": _cleared_write, "view": _view, "write": _heard_write,
}  # fmt: skip
"""How each way writes."""


def read(way: str, ttl: float) -> int:
    """Read all posts of the user as documents; the version of the answer."""
    query = Blog.objects(user=OWNER)
    if way != "off":
        query = query.cache(key=OWNER, ttl=ttl if way == "ttl" else LONG_TTL)
    return min(int(post.version) for post in query)


def cache(url: str, *, leases: bool = True) -> QueryCache:
    """The cache of this run, in use."""
    one = QueryCache(url, prefix=PREFIX, leases=leases)
    use(one)
    return one


def leave(one: QueryCache) -> None:
    """No cache is in use any more."""
    use(None)
    one.close()
