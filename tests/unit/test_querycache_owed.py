"""Clears that are owed to Redis: none is lost, none is sent twice."""

from __future__ import annotations

import threading

import pytest
from redis.exceptions import ConnectionError

from labs.querycache.owed import Owed
from tests.waiting import wait_until

LONG = 60.0


def test_all_that_is_owed_is_sent_once() -> None:
    owed, sent = Owed(), list[list[str]]()
    owed.add(["a", "b"])
    owed.add(["b", "c"])
    owed.pay(sent.append, LONG)
    owed.pay(sent.append, LONG)
    assert [sorted(keys) for keys in sent] == [["a", "b", "c"]]
    assert not owed


def test_a_clear_during_the_sending_of_another_one_is_not_taken_for_it() -> None:
    """The server may have dropped the key before the second write: what was filled in between is old."""
    owed, sent = Owed(), list[list[str]]()

    def send(keys: list[str]) -> None:
        sent.append(keys)
        if len(sent) == 1:
            owed.add(["a"])

    owed.add(["a", "b"])
    owed.pay(send, LONG)
    assert "a" in owed
    assert "b" not in owed
    owed.pay(send, LONG)
    assert [sorted(keys) for keys in sent] == [["a", "b"], ["a"]]
    assert not owed


def test_what_could_not_be_sent_stays_owed() -> None:
    owed = Owed()
    owed.add(["a"])

    def fail(keys: list[str]) -> None:
        raise OSError(f"{keys} were not sent")

    with pytest.raises(OSError, match="not sent"):
        owed.pay(fail, LONG)
    assert "a" in owed


class Door:
    """A lock that counts who wants it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.wanted: list[float] = []
        self.release = self._lock.release

    def acquire(self, timeout: float) -> bool:
        self.wanted.append(timeout)
        return self._lock.acquire(timeout=timeout)


@pytest.mark.parametrize("fails", [False, True])
def test_others_wait_for_the_one_that_sends_and_share_its_fate(fails: bool) -> None:
    """A server that is away costs one time-out, not one for each reader."""
    owed, sent, told = Owed(), list[list[str]](), list[str]()
    door, go = Door(), threading.Event()
    owed._sending = door  # type: ignore[assignment]

    def send(keys: list[str]) -> None:
        sent.append(keys)
        assert go.wait(LONG)
        if fails:
            raise ConnectionError("gone")

    def pay() -> None:
        try:
            owed.pay(send, LONG)
            told.append("paid")
        except ConnectionError:
            told.append("refused")

    owed.add(["a"])
    threads = [threading.Thread(target=pay) for _ in range(9)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(door.wanted) == 9)
    go.set()
    for thread in threads:
        thread.join()
    assert told == 9 * ["refused" if fails else "paid"]
    assert sent == [["a"]]
    assert bool(owed) is fails


def test_nobody_waits_for_ever_for_one_that_hangs() -> None:
    owed = Owed()
    owed.add(["a"])

    def send(keys: list[str]) -> None:
        with pytest.raises(ConnectionError, match="not through"):
            owed.pay(lambda keys: None, 0.01)

    owed.pay(send, LONG)
    assert not owed
