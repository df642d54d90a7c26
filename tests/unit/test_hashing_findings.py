"""Findings of the hashing lab: right on any shape of machine, and silent where the run does not show it."""

from __future__ import annotations

from typing import Any

import pytest

from labs.hashing.findings import findings
from labs.sdk.recording import Recording
from tests.streams import UNIT, burst, cards, recorded, run

RECORDED = ["burst-2-cpus", "burst-1-cpu", "burst-busy-neighbour", "two-tasks-2-cpus", "sweep-2-cpus"]


def bursts(*, cpus: int, units: tuple[float, ...] = (UNIT, UNIT, UNIT), **shape: Any) -> Recording:
    parts = [burst(f"gevent-{n}", cpus=cpus, unit=unit, repeat=n, **shape) for n, unit in enumerate(units, 1)]
    return run(parts, cpus=cpus, runtimes=["gevent"], tasks=shape["tasks"], pool=shape["pool"], repeats=len(units))


def sweep(*, cpus: int, pools: range, tasks: int, noise: tuple[float, ...] = (1.0, 1.0, 1.0)) -> Recording:
    parts = []
    for repeat, factor in enumerate(noise, 1):
        for pool in pools:
            part = burst(f"gevent-p{pool}-{repeat}", tasks=tasks, pool=pool, cpus=cpus * (factor if pool == 3 else 1))
            parts.append(part)
    return run(parts, cpus=cpus, mode="sweep", runtimes=["gevent"], tasks=tasks, pool=max(pools), repeats=len(noise))


@pytest.mark.parametrize(("cpus", "tasks", "pool"), [(2, 5, 4), (16, 5, 4), (16, 40, 32), (1, 3, 2), (2, 64, 1)])
def test_width_and_waiting_on_any_machine(cpus: int, tasks: int, pool: int) -> None:
    found = cards(findings(bursts(cpus=cpus, tasks=tasks, pool=pool)))
    assert (found["width"]["verdict"], found["width"]["headline"]) == ("yes", f"{pool} wide")
    assert found["waiting"]["verdict"] == "yes"
    assert found["waiting"]["cites"] == [{"part": "gevent-1", "id": str(pool + 1)}]


def test_the_pool_is_not_called_wide_when_it_was_never_full() -> None:
    found = cards(findings(bursts(cpus=2, tasks=3, pool=4)))
    assert found["width"]["verdict"] == "cannot-tell"
    assert "more than 4 hashes" in found["width"]["text"]
    assert (found["waiting"]["verdict"], found["waiting"]["headline"]) == ("no", "Nobody waited")


def test_a_pool_that_is_narrower_than_asked_is_said_so() -> None:
    found = cards(findings(bursts(cpus=8, tasks=8, pool=4, width=2)))
    assert found["width"]["verdict"] == "no"
    assert "Asked for a pool of 4, but 2" in found["width"]["text"]


@pytest.mark.parametrize(
    ("cpus", "pool", "verdict", "headline"),
    [
        (2, 4, "yes", "2.0× slower"),
        (1, 4, "yes", "4.0× slower"),
        (4, 4, "yes", "Not slower"),
        (16, 4, "yes", "Not slower"),
    ],
)
def test_slowdown_follows_the_cpus(cpus: int, pool: int, verdict: str, headline: str) -> None:
    card = cards(findings(bursts(cpus=cpus, tasks=5, pool=pool)))["slowdown"]
    assert (card["verdict"], card["headline"]) == (verdict, headline)
    assert f"on {cpus} CPU" in card["text"]


def test_slowdown_cannot_be_told_from_repeats_that_disagree() -> None:
    parts = [burst(f"gevent-{n}", tasks=4, pool=4, cpus=cpus, repeat=n) for n, cpus in enumerate((4, 2, 4), 1)]
    card = cards(findings(run(parts, cpus=4, runtimes=["gevent"], tasks=4, pool=4, repeats=3)))["slowdown"]
    assert (card["verdict"], card["headline"]) == ("cannot-tell", "Cannot tell")


def test_one_at_a_time_says_nothing_about_company() -> None:
    assert cards(findings(bursts(cpus=2, tasks=3, pool=1)))["slowdown"]["verdict"] == "cannot-tell"


@pytest.mark.parametrize(
    ("cpus", "tasks", "pool", "value"),
    [
        (2, 5, 4, "both"),
        (2, 4, 4, "cpus"),
        (16, 5, 4, "pool"),
        (16, 3, 4, "neither"),
        (1, 1, 1, "cpus"),
        (2, 2, 4, "cpus"),
    ],
)
def test_which_resource_was_full(cpus: int, tasks: int, pool: int, value: str) -> None:
    assert cards(findings(bursts(cpus=cpus, tasks=tasks, pool=pool)))["answer"]["answer"] == value


def test_cpus_that_somebody_else_uses_are_full_all_the_same() -> None:
    """Two CPUs, but a neighbour takes most of them: the hashes had a CPU for a quarter of their time."""
    parts = [burst(f"gevent-{n}", tasks=2, pool=2, cpus=0.5, repeat=n) for n in (1, 2, 3)]
    answer = cards(findings(run(parts, cpus=2, runtimes=["gevent"], tasks=2, pool=2, repeats=3)))["answer"]
    assert answer["answer"] == "cpus"
    assert "What took the rest: other programs." in answer["text"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"shared": True}, "other programs, or other machines on the same hardware"),
        ({"quota": 2.0}, "other programs, or the CPU limit of this container"),
    ],
)
def test_who_had_the_rest_is_not_told_more_surely_than_it_is_known(facts: dict[str, Any], words: str) -> None:
    parts = [burst(f"gevent-{n}", tasks=2, pool=2, cpus=0.5, repeat=n) for n in (1, 2, 3)]
    recording = run(parts, cpus=2, runtimes=["gevent"], tasks=2, pool=2, repeats=3)
    recording.host |= facts
    assert words in cards(findings(recording))["answer"]["text"]


def test_without_cpu_times_the_question_stays_open() -> None:
    assert cards(findings(bursts(cpus=2, tasks=5, pool=4, cpu_times=False)))["answer"]["answer"] == "cannot-tell"


def test_a_sweep_stops_paying_at_the_cpus() -> None:
    for cpus in (1, 2, 4):
        card = cards(findings(sweep(cpus=cpus, pools=range(1, 9), tasks=8)))["knee"]
        assert (card["verdict"], card["headline"]) == ("yes", f"Stops paying at {cpus}")


def test_a_sweep_that_still_pays_at_its_end_does_not_claim_a_limit() -> None:
    card = cards(findings(sweep(cpus=16, pools=range(1, 5), tasks=16)))["knee"]
    assert (card["verdict"], card["headline"]) == ("cannot-tell", "Pays up to 4")


def test_a_noisy_sweep_cannot_tell() -> None:
    recording = sweep(cpus=2, pools=range(1, 5), tasks=8, noise=(1.0, 2.0, 2.0))
    assert cards(findings(recording))["knee"]["verdict"] == "cannot-tell"


def test_a_sweep_of_one_pool_has_no_knee() -> None:
    assert cards(findings(sweep(cpus=2, pools=range(1, 2), tasks=4)))["knee"]["verdict"] == "cannot-tell"


def test_a_sweep_of_two_repeats_names_no_knee() -> None:
    card = cards(findings(sweep(cpus=2, pools=range(1, 5), tasks=4, noise=(1.0, 1.0))))["knee"]
    assert (card["verdict"], card["headline"]) == ("cannot-tell", "Too few repeats")


def test_nothing_is_claimed_about_a_run_without_spans() -> None:
    assert cards(findings(run([], cpus=2, runtimes=["gevent"])))["none"]["verdict"] == "cannot-tell"
    assert cards(findings(run([], cpus=2, mode="sweep")))["none"]["verdict"] == "cannot-tell"


def test_a_real_run_on_one_cpu_was_four_times_slower() -> None:
    found = cards(findings(Recording(recorded("burst-1-cpu"))))
    assert found["slowdown"]["headline"].startswith("4.")
    assert found["answer"]["answer"] == "cpus"


def test_a_real_run_beside_a_busy_neighbour_is_not_trusted() -> None:
    events = list(findings(Recording(recorded("burst-busy-neighbour"))))
    assert next(event for event in events if event["e"] == "trust")["level"] == "noisy"
    assert next(event for event in events if event.get("role") == "answer")["answer"] == "both"
