"""What a listener makes of the driver's events, as the driver gives them: not every server has transactions."""

from __future__ import annotations

from typing import Any

import pytest

from labs.querycache import stamps
from labs.querycache.stamps import StampListener


class Event:
    database_name = "db"

    def __init__(self, name: str, request: int, transaction: int | None = 1, target: str = "a") -> None:
        self.command_name, self.request_id = name, request
        self.command: dict[str, Any] = {name: target}
        if transaction is not None:
            self.command |= {"lsid": {"id": b"s"}, "txnNumber": transaction, "autocommit": False}


class Cache:
    def __init__(self) -> None:
        self.touched: list[str] = []

    def touch(self, names: set[str]) -> None:
        self.touched += sorted(names)

    def clear_all(self) -> None:
        self.touched.append("all")


@pytest.fixture
def cache() -> Cache:
    return Cache()


@pytest.fixture
def listener(cache: Cache) -> Any:
    """Any: the events are ours."""
    one = StampListener()
    one._cache, one._seeds = cache, "x"  # type: ignore[assignment]
    return one


@pytest.mark.parametrize(("end", "over"), [("commitTransaction", ["x/db.a"]), ("abortTransaction", [])])
def test_a_transaction_counts_when_it_is_committed(listener: Any, cache: Cache, end: str, over: list[str]) -> None:
    listener.started(Event("insert", 1))
    listener.succeeded(Event("insert", 1))
    assert cache.touched == []
    listener.started(Event(end, 2))
    listener.succeeded(Event(end, 2))
    assert cache.touched == over
    assert (listener._open, listener._transactions, listener._ends) == ({}, {}, {})


def test_a_commit_that_is_sent_again_counts_when_it_succeeds(listener: Any, cache: Cache) -> None:
    """Between the two a reader may have kept what was true before."""
    listener.started(Event("insert", 1))
    listener.succeeded(Event("insert", 1))
    listener.started(Event("commitTransaction", 2))
    listener.failed(Event("commitTransaction", 2))
    assert cache.touched == ["x/db.a"]
    listener.started(Event("commitTransaction", 3))
    listener.succeeded(Event("commitTransaction", 3))
    assert cache.touched == ["x/db.a", "x/db.a"]
    assert (listener._open, listener._transactions, listener._ends) == ({}, {}, {})


def test_a_write_that_fails_may_have_written(listener: Any, cache: Cache) -> None:
    listener.started(Event("insert", 1, None))
    listener.failed(Event("insert", 1, None))
    assert cache.touched == ["x/db.a"]


def test_a_dropped_database_ends_everything(listener: Any, cache: Cache) -> None:
    listener.started(Event("dropDatabase", 1, None))
    listener.succeeded(Event("dropDatabase", 1, None))
    assert cache.touched == ["all"]


def test_what_never_ends_is_taken_for_written_and_not_kept_for_ever(
    listener: Any, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "OPEN_MOST", 3)
    for number in range(5):
        listener.started(Event("insert", number, None, f"open{number}"))
        listener.started(Event("insert", 10 + number, number, f"in{number}"))
        listener.started(Event("commitTransaction", 20 + number, number))
    assert cache.touched == ["x/db.open0", "x/db.in0", "x/db.open1", "x/db.in1"]
    assert [len(kept) for kept in (listener._open, listener._transactions, listener._ends)] == [3, 3, 3]
