"""Collection mode: stamps."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from dashboard.embedded import Valkey
from labs.querycache import QueryCache
from tests.querycache import PATIENCE, PREFIX, redis_url

ONE, TWO = (bytes([12, 0, 0, 0, 16, 97, 0, n, 0, 0, 0, 0]) for n in (1, 2))


def never() -> bytes:
    raise AssertionError("the database was asked")


def test_who_comes_after_a_write_is_not_given_what_was_read_before_it(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The leader read before the write, the other reader joins it after the write."""
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, lease=60, by_collection=True)
    asked = cache.asked("a", b"q", 60, ["x/lab.posts", "x/lab.authors"])
    reading, go, joined = threading.Event(), threading.Event(), threading.Event()
    join = cache._flights.join
    given: list[bytes | None] = []

    def slow() -> bytes:
        reading.set()
        go.wait()
        return ONE

    def join_and_tell(what: Any) -> Any:
        flight, leads = join(what)
        if not leads:
            joined.set()
        return flight, leads

    monkeypatch.setattr(cache._flights, "join", join_and_tell)
    leader = threading.Thread(target=cache.fetch, args=(asked, slow))
    leader.start()
    reading.wait()
    cache.touch(["x/lab.posts"])
    follower = threading.Thread(target=lambda: given.append(cache.fetch(asked, lambda: TWO)))
    follower.start()
    joined.wait()
    go.set()
    leader.join()
    follower.join()
    assert given == [TWO]
    assert cache.counters.total["stale-refused"] == 1
    assert cache.fetch(asked, never) == TWO
    cache.clear_hash("a")
    cache.touch(["x/lab.posts", "x/lab.authors"])
    cache.close()
