"""Findings of the blocked-loop lab: right on any machine, and silent where the run does not show it."""

from __future__ import annotations

from typing import Any

import pytest

from labs.blocked_loop.act import Act
from labs.blocked_loop.findings import findings
from labs.sdk.recording import Recording
from tests.server_streams import params, server
from tests.streams import cards, recorded, run

RECORDED = [
    "blocked-2-cpus",
    "blocked-1-cpu",
    "blocked-busy-neighbour",
    "blocked-hash-2-cpus",
    "blocked-runtimes-2-cpus",
]
ALL = ("loop", "slices", "thread", "process")


def served(
    *, cpus: int = 2, quiet: bool = True, ways: tuple[str, ...] = ("loop", "thread"), work: str = "count",
    each: tuple[dict[str, Any], ...] = ({}, {}, {}), runtimes: tuple[str, ...] = ("asyncio",), **shape: Any,
) -> Recording:  # fmt: skip
    """A run; `each` changes the shape of single repeats."""
    parts = [
        server(f"{runtime}-{n}", ways, runtime=runtime, repeat=n, **{**shape, **more})
        for n, more in enumerate(each, 1)
        for runtime in runtimes
    ]
    return run(parts, cpus=cpus, quiet=quiet, **params(runtimes, ways=list(ways), work=work, repeats=len(each)))


@pytest.mark.parametrize("cpus", [1, 2, 16])
@pytest.mark.parametrize("unit", [0.5, 2.0, 10.0])
def test_work_on_the_loop_keeps_everybody_waiting(cpus: int, unit: float) -> None:
    found = cards(findings(served(cpus=cpus, unit=unit)))
    card = found["blocked"]
    assert card["verdict"] == "yes"
    assert "None was answered before the work ended" in card["text"]
    assert card["cites"][0] == {"part": "asyncio-1", "id": "work loop"}
    assert card["cites"][1]["id"].startswith("/fast ")
    assert found["answer"]["answer"] == "loop"
    assert (found["free-asyncio"]["verdict"], found["free-asyncio"]["headline"]) == ("yes", "Free: in a thread")


def test_a_loop_that_goes_on_is_not_called_blocked() -> None:
    found = cards(findings(served(blocks=False, lags={"thread": 0.0003}, waits={"thread": 0.002})))
    assert (found["blocked"]["verdict"], found["blocked"]["headline"]) == ("no", "Not blocked")
    assert found["free-asyncio"]["verdict"] == "no"
    assert found["answer"]["answer"] == "little"


def test_repeats_that_disagree_are_not_explained() -> None:
    found = cards(findings(served(each=({}, {"blocks": False}, {}))))
    assert found["blocked"]["verdict"] == "cannot-tell"
    assert found["answer"]["answer"] == "cannot-tell"
    assert found["free-asyncio"]["verdict"] == "cannot-tell"
    assert "On the loop it was neither free in every repeat nor blocked" in found["free-asyncio"]["text"]


def test_the_slowest_request_is_the_one_that_was_asked_first() -> None:
    act = Act(served(unit=2.0).parts["asyncio-1"], "loop")
    assert act.slowest is not None
    assert act.slowest.queued == min(s.queued or 0.0 for s in act.fast)
    assert act.held_by_the_loop > 0.95
    assert act.wait == pytest.approx(2.0, abs=0.06)
    assert act.calm.wait == pytest.approx(0.002)


def test_short_slices_let_requests_through() -> None:
    card = cards(findings(served(ways=("slices",), slices=100)))["slices"]
    assert card["verdict"] == "yes"
    assert "one turn of the loop is not enough" in card["text"]


def test_a_request_that_needs_one_turn_is_not_said_to_need_several() -> None:
    recording = served(ways=("slices",), slices=10, rate=7)
    for part in recording.parts.values():
        for span in part.spans.values():
            if span.lane == "/fast" and span.queued is not None:
                span.end = span.begin = span.queued + 0.05
    assert "one turn of the loop is not enough" not in cards(findings(recording))["slices"]["text"]


def test_slices_as_long_as_the_work_do_not_help() -> None:
    card = cards(findings(served(ways=("slices",), slices=1)))["slices"]
    assert (card["verdict"], card["headline"]) == ("no", "Slices did not help")


@pytest.mark.parametrize(
    ("gil", "work", "lag", "verdict", "headline", "words"),
    [
        (True, "count", 0.005, "yes", "Late by turns", "Counting in Python holds the GIL"),
        (True, "count", 0.0003, "no", "Turns in time", "Yet here the loop got its turns"),
        (True, "hash", 0.0003, "yes", "Turns in time", "hashlib lets go of the GIL"),
        (True, "hash", 0.02, "no", "Late by turns", "it waited for something else"),
        (False, "count", 0.0003, "yes", "Turns in time", "This Python runs without a GIL"),
        (False, "count", 0.01, "no", "Late by turns", "it waited for something else"),
        (None, "count", 0.0003, "yes", "Turns in time", "a JavaScript engine of its own"),
    ],
)
def test_a_thread_is_judged_by_the_heartbeat(
    gil: bool | None, work: str, lag: float, verdict: str, headline: str, words: str
) -> None:
    card = cards(findings(served(gil=gil, work=work, lags={"thread": lag})))["thread"]
    assert (card["verdict"], card["headline"]) == (verdict, headline)
    assert words in card["text"]


def test_the_gil_is_not_blamed_for_what_a_process_causes_as_well() -> None:
    """One CPU for everybody: the loop is late whoever works."""
    lags = {"thread": 0.006, "process": 0.006}
    card = cards(findings(served(cpus=1, ways=("thread", "process"), lags=lags)))["thread"]
    assert card["verdict"] == "cannot-tell"
    assert "cannot tell a lock from a lack of CPUs" in card["text"]
    told = findings(served(cpus=1, ways=("thread", "process"), lags={"thread": 0.006, "process": 0.001}))
    card = cards(told)["thread"]
    assert card["verdict"] == "yes"


def test_on_a_busy_machine_a_thread_alone_is_told_with_a_warning() -> None:
    assert "let a process work as well" in cards(findings(served(quiet=False)))["thread"]["text"]
    assert "let a process work as well" not in cards(findings(served(quiet=True)))["thread"]["text"]


def test_heartbeats_that_disagree_tell_nothing_about_the_thread() -> None:
    card = cards(findings(served(each=({}, {"lags": {"thread": 0.0003}}, {}))))["thread"]
    assert (card["verdict"], card["headline"]) == ("cannot-tell", "Cannot tell")


def test_each_runtime_has_its_own_thread_and_its_own_loop() -> None:
    parts = [server(f"asyncio-{n}", repeat=n) for n in (1, 2, 3)]
    parts += [server(f"node-{n}", runtime="node", repeat=n, gil=None, lags={"thread": 0.0003}) for n in (1, 2, 3)]
    found = cards(findings(run(parts, cpus=2, **params(("asyncio", "node")))))
    assert (found["thread"]["headline"], found["thread-node"]["headline"]) == ("Late by turns", "Turns in time")
    assert found["free-node"]["verdict"] == "yes"


def test_a_loop_that_is_late_beside_a_process_is_not_called_free() -> None:
    found = cards(findings(served(ways=("process",), lags={"process": 0.6})))["free-asyncio"]
    assert (found["verdict"], found["headline"]) == ("no", "No way kept it free")


def test_the_price_needs_a_steady_machine_and_three_repeats() -> None:
    assert cards(findings(served()))["price"]["verdict"] == "yes"
    assert cards(findings(served(dearer=1.6)))["price"]["verdict"] == "no"
    moved = cards(findings(served(dearer=1.6, each=({}, {"unit": 1.3}, {}))))["price"]
    assert moved["verdict"] == "cannot-tell"
    assert "changed by" in moved["text"]
    assert "Fewer than three repeats" in cards(findings(served(dearer=1.6, each=({}, {}))))["price"]["text"]


def test_a_prober_that_waited_itself_is_named() -> None:
    assert "late" not in cards(findings(served()))
    card = cards(findings(served(ways=("thread",), prober_late=0.05)))["late"]
    assert card["verdict"] == "cannot-tell"
    assert "0.050 s" in card["text"]


def test_what_ran_beside_the_loop_may_hold_a_request_up() -> None:
    found = cards(findings(served(ways=("thread",), waits={"thread": 0.4})))
    assert found["answer"]["answer"] == "beside"


def test_nothing_is_claimed_where_nothing_was_asked() -> None:
    assert cards(findings(run([], cpus=2, **params())))["none"]["verdict"] == "cannot-tell"
    recording = served()
    for part in recording.parts.values():
        part.spans = {id: span for id, span in part.spans.items() if not id.startswith("/fast")}
    found = cards(findings(recording))
    assert found["blocked"]["verdict"] == "cannot-tell"
    assert found["answer"]["answer"] == "cannot-tell"


@pytest.mark.parametrize(
    "name", ["blocked-2-cpus", "blocked-1-cpu", "blocked-busy-neighbour", "blocked-runtimes-2-cpus"]
)
def test_real_work_on_the_loop_blocked_it(name: str) -> None:
    found = cards(findings(Recording(recorded(name))))
    assert found["blocked"]["verdict"] == "yes"
    assert found["answer"]["answer"] == "loop"


@pytest.mark.parametrize("name", ["blocked-2-cpus", "blocked-1-cpu", "blocked-busy-neighbour"])
def test_a_real_thread_that_counted_made_the_loop_late(name: str) -> None:
    card = cards(findings(Recording(recorded(name))))["thread"]
    assert (card["verdict"], card["headline"]) == ("yes", "Late by turns")


def test_a_real_thread_that_hashed_and_one_of_node_did_not() -> None:
    assert cards(findings(Recording(recorded("blocked-hash-2-cpus"))))["thread"]["headline"] == "Turns in time"
    found = cards(findings(Recording(recorded("blocked-runtimes-2-cpus"))))
    assert (found["thread"]["headline"], found["thread-gevent"]["headline"]) == ("Turns in time", "Late by turns")


def test_a_real_run_beside_a_busy_neighbour_is_not_trusted() -> None:
    recording = Recording(recorded("blocked-busy-neighbour"))
    events = list(findings(recording))
    assert next(event for event in events if event["e"] == "trust")["level"] == "noisy"
    assert cards(findings(recording))["price"]["verdict"] == "cannot-tell"
    assert "late" in cards(findings(recording))
