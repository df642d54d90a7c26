"""Many readers, one query; a clear in the middle; leaders that die."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from dashboard.embedded import MongoDB, Valkey
from dashboard.settings import ROOT
from labs.querycache import QueryCache
from labs.querycache.cache import Asked
from labs.querycache.codec import LEASE
from tests.querycache import PATIENCE, PREFIX, Post, desk, redis_url
from tests.waiting import wait_until

ONE, TWO = (bytes([12, 0, 0, 0, 16, 97, 0, n, 0, 0, 0, 0]) for n in (1, 2))
READERS = [sys.executable, "-m", "tests.fixtures.querycache_readers"]


@pytest.fixture
def cache(valkey: Valkey) -> Iterator[QueryCache]:
    one = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, lease=60)
    yield one
    one.clear_hash("a", "b")
    one.close()


@pytest.fixture
def asked(cache: QueryCache) -> Asked:
    return cache.asked("a", b"the query", 60)


def never() -> bytes:
    raise AssertionError("the database was asked")


def test_a_clear_in_the_middle_of_a_read_refuses_what_was_read_before_it(cache: QueryCache, asked: Asked) -> None:
    def load() -> bytes:
        cache.clear_hash("a")
        return ONE

    assert cache.fetch(asked, load) == ONE
    assert cache.counters.total["stale-refused"] == 1
    assert cache.fetch(asked, lambda: TWO) == TWO
    assert cache.fetch(asked, never) == TWO


def test_without_leases_the_same_race_leaves_the_old_answer(valkey: Valkey) -> None:
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, leases=False)
    asked = cache.asked("a", b"the query", 60)

    def load() -> bytes:
        cache.clear_hash("a")
        return ONE

    cache.fetch(asked, load)
    assert cache.fetch(asked, never) == ONE
    cache.clear_hash("a")
    cache.close()


def test_who_comes_after_a_clear_is_not_given_what_was_read_before_it(cache: QueryCache, asked: Asked) -> None:
    """The leader of the flight began before the clear; a reader after it must ask anew."""
    reading, go = threading.Event(), threading.Event()

    def slow() -> bytes:
        reading.set()
        go.wait()
        return ONE

    leader = threading.Thread(target=cache.fetch, args=(asked, slow))
    leader.start()
    reading.wait()
    cache.clear_hash("a")
    found: list[bytes | None] = []
    follower = threading.Thread(target=lambda: found.append(cache.fetch(asked, lambda: TWO)))
    follower.start()
    go.set()
    leader.join()
    follower.join()
    assert found == [TWO]
    assert cache.fetch(asked, never) == TWO


def test_who_comes_after_a_clear_is_not_given_what_the_leader_found(
    cache: QueryCache, asked: Asked, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The leader misses, another process fills, the leader finds that; then comes the clear, then a reader."""
    other = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE)
    read, take, join = cache.store.read, cache.store.take_lease, cache._flights.join
    joined = threading.Event()
    given: list[bytes | None] = []
    follower = threading.Thread(target=lambda: given.append(cache.fetch(asked, lambda: TWO)))

    def look_before_the_fill(*arguments: Any) -> Any:
        monkeypatch.setattr(cache.store, "read", read)
        held = read(*arguments)
        other.fetch(asked, lambda: ONE)
        return held

    def find_before_the_clear(*arguments: Any) -> Any:
        monkeypatch.setattr(cache.store, "take_lease", take)
        held = take(*arguments)
        cache.clear_hash("a")
        follower.start()
        joined.wait()
        return held

    def join_and_tell(what: Any) -> Any:
        flight, leads = join(what)
        if not leads:
            joined.set()
        return flight, leads

    monkeypatch.setattr(cache.store, "read", look_before_the_fill)
    monkeypatch.setattr(cache.store, "take_lease", find_before_the_clear)
    monkeypatch.setattr(cache._flights, "join", join_and_tell)
    assert cache.fetch(asked, never) == ONE
    follower.join()
    assert given == [TWO]
    other.close()


@pytest.mark.parametrize(("kind", "processes", "each"), [("threads", 1, 50), ("threads", 4, 25), ("greenlets", 1, 200)])
def test_a_stampede_is_one_query(valkey: Valkey, cache: QueryCache, kind: str, processes: int, each: int) -> None:
    command = [*READERS, redis_url(valkey.url), kind, str(each)]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
        for _ in range(processes)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("go\n")
        reader.stdin.flush()
    said = [reader.communicate()[0].strip() for reader in readers]
    assert sorted(said, reverse=True) == ["1 {}", *["0 {}"] * (processes - 1)]


def test_a_load_that_raises_gives_the_lease_back_and_keeps_its_error(cache: QueryCache, asked: Asked) -> None:
    def fail() -> bytes:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        cache.fetch(asked, fail)
    assert cache.fetch(asked, lambda: ONE) == ONE
    assert cache.counters.reasons == {}


def test_followers_of_a_leader_that_fails_ask_themselves(cache: QueryCache, asked: Asked) -> None:
    reading, go = threading.Event(), threading.Event()
    errors: list[str] = []

    def fail() -> bytes:
        reading.set()
        go.wait()
        raise LookupError("the leader's own")

    def lead() -> None:
        try:
            cache.fetch(asked, fail)
        except LookupError as error:
            errors.append(str(error))

    found: list[bytes | None] = []
    leader = threading.Thread(target=lead)
    leader.start()
    reading.wait()
    followers = [threading.Thread(target=lambda: found.append(cache.fetch(asked, lambda: TWO))) for _ in range(5)]
    for follower in followers:
        follower.start()
    go.set()
    for thread in (leader, *followers):
        thread.join()
    assert errors == ["the leader's own"]
    assert found == [TWO] * 5


def test_a_dead_leader_is_replaced_when_its_lease_ends(cache: QueryCache, asked: Asked, valkey: Valkey) -> None:
    other = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, lease=0.3)
    assert not isinstance(other.store.take_lease(asked.key, asked.field, 300), bytes)  # and never fills it
    assert cache.fetch(asked, lambda: ONE) == ONE
    assert cache.fetch(asked, never) == ONE
    other.close()


def test_who_waits_longer_than_a_lease_asks_uncached(cache: QueryCache, asked: Asked, valkey: Valkey) -> None:
    impatient = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, lease=0.1)
    cache.store.take_lease(asked.key, asked.field, 60_000)
    assert impatient.fetch(asked, lambda: ONE) == ONE
    assert impatient.counters.reasons == {"waited too long": 1}
    impatient.close()


def test_a_lease_that_ends_in_the_middle_of_a_fill_is_refused(cache: QueryCache, asked: Asked, valkey: Valkey) -> None:
    quick = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, lease=0.05)

    def slow() -> bytes:
        wait_until(lambda: quick.store.read(asked.key, asked.field)[0] is None)
        return ONE

    assert quick.fetch(asked, slow) == ONE
    assert quick.counters.total["stale-refused"] == 1
    quick.close()


@pytest.mark.parametrize("fields_expire", [True, False])
def test_every_key_has_an_end_and_other_owners_are_spared(valkey: Valkey, fields_expire: bool) -> None:
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, fields_expire=fields_expire)
    with redis.Redis.from_url(redis_url(valkey.url)) as client:
        for owner, ttl in (("a", 60.0), ("b", 0.05)):
            asked = cache.asked(owner, b"q", ttl)
            cache.fetch(asked, lambda: ONE)
            cache.fetch(cache.asked(owner, b"long", 600), lambda: ONE)
        ends: Any = client.hpttl(f"{PREFIX}:a", "q", "long") if fields_expire else [client.pttl(f"{PREFIX}:a")]
        assert all(end > 0 for end in ends)
        if fields_expire:
            assert 45_000 <= ends[0] <= 60_000 < ends[1]
        short = cache.asked("b", b"q", 60)
        wait_until(lambda: cache.fetch(short, lambda: TWO) == TWO)
        assert cache.fetch(cache.asked("b", b"long", 600), never) == ONE
        cache.clear_hash("b")
        assert client.exists(f"{PREFIX}:b") == 0
        assert cache.fetch(cache.asked("a", b"q", 60), never) == ONE
        cache.clear_hash("a")
    cache.close()


@pytest.mark.parametrize(
    "rubbish", [b"", b"rubbish", b"qc1 B 1 9999999999999 1 \n", b"qc1 Z 1 9999999999999 352441c2 \nabc", b"\xff" * 50]
)
def test_what_cannot_be_read_is_a_miss(cache: QueryCache, asked: Asked, rubbish: bytes, valkey: Valkey) -> None:
    with redis.Redis.from_url(redis_url(valkey.url)) as client:
        client.hset(asked.key, asked.field.decode(), rubbish.decode("latin1"))
        assert cache.fetch(asked, lambda: ONE) == ONE
        assert cache.fetch(asked, never) == ONE
        client.hset(asked.key, asked.field, client.hget(asked.key, asked.field)[:-1])
        assert cache.fetch(asked, lambda: TWO) == TWO
        client.delete(asked.key)
        client.set(asked.key, "a string")
        assert cache.fetch(asked, lambda: ONE) == ONE
        assert cache.fetch(asked, never) == ONE


def test_readers_and_writers_never_see_what_is_older_than_the_last_clear(valkey: Valkey, mongodb: MongoDB) -> None:
    """Real races: three writers count up and clear, three readers look; each notes what it may not see any more."""
    with desk(valkey.url, mongodb.url) as found:
        Post.drop_collection()
        post = Post(user="a", n=0).save()
        known, stale, over = [0], [], threading.Event()
        lock = threading.Lock()

        def write() -> None:
            for _ in range(60):
                with lock:
                    Post.objects(id=post.id).update_one(inc__n=1)
                    known[0] += 1

        def read() -> None:
            while not over.is_set():
                least = known[0]
                seen = Post.objects(user="a").cache("a").first().n
                if seen < least:
                    stale.append((seen, least))

        threads = [threading.Thread(target=work) for work in (write, write, write, read, read, read)]
        for thread in threads:
            thread.start()
        for thread in threads[:3]:
            thread.join()
        over.set()
        for thread in threads[3:]:
            thread.join()
        assert stale == []
        assert Post.objects(user="a").cache("a").first().n == 180
        assert found.outcome("hit") + found.outcome("wait") > 0


def test_a_lease_is_never_given_as_a_result(cache: QueryCache, asked: Asked) -> None:
    lease = cache.store.take_lease(asked.key, asked.field, 60_000)
    held, _ = cache.store.read(asked.key, asked.field)
    assert held is not None
    assert held.startswith(LEASE)
    assert not isinstance(lease, bytes)
    cache.store.give_back(asked.key, asked.field, lease)
    assert cache.store.read(asked.key, asked.field)[0] is None
