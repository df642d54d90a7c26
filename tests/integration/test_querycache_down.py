"""Redis away: reads go on, nobody waits long, and no clear is forgotten."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gevent
import pytest

from dashboard.embedded import Valkey
from dashboard.embedded.ports import free_port
from labs.querycache import QueryCache, lines, owed
from labs.querycache.breaker import Breaker
from labs.querycache.cache import Asked
from labs.querycache.lines import KEPT
from labs.querycache.store import CONNECTIONS
from tests.querycache import PATIENCE, PREFIX, redis_url
from tests.waiting import wait_until

ONE, TWO = (bytes([12, 0, 0, 0, 16, 97, 0, n, 0, 0, 0, 0]) for n in (1, 2))


def never() -> bytes:
    raise AssertionError("the database was asked")


@contextmanager
def cached(url: str, patience: float = PATIENCE) -> Iterator[tuple[QueryCache, Asked]]:
    cache = QueryCache(url, prefix=PREFIX, patience=patience)
    cache.store.breaker = Breaker(first=0.05, longest=0.2)
    try:
        yield cache, cache.asked("a", b"q", 60)
    finally:
        cache.close()


def test_a_refused_port_is_asked_once_and_then_left_alone() -> None:
    cache = QueryCache(f"redis://127.0.0.1:{free_port()}/9", prefix=PREFIX)
    cache.store.breaker = Breaker(clock=lambda: 0.0)
    asked = cache.asked("a", b"q", 60)
    for _ in range(20):
        assert cache.fetch(asked, lambda: ONE) == ONE
    assert cache.counters.reasons["redis down"] == 1
    assert cache.counters.reasons["breaker open"] == 19
    cache.close()


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as hole,
        cached(f"redis://127.0.0.1:{hole.getsockname()[1]}/9", patience=0.1) as (cache, asked),
    ):
        for _ in range(5):
            assert cache.fetch(asked, lambda: ONE) == ONE
        assert cache.counters.reasons["redis down"] >= 1
        assert not cache.store.breaker.closed


def test_dying_between_lease_and_commit_still_gives_the_answer(tmp_path: Path) -> None:
    with Valkey(tmp_path / "valkey", tmp_path / "log") as server, cached(redis_url(server.url)) as (cache, asked):

        def load() -> bytes:
            server.stop()
            return ONE

        assert cache.fetch(asked, load) == ONE
        assert cache.counters.total["error"] == 1
        assert cache.fetch(asked, lambda: TWO) == TWO


def test_a_clear_while_redis_is_away_is_made_good_before_the_cache_is_trusted(tmp_path: Path) -> None:
    """The data survives the restart, so what was not cleared would still be there."""
    with Valkey(tmp_path / "valkey", tmp_path / "log") as server, cached(redis_url(server.url)) as (cache, asked):
        other = cache.asked("b", b"q", 60)
        assert cache.fetch(asked, lambda: ONE) == ONE
        assert cache.fetch(other, lambda: ONE) == ONE
        server.stop()
        cache.clear_hash("a")
        assert f"{PREFIX}:a" in cache.store.owed
        server.start()
        server.wait()
        wait_until(lambda: cache.fetch(asked, lambda: TWO) == TWO and not cache.store.owed)
        assert cache.fetch(asked, lambda: TWO) == TWO
        assert cache.fetch(other, never) == ONE
        assert cache.store.breaker.closed


def test_being_busy_ourselves_does_not_open_the_breaker(valkey: Valkey) -> None:
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=1)
    asked = cache.asked("a", b"q", 60)
    lent = [cache.store._pool.get_connection() for _ in range(CONNECTIONS + KEPT)]
    assert cache.fetch(asked, lambda: ONE) == ONE
    assert cache.counters.reasons == {"pool exhausted": 1}
    cache.clear_hash("a")
    assert f"{PREFIX}:a" in cache.store.owed
    for connection in lent:
        cache.store._pool.release(connection)  # type: ignore[no-untyped-call]
    assert cache.store.breaker.closed
    assert cache.fetch(asked, lambda: TWO) == TWO
    assert not cache.store.owed
    cache.clear_hash("a")
    cache.close()


def test_clears_that_wait_for_each_other_do_not_open_the_breaker(valkey: Valkey) -> None:
    """One takes long, the other ones give up waiting for it. Redis is well."""
    with cached(redis_url(valkey.url), patience=0.5) as (cache, asked):
        assert cache.fetch(asked, lambda: ONE) == ONE
        sending, wanted = cache.store.owed._sending, threading.Semaphore(0)

        class Door:
            release = sending.release

            def acquire(self, timeout: float) -> bool:
                wanted.release()
                return sending.acquire(timeout=timeout)

        cache.store.owed._sending = Door()  # type: ignore[assignment]
        sending.acquire()
        clears = [threading.Thread(target=cache.clear_hash, args=(n,)) for n in range(3)]
        for clear in clears:
            clear.start()
            wanted.acquire()
        for clear in clears:
            clear.join()
        sending.release()
        assert cache.store.breaker.closed
        assert cache.fetch(asked, never) == ONE
        assert not cache.store.owed
        cache.clear_hash("a")


def test_more_clears_than_can_be_remembered_drop_everything_of_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "OWED_MOST", 10)
    with Valkey(tmp_path / "valkey", tmp_path / "log") as server, cached(redis_url(server.url)) as (cache, asked):
        cache.store._redis.set("another program's", "value")
        assert cache.fetch(asked, lambda: ONE) == ONE
        server.stop()
        for number in range(11):
            cache.clear_hash(number)
        server.start()
        server.wait()
        wait_until(lambda: cache.fetch(asked, lambda: TWO) == TWO and not cache.store.owed)
        assert cache.store._redis.get("another program's") == b"value"
        assert cache.store.breaker.closed


@pytest.mark.parametrize("interrupt", [gevent.Timeout, KeyboardInterrupt, RuntimeError])
def test_an_interrupted_try_does_not_keep_others_from_trying(
    valkey: Valkey, interrupt: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    with cached(redis_url(valkey.url)) as (cache, asked):
        now = [0.0]
        cache.store.breaker = Breaker(clock=lambda: now[0])
        cache.store.breaker.failed()
        now[0] = 2.0

        def interrupted(*_: object) -> None:
            raise interrupt

        with monkeypatch.context() as patch:
            patch.setattr(cache.store._lines, "ask", interrupted)
            with pytest.raises(interrupt):
                cache.fetch(asked, lambda: ONE)
        assert cache.fetch(asked, lambda: ONE) == ONE
        assert cache.store.breaker.closed
        assert cache.fetch(asked, never) == ONE
        cache.clear_hash("a")


def test_who_is_hung_up_on_asks_again(valkey: Valkey) -> None:
    """Open connections are not looked at before they are used."""
    with cached(redis_url(valkey.url)) as (cache, asked):
        assert cache.fetch(asked, lambda: ONE) == ONE
        readers = [threading.Thread(target=cache.fetch, args=(asked, never)) for _ in range(8)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        cache.store._redis.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        assert cache.fetch(asked, never) == ONE
        assert cache.counters.total["bypass"] == cache.counters.total["error"] == 0
        assert cache.store.breaker.closed
        cache.clear_hash("a")


def test_no_reply_is_left_for_the_next_question(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted while it waits, and answered with an error before another reply: each gets its own."""
    with cached(redis_url(valkey.url)) as (cache, asked):
        redis, other = cache.store._redis, cache.asked("b", b"q", 60)
        assert cache.fetch(asked, lambda: ONE) == ONE
        assert cache.fetch(other, lambda: TWO) == TWO
        with monkeypatch.context() as patch:
            patch.setattr(lines, "_reply", lambda line: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                cache.store.read(asked.key, asked.field)
        assert cache.fetch(other, never) == TWO
        redis.set(f"{PREFIX}:text", "no hash")
        assert cache.store.read(f"{PREFIX}:text", b"q", (f"{PREFIX}:text",)) == (None, None)
        assert cache.fetch(other, never) == TWO
        assert cache.fetch(asked, never) == ONE
        redis.delete(f"{PREFIX}:text")
        cache.clear_hash("a", "b")


class TestBreaker:
    """With a clock of its own."""

    def make(self) -> tuple[Breaker, list[float]]:
        now = [0.0]
        return Breaker(clock=lambda: now[0]), now

    def test_waits_longer_each_time_up_to_a_bound(self) -> None:
        breaker, now = self.make()
        waits = []
        for _ in range(8):
            assert breaker.allows()
            breaker.failed()
            begun = now[0]
            while not breaker.allows():
                now[0] += 0.5
            breaker.undecided()
            waits.append(now[0] - begun)
        assert waits == [1, 2, 4, 8, 16, 30, 30, 30]

    def test_one_alone_tries(self) -> None:
        breaker, now = self.make()
        breaker.failed()
        now[0] = 1.5
        assert [breaker.allows() for _ in range(3)] == [True, False, False]
        breaker.succeeded()
        assert breaker.closed
        assert breaker.allows()

    @pytest.mark.parametrize("say", [Breaker.failed, Breaker.undecided])
    def test_who_asked_before_it_opened_does_not_end_the_try_of_another(self, say: Callable[[Breaker], None]) -> None:
        breaker, now = self.make()
        breaker.failed()
        now[0] = 1.5
        assert breaker.allows()
        late = threading.Thread(target=say, args=(breaker,))
        late.start()
        late.join()
        now[0] = 4.0
        assert not breaker.allows()
        breaker.failed()
        now[0] = 5.9
        assert not breaker.allows()
        now[0] = 6.1
        assert breaker.allows()

    @pytest.mark.parametrize("count", [2, 20])
    def test_many_failures_at_once_count_as_one(self, count: int) -> None:
        breaker, now = self.make()
        threads = [threading.Thread(target=breaker.failed) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        now[0] = 1.01
        assert breaker.allows()
