"""Which worker is which, and how long to wait before starting again."""

from __future__ import annotations

import pytest

from labs.processes.backoff import LONGEST_SECONDS, Backoff
from labs.processes.lab import ProcessesParams, plan
from labs.processes.slots import Slots
from labs.sdk.host import usable_cpus
from labs.sdk.params import ParamsError


def cluster(*pids: int) -> Slots:
    slots = Slots()
    slots.expect(len(pids))
    for n, pid in enumerate(pids):
        slots.born(pid, float(n)).status = "online"
    return slots


def places(slots: Slots) -> list[tuple[int, int | None, int]]:
    return [(slot.number, slot.pid, slot.restarts) for slot in slots]


def test_a_killed_worker_is_replaced_in_its_place() -> None:
    slots = cluster(11, 12)
    assert slots.gone(11) is not None
    assert places(slots) == [(1, None, 0), (2, 12, 0)]
    slots.born(13, 5.0)
    assert places(slots) == [(1, 13, 1), (2, 12, 0)]


def test_a_reload_replaces_the_oldest_first_while_the_old_ones_still_answer() -> None:
    slots = cluster(11, 12)
    slots.reload(2)
    assert slots.born(13, 5.0).former == {11: 0.0}
    slots.born(14, 5.1)
    assert places(slots) == [(1, 13, 1), (2, 14, 1)]
    assert not slots.settled
    for slot in slots:
        slot.status = "online"
    assert slots.gone(11) is None
    assert not slots.settled
    slots.gone(12)
    assert slots.settled


def test_a_reload_forgets_workers_that_were_added_by_hand() -> None:
    slots = cluster(11, 12, 13)
    slots.reload(2)
    slots.born(14, 5.0)
    slots.born(15, 5.1)
    for pid in (11, 12, 13):
        slots.gone(pid)
    assert places(slots) == [(1, 14, 1), (2, 15, 1)]


def test_a_reload_whose_first_successor_cannot_start_leaves_everybody_in_place() -> None:
    slots = cluster(11, 12)
    slots.reload(2)
    slots.born(13, 5.0)
    assert slots.failed(13) is None
    assert places(slots) == [(1, 11, 0), (2, 12, 0)]
    assert [slot.born for slot in slots] == [0.0, 1.0]
    assert slots.settled
    slots.gone(12)
    slots.born(14, 6.0)
    assert places(slots) == [(1, 11, 0), (2, 14, 1)]


def test_a_reload_is_not_over_while_the_news_of_a_kill_are_awaited() -> None:
    slots = cluster(11)
    slots.reload(1)
    slots.born(12, 5.0).status = "gone"
    slots.gone(11)
    assert (slots.steady, slots.settled) == (True, False)
    slots.gone(12)
    slots.born(13, 6.0).status = "online"
    assert slots.settled


def test_scaling_uses_the_first_free_number_and_starts_counting_anew() -> None:
    slots = cluster(11, 12)
    slots.shrink()
    slots.gone(11)
    assert places(slots) == [(2, 12, 0)]
    assert slots.find(1) is None
    slots.grow()
    slots.born(13, 5.0)
    slots.grow()
    slots.born(14, 6.0)
    assert places(slots) == [(1, 13, 0), (2, 12, 0), (3, 14, 0)]


def test_the_first_of_all_is_one_that_serves_if_there_is_one() -> None:
    """The guided tour with one worker: it asks for a leak while the one before still answers what it has taken."""
    slots = cluster(11)
    slots.grow()
    slots.born(12, 5.0).status = "online"
    slots.shrink()
    serving = slots.find(0)
    slots.gone(12)
    left = slots.find(0)
    assert serving is not None
    assert left is not None
    assert (serving.number, left.number) == (2, 1)


def test_the_oldest_goes_and_not_whoever_ends_first() -> None:
    slots = cluster(11, 12)
    slots.shrink()
    slots.gone(12)
    assert places(slots) == [(1, 11, 0), (2, None, 0)]
    slots.gone(11)
    slots.born(13, 5.0)
    assert places(slots) == [(2, 13, 1)]


def test_the_oldest_is_who_was_forked_first_not_who_said_so_first() -> None:
    slots = Slots()
    slots.expect(2)
    slots.born(12, 0.0, age=2)
    slots.born(11, 0.1, age=1)
    slots.shrink()
    assert [slot.pid for slot in slots if slot.leaving] == [11]


def test_who_was_thought_to_go_and_stays_gives_its_place_to_nobody() -> None:
    """The oldest was dead already, which nobody had heard: its successor came, and another one went."""
    slots = cluster(11, 12)
    slots.shrink()
    slots.gone(11)
    slots.born(13, 5.0)
    assert not slots.steady
    slots.gone(12)
    assert places(slots) == [(1, 13, 0)]
    assert slots.steady


def test_a_reload_is_over_when_as_many_live_as_are_wanted_though_an_old_one_stayed() -> None:
    """gunicorn told a worker to go that was too young to hear it; a new one was killed, and so the old one stayed."""
    slots = cluster(11, 12)
    slots.reload(2)
    slots.born(13, 5.0)
    slots.born(14, 5.1)
    slots.gone(12)
    slots.calm()
    assert not slots.steady
    slots.gone(13)
    for slot in slots:
        slot.status = "online"
    too_soon = slots.settled
    slots.calm()
    assert (too_soon, slots.settled) == (False, True)
    assert {slot.pid for slot in slots} == {11, 14}


def test_who_was_to_go_stays_when_another_one_has_ended() -> None:
    slots = cluster(11, 12)
    slots.shrink()
    slots.gone(12)
    assert places(slots) == [(1, 11, 0), (2, None, 0)]
    slots.calm()
    assert places(slots) == [(1, 11, 0)]
    assert slots.settled
    slots.gone(11)
    slots.born(13, 5.0)
    assert places(slots) == [(1, 13, 1)]


def test_what_waits_for_another_try_is_not_taken_by_somebody_else() -> None:
    slots = cluster(11, 12)
    slots.gone(11)
    one = slots.born(13, 4.0)
    assert slots.failed(13) is one
    one.waits = True
    slots.grow()
    slots.born(14, 5.0)
    assert places(slots) == [(1, None, 1), (2, 12, 0), (3, 14, 0)]
    assert slots.steady


def test_a_server_that_starts_anew_expects_its_first_size() -> None:
    slots = cluster(11, 12, 13)
    slots.expect(2)
    assert places(slots) == [(1, None, 0), (2, None, 0)]
    slots.born(21, 9.0)
    slots.born(22, 9.1)
    assert places(slots) == [(1, 21, 1), (2, 22, 1)]


def test_news_of_strangers_change_nothing() -> None:
    slots = cluster(11)
    assert slots.gone(99) is None
    assert slots.of(99) is None
    assert slots.find(7) is None
    found = slots.find(0)
    assert found is not None
    assert found.pid == 11


def test_back_off_doubles_to_a_limit_and_forgets_after_a_good_time() -> None:
    backoff = Backoff()
    assert [backoff.after(0.1) for _ in range(7)] == [0.25, 0.5, 1.0, 2.0, 4.0, LONGEST_SECONDS, LONGEST_SECONDS]
    assert backoff.after(60.0) == 0.25


def test_auto_is_one_worker_for_each_usable_cpu() -> None:
    settings = plan(ProcessesParams.read({}))[0].settings
    assert settings["workers"] == min(16, usable_cpus())
    assert plan(ProcessesParams.read({"workers": 16}))[0].settings["workers"] == 16


def test_auto_on_a_large_machine_is_as_many_as_the_help_says(monkeypatch: pytest.MonkeyPatch) -> None:
    field = ProcessesParams.model_json_schema()["properties"]["workers"]
    for cpus, workers in ((1, 1), (12, 12), (96, field["maximum"])):
        monkeypatch.setattr("labs.processes.lab.usable_cpus", lambda cpus=cpus: cpus)
        assert plan(ProcessesParams.read({}))[0].settings["workers"] == workers
    assert "at most 16" in field["description"]


def test_a_run_that_would_take_too_long_is_refused_in_words() -> None:
    with pytest.raises(ParamsError, match="would take 600 s in all"):
        ProcessesParams.read({"seconds": 120, "repeats": 5})
