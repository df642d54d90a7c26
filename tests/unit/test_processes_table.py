"""The table's numbers: over a time that is long enough, and never of somebody else."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from labs.processes.slots import Slots
from labs.processes.table import Table
from labs.processes.visitors import Visitors
from labs.sdk.events import Event
from tests.managed import Kept


@pytest.fixture
def told() -> Iterator[Kept]:
    kept = Kept()
    yield kept
    kept.finish()


class Looked:
    """This very process as the only worker."""

    def __init__(self, told: Kept) -> None:
        self._told = told
        self.visitors, self.slots = Visitors(told, 0.1), Slots()
        self.slots.expect(1)
        self.slots.born(os.getpid(), 0.0)
        self._table = Table(told, self.slots, self.visitors)

    def served(self, requests: int) -> None:
        for _ in range(requests):
            self.visitors.ended({"due": 0.0, "done": 0.0, "error": None, "headers": {"x-worker": str(os.getpid())}})

    def row(self, *, measure: bool) -> Event:
        self._table.look(None, "online", 0.0, 0, measure=measure)
        return [event for event in self._told.events if event["e"] == "process" and event["id"] == "worker 1"][-1]


def test_what_is_over_a_time_is_not_told_after_one_look(told: Kept) -> None:
    looked = Looked(told)
    assert looked.row(measure=False)["memory"] is None
    row = looked.row(measure=True)
    assert (row["cpu"], row["rate"]) == (None, None)
    assert row["memory"] > 1


def test_a_look_after_an_act_says_who_is_there_and_leaves_the_numbers(told: Kept) -> None:
    looked = Looked(told)
    looked.row(measure=True)
    looked.served(3)
    before = looked.row(measure=True)
    assert before["rate"] > 0
    looked.served(100)
    looked.slots.find(0).status = "stopping"  # type: ignore[union-attr]
    after = looked.row(measure=False)
    assert (after["rate"], after["cpu"]) == (before["rate"], before["cpu"])
    assert after["status"] == "stopping"
    assert looked.row(measure=True)["rate"] > 0


def test_a_new_process_starts_without_the_numbers_of_the_one_before(told: Kept) -> None:
    looked = Looked(told)
    looked.served(50)
    looked.row(measure=True)
    looked.row(measure=True)
    looked.slots.gone(os.getpid())
    assert looked.row(measure=True)["rate"] is None
    looked.slots.born(os.getpid(), 1.0)
    row = looked.row(measure=True)
    assert (row["rate"], row["cpu"], row["restarts"]) == (None, None, 1)
