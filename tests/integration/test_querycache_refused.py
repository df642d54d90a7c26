"""Redis is there and says no: reads and writes go on, and nothing is trusted that should have been cleared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis

from dashboard.embedded import MongoDB, Valkey
from labs.querycache import QueryCache
from tests.querycache import PATIENCE, PREFIX, Post, desk, redis_url

ONE, TWO = (bytes([12, 0, 0, 0, 16, 97, 0, n, 0, 0, 0, 0]) for n in (1, 2))


def never() -> bytes:
    raise AssertionError("the database was asked")


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """It follows a server that is not there, so it takes no writes."""
    with redis.Redis.from_url(url) as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        try:
            yield
        finally:
            client.execute_command("REPLICAOF", "NO", "ONE")


def test_a_save_succeeds_and_is_made_good_when_redis_takes_writes_again(valkey: Valkey, mongodb: MongoDB) -> None:
    with desk(valkey.url, mongodb.url) as found:

        def titles() -> set[str]:
            return {post.title for post in Post.objects(n=0).cache("a")}

        before = titles()
        with read_only(valkey.url):
            post = Post.objects(n=0).first()
            post.title = "new"
            post.save()
            assert f"{PREFIX}:a" in found.cache.store.owed
            assert titles() == {"new"} != before
        assert titles() == {"new"}
        assert not found.cache.store.owed
        assert titles() == {"new"}
        assert found.outcome("hit") == 1


def test_a_user_who_may_not_ask_for_the_version(valkey: Valkey) -> None:
    url = redis_url(valkey.url)
    with redis.Redis.from_url(url) as client:
        client.execute_command("ACL", "SETUSER", "bob", "on", ">pw", "~*", "+@all", "-info")
        cache = QueryCache(re.sub("//(.*@)?", "//bob:pw@", url), prefix=PREFIX, patience=PATIENCE)
        try:
            asked = cache.asked("a", b"q", 60)
            assert cache.fetch(asked, lambda: ONE) == ONE
            assert cache.fetch(asked, never) == ONE
            cache.clear_hash("a")
        finally:
            client.execute_command("ACL", "DELUSER", "bob")
            cache.close()


def test_without_leases_what_cannot_be_kept_is_read_once(valkey: Valkey) -> None:
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, leases=False)
    loads: list[bytes] = []

    def load() -> bytes:
        loads.append(ONE)
        return ONE

    with redis.Redis.from_url(redis_url(valkey.url)) as client:
        client.set(f"{PREFIX}:a", "a string")
        assert cache.fetch(cache.asked("a", b"q", 60), load) == ONE
        assert len(loads) == 1
        assert cache.counters.total["error"] == 1
        client.delete(f"{PREFIX}:a")
    cache.close()


@pytest.mark.parametrize("by_collection", [False, True])
def test_a_key_of_another_kind_is_replaced(valkey: Valkey, by_collection: bool) -> None:
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, by_collection=by_collection)
    asked = cache.asked("a", b"q", 60, ["x/lab.posts"])
    with redis.Redis.from_url(redis_url(valkey.url)) as client:
        client.set(asked.key, "a string")
        assert cache.fetch(asked, lambda: ONE) == ONE
        assert cache.fetch(asked, never) == ONE
        told: Any = cache.counters.reasons
        assert told == {}
        client.delete(asked.key, *asked.stamps)
    cache.close()
