"""Results that are too large to be kept, or that are over before they could be: nobody stands in line for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import bson
import pytest
import redis

from dashboard.embedded import Valkey
from labs.querycache import QueryCache
from labs.querycache.cache import LARGEST, Asked
from labs.querycache.codec import Codec
from tests.querycache import PATIENCE, PREFIX, redis_url
from tests.waiting import wait_until

ONE, TWO = (bytes([12, 0, 0, 0, 16, 97, 0, n, 0, 0, 0, 0]) for n in (1, 2))
READERS = 8


@pytest.fixture
def cache(valkey: Valkey) -> Iterator[QueryCache]:
    one = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, lease=60)
    yield one
    one.clear_hash("a")
    one.close()


@pytest.fixture
def asked(cache: QueryCache) -> Asked:
    return cache.asked("a", b"the query", 60)


def test_readers_of_a_large_result_read_it_side_by_side(cache: QueryCache, asked: Asked) -> None:
    """Each of them waits in its read until all the others read too: in a line that would never be."""
    reading, go, together = threading.Event(), threading.Event(), threading.Barrier(READERS, timeout=60)

    def first() -> None:
        reading.set()
        go.wait()

    leader = threading.Thread(target=cache.fetch, args=(asked, first))
    leader.start()
    reading.wait()
    others = [
        threading.Thread(target=cache.fetch, args=(asked, lambda: together.wait() and None)) for _ in range(READERS)
    ]
    for other in others:
        other.start()
    go.set()
    for thread in (leader, *others):
        thread.join()
    assert cache.counters.total["miss"] == 1
    assert cache.counters.reasons == {"too large": READERS}


def test_another_process_is_told_too(cache: QueryCache, asked: Asked, valkey: Valkey) -> None:
    """One that waits for the lease, and one that comes later."""
    other = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, lease=60)
    reading, go = threading.Event(), threading.Event()

    def first() -> None:
        reading.set()
        go.wait()

    leader = threading.Thread(target=cache.fetch, args=(asked, first))
    leader.start()
    reading.wait()
    waiting = threading.Thread(target=other.fetch, args=(asked, lambda: None))
    waiting.start()
    wait_until(lambda: other.counters.total["command"] >= 4)  # INFO, HGET, EVALSHA lease, and HGET while it waits
    go.set()
    leader.join()
    waiting.join()
    assert other.counters.reasons == {"too large": 1}
    assert other.fetch(asked, lambda: None) is None
    assert other.counters.reasons == {"too large": 2}
    assert other.counters.total["miss"] == 0
    other.close()


@pytest.mark.parametrize("fields_expire", [True, False])
def test_it_is_forgotten_with_a_clear_and_after_a_while(valkey: Valkey, fields_expire: bool) -> None:
    options = {"prefix": PREFIX, "patience": PATIENCE, "fields_expire": fields_expire}
    cache = QueryCache(redis_url(valkey.url), lease=60, **options)  # type: ignore[arg-type]
    brief = QueryCache(redis_url(valkey.url), lease=0.2, **options)  # type: ignore[arg-type]
    asked = cache.asked("a", b"q", 60)
    assert cache.fetch(asked, lambda: None) is None
    cache.clear_hash("a")
    assert cache.fetch(asked, lambda: ONE) == ONE
    cache.clear_hash("a")
    assert brief.fetch(asked, lambda: None) is None
    wait_until(lambda: cache.fetch(asked, lambda: ONE) and cache.counters.total["hit"] > 0)
    with redis.Redis.from_url(redis_url(valkey.url)) as client:
        assert client.pttl(f"{PREFIX}:a") > 0 or fields_expire
    cache.clear_hash("a")
    cache.close()
    brief.close()


def test_each_read_is_counted_once(cache: QueryCache, asked: Asked) -> None:
    cache.fetch(asked, lambda: ONE)
    cache.fetch(asked, lambda: ONE)
    large = cache.asked("a", b"large", 60)
    cache.fetch(large, lambda: None)
    assert cache.counters.hit_ratio == 1 / 3
    cache.fetch(large, lambda: None)
    assert cache.counters.hit_ratio == 1 / 4


@pytest.mark.parametrize("fields_expire", [True, False])
def test_no_answer_is_older_than_its_time_to_live(valkey: Valkey, fields_expire: bool) -> None:
    """It is counted from before the read: a read that takes longer than that cannot be kept."""
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, fields_expire=fields_expire)
    asked = cache.asked("a", b"q", 0.05)
    with redis.Redis.from_url(redis_url(valkey.url)) as client:

        def now() -> float:
            seconds, micros = client.time()
            return float(seconds + micros / 1e6)

        def slow() -> bytes:
            begun = now()
            wait_until(lambda: now() > begun + 0.06)
            return ONE

        assert cache.fetch(asked, slow) == ONE
        assert cache.counters.total["stale-refused"] == 1
        assert client.hget(asked.key, asked.field.decode()) is None
        assert cache.fetch(asked, lambda: TWO) == TWO
    cache.clear_hash("a")
    cache.close()


@pytest.mark.parametrize("codec", ["bson", "json"])
def test_the_largest_result_that_is_kept_is_taken_by_a_redis_that_takes_one_mebibyte(
    valkey: Valkey, codec: Codec
) -> None:
    """As the embedded one: a longer value would end the connection, and look like a Redis that is away."""
    largest = bson.encode({"b": bytes(LARGEST - len(bson.encode({"b": b""})))})
    assert len(largest) == LARGEST
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, codec=codec)
    asked = cache.asked("a", b"the query", 60)
    assert cache.fetch(asked, lambda: largest) == largest
    assert cache.fetch(asked, lambda: None) == largest
    assert cache.counters.total["fill"] == cache.counters.total["hit"] == 1
    cache.clear_hash("a")
    cache.close()
