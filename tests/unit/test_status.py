"""Busy or quiet: how the header's word for the machine is measured."""

from __future__ import annotations

from dashboard.status import CpuWatch
from labs.sdk.host import CpuTime


class Machine:
    """One CPU with a clock; `work` and `rest` let time pass on it."""

    def __init__(self) -> None:
        self.at = self.idle = 0.0

    def work(self, seconds: float) -> None:
        self.at += seconds

    def rest(self, seconds: float) -> None:
        self.at += seconds
        self.idle += seconds

    def watch(self) -> CpuWatch:
        return CpuWatch(lambda: self.at, lambda: CpuTime(self.idle, self.at))


def test_the_share_is_that_since_the_last_question() -> None:
    machine = Machine()
    watch = machine.watch()
    machine.work(3)
    assert watch.share() == 1
    machine.work(1)
    machine.rest(3)
    assert watch.share() == 0.25


def test_a_moment_says_nothing_and_takes_nothing_away() -> None:
    machine = Machine()
    watch = machine.watch()
    assert watch.share() is None
    machine.work(0.4)
    assert watch.share() is None
    machine.rest(0.4)
    assert watch.share() == 0.5
    machine.work(0.1)
    assert watch.share() == 0.5


def test_what_was_long_ago_is_not_now() -> None:
    machine = Machine()
    watch = machine.watch()
    machine.rest(3600)
    assert watch.share() is None
    machine.work(2)
    assert watch.share() == 1
