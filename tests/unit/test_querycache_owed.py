"""Clears that are owed to Redis: none is lost, none is sent twice."""

from __future__ import annotations

import threading

import pytest
from redis.exceptions import ConnectionError

from labs.querycache import owed as owed_module
from labs.querycache.owed import EVERYTHING, NotPaid, Owed
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
        except NotPaid:
            told.append("refused")
        except ConnectionError:
            told.append("gone")

    owed.add(["a"])
    threads = [threading.Thread(target=pay) for _ in range(9)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(door.wanted) == 9)
    go.set()
    for thread in threads:
        thread.join()
    assert sorted(told) == (["gone", *8 * ["refused"]] if fails else 9 * ["paid"])
    assert sent == [["a"]]
    assert bool(owed) is fails


def test_nobody_waits_for_ever_for_one_that_hangs() -> None:
    owed = Owed()
    owed.add(["a"])

    def send(keys: list[str]) -> None:
        with pytest.raises(NotPaid, match="not through"):
            owed.pay(lambda keys: None, 0.01)

    owed.pay(send, LONG)
    assert not owed


def test_who_waited_is_not_refused_when_its_clear_was_sent_meanwhile() -> None:
    """One fails while another waits, a third one sends all, and only then the waiting one gets its turn."""
    owed = Owed()

    class Turn:
        """Opens when somebody else has failed, and another one after that has sent."""

        def acquire(self, timeout: float) -> bool:
            owed._sending = threading.Lock()
            with pytest.raises(ConnectionError, match="gone"):
                owed.pay(fail, timeout)
            owed.pay(lambda keys: None, timeout)
            return owed._sending.acquire(timeout=timeout)

    def fail(keys: list[str]) -> None:
        raise ConnectionError("gone")

    owed.add(["a"])
    owed._sending = Turn()  # type: ignore[assignment]
    owed.pay(lambda keys: pytest.fail("it was sent already"), LONG)
    assert not owed


def test_very_many_clears_are_remembered_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owed_module, "OWED_MOST", 3)
    owed, sent = Owed(), list[list[str]]()
    owed.add(["a", "b", "c"])
    assert "d" not in owed
    owed.add(["d"])
    assert "d" in owed
    assert len(owed._all) == 1

    def send(keys: list[str]) -> None:
        sent.append(keys)
        if len(sent) == 1:
            owed.add(["e"])

    owed.pay(send, LONG)
    assert "a" in owed
    owed.pay(send, LONG)
    assert sent == 2 * [[EVERYTHING]]
    assert not owed


def test_a_forked_child_owes_what_its_parent_did_and_can_send_it() -> None:
    owed, sent = Owed(), list[list[str]]()
    owed.add(["a"])
    owed._lock.acquire()
    owed._sending.acquire()
    owed.renew()  # as after a fork while another thread was sending
    owed.add(["b"])
    owed.pay(sent.append, 0.01)
    assert [sorted(keys) for keys in sent] == [["a", "b"]]
