"""Findings of the workers lab: right on any machine, and silent where the run does not show it."""

from __future__ import annotations

from typing import Any

import pytest

from labs.sdk.recording import Recording
from labs.workers.act import Act
from labs.workers.findings import findings
from tests.streams import cards, recorded, run
from tests.worker_streams import counts

# Of the sweeps every fourth heartbeat is kept, to keep them small.
RECORDED = ["workers-2-cpus", "workers-1-cpu", "workers-busy-neighbour", "workers-sweep-threads-2-cpus",
            "workers-sweep-processes-2-cpus"]  # fmt: skip
WAYS = ("loop", "thread", "process")


def counted(
    *, cpus: int = 2, ways: tuple[str, ...] = WAYS, runtimes: tuple[str, ...] = ("asyncio",), tasks: int = 2,
    workers: int = 2, each: tuple[dict[str, Any], ...] = ({}, {}, {}), **shape: Any,
) -> Recording:  # fmt: skip
    """A run that compares ways; `each` changes the shape of single repeats."""
    parts = [
        counts(f"{runtime}-{n}", ways, runtime=runtime, repeat=n, tasks=tasks, workers=workers,
               **{"cpus": cpus, **shape, **more})
        for n, more in enumerate(each, 1) for runtime in runtimes
    ]  # fmt: skip
    return run(parts, cpus=cpus, mode="ways", ways=list(ways), runtimes=list(runtimes), tasks=tasks, workers=workers,
               repeats=len(each))  # fmt: skip


def sweep(
    *, cpus: int, way: str, most: int = 8, tasks: int = 8, runtime: str = "asyncio",
    noise: tuple[float, ...] = (1, 1, 1), **shape: Any,
) -> Recording:  # fmt: skip
    parts = [
        counts(f"{runtime}-k{k}-{n}", (way,), runtime=runtime, repeat=n, tasks=tasks, workers=k,
               cpus=cpus * (factor if k == 3 else 1), **shape)
        for n, factor in enumerate(noise, 1) for k in range(1, most + 1)
    ]  # fmt: skip
    return run(parts, cpus=cpus, mode="sweep", ways=[way], runtimes=[runtime], tasks=tasks, workers=most, repeats=3)


@pytest.mark.parametrize("cpus", [2, 16])
def test_the_gil_is_seen_in_cpus_and_in_lag(cpus: int) -> None:
    found = cards(findings(counted(cpus=cpus)))
    card = found["gil"]
    assert (card["verdict"], card["headline"]) == ("yes", "Threads took turns")
    assert f"2 threads had 1.00 of {cpus} CPUs together" in card["text"]
    assert "5.0 ms late, in calm 0.3" in card["text"]
    assert "Processes had 2.00" in card["text"]
    assert (found["apart-asyncio"]["verdict"], found["answer"]["answer"]) == ("yes", "turns")


def test_on_one_cpu_only_the_lag_shows_it() -> None:
    found = cards(findings(counted(cpus=1)))
    assert found["gil"]["verdict"] == "yes"
    assert found["apart-asyncio"]["verdict"] == "cannot-tell"
    assert "With one usable CPU everybody must take turns" in found["apart-asyncio"]["text"]
    assert found["answer"]["answer"] == "turns"


def test_on_one_cpu_without_a_lag_of_its_own_nothing_is_claimed() -> None:
    card = cards(findings(counted(cpus=1, lags={"thread": 0.006, "process": 0.006})))["gil"]
    assert card["verdict"] == "cannot-tell"
    assert "one usable CPU" in card["text"]


def test_one_thread_shows_the_gil_by_its_lag_alone() -> None:
    found = cards(findings(counted(tasks=1, workers=1)))
    assert (found["gil"]["verdict"], found["gil"]["headline"]) == ("yes", "The loop waits its turn")
    assert found["answer"]["answer"] == "alone"
    assert (found["apart-asyncio"]["verdict"], found["apart-asyncio"]["headline"]) == ("cannot-tell", "One at a time")


def test_a_free_threaded_python_is_told_as_it_is() -> None:
    found = cards(findings(counted(gil=False, cpus=4)))
    assert (found["gil"]["verdict"], found["gil"]["headline"]) == ("yes", "At the same time")
    assert "free-threaded" in found["gil"]["text"]
    assert found["answer"]["answer"] == "together"
    found = cards(findings(counted(gil=False, capacity={"thread": 1.0})))
    assert (found["gil"]["verdict"], found["answer"]["answer"]) == ("no", "turns")
    found = cards(findings(counted(gil=False, ways=("thread",), capacity={"thread": 1.0})))
    assert (found["gil"]["verdict"], found["answer"]["answer"]) == ("cannot-tell", "cannot-tell")
    assert cards(findings(counted(gil=False, cpus=1)))["gil"]["verdict"] == "cannot-tell"


def test_threads_that_run_at_the_same_time_despite_a_gil_are_not_explained_away() -> None:
    found = cards(findings(counted(capacity={"thread": 2.0}, lags={"thread": 0.0003})))
    assert (found["gil"]["verdict"], found["gil"]["headline"]) == ("no", "At the same time")
    assert found["answer"]["answer"] == "together"


def test_a_neighbour_that_takes_the_cpus_is_not_called_a_gil() -> None:
    """Everybody gets half a CPU, and the loop is late whoever counts."""
    found = cards(findings(counted(capacity={"thread": 0.5, "process": 0.5}, lags={"thread": 0.006, "process": 0.007})))
    assert found["gil"]["verdict"] == "cannot-tell"
    assert found["answer"]["answer"] == "cannot-tell"
    assert found["apart-asyncio"]["verdict"] == "cannot-tell"
    assert "It may have lacked a CPU" in found["apart-asyncio"]["text"]


def test_scarce_cpus_do_not_hide_a_lag_that_only_threads_cause() -> None:
    found = cards(findings(counted(capacity={"thread": 0.5, "process": 0.6})))
    assert (found["gil"]["verdict"], found["gil"]["headline"]) == ("yes", "The loop waits its turn")
    assert found["answer"]["answer"] == "turns"


def test_threads_alone_cannot_prove_that_cpus_were_to_be_had() -> None:
    card = cards(findings(counted(ways=("thread",), lags={"thread": 0.0003})))["gil"]
    assert card["verdict"] == "cannot-tell"
    assert "Let processes count as well" in card["text"]


def test_processes_with_no_more_than_one_cpu_are_told_so() -> None:
    card = cards(findings(counted(ways=("process",), capacity={"process": 1.0})))["apart-asyncio"]
    assert (card["verdict"], card["headline"]) == ("no", "No more than one CPU")


def test_on_a_busy_machine_less_than_two_cpus_prove_nothing() -> None:
    recording = counted(ways=("process",), capacity={"process": 1.0})
    recording.host["quiet"] = False
    assert cards(findings(recording))["apart-asyncio"]["verdict"] == "cannot-tell"


def test_repeats_that_disagree_tell_nothing() -> None:
    each: tuple[dict[str, Any], ...] = (
        {},
        {"capacity": {"thread": 2.0, "process": 1.0}, "lags": {"thread": 0.0003}},
        {},
    )
    found = cards(findings(counted(each=each)))
    assert found["gil"]["verdict"] == "cannot-tell"
    assert found["apart-asyncio"]["verdict"] == "cannot-tell"
    assert found["answer"]["answer"] == "cannot-tell"


def test_threads_of_node_share_no_lock() -> None:
    found = cards(findings(counted(runtimes=("node",), ways=("loop", "thread"))))
    assert "gil" not in found
    assert found["apart-node"]["verdict"] == "yes"
    assert "2 threads had 2.00" in found["apart-node"]["text"]
    assert found["answer"]["answer"] == "cannot-tell"
    assert "No thread of Python" in found["answer"]["text"]


def test_sub_interpreters_count_as_workers_of_their_own() -> None:
    found = cards(findings(counted(ways=("thread", "interpreter"))))
    assert found["gil"]["verdict"] == "yes"
    assert "Sub-interpreters had 2.00" in found["gil"]["text"]
    assert "2 sub-interpreters had 2.00" in found["apart-asyncio"]["text"]


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_the_loop_is_blocked_by_counts_on_it_and_by_no_other(cpus: int) -> None:
    card = cards(findings(counted(cpus=cpus)))["free-asyncio"]
    assert (card["verdict"], card["headline"]) == ("yes", "Free: in threads and in processes")


def test_a_loop_that_counts_and_is_not_late_is_told() -> None:
    assert cards(findings(counted(lags={"loop": 0.0003})))["free-asyncio"]["verdict"] == "no"
    assert cards(findings(counted(ways=("process",), lags={"process": 0.7})))["free-asyncio"]["verdict"] == "no"
    assert (
        cards(findings(counted(ways=("process",), lags={"process": 0.3})))["free-asyncio"]["verdict"] == "cannot-tell"
    )


def test_handing_over_is_cheap_or_it_is_not() -> None:
    card = cards(findings(counted(post=0.002, back=0.001)))["messages-asyncio"]
    assert card["verdict"] == "yes"
    assert "in threads 2.0 ms to begin and 1.0 ms to hear of the end" in card["text"]
    assert cards(findings(counted(post=0.2)))["messages-asyncio"]["verdict"] == "no"
    assert "messages-asyncio" not in cards(findings(counted(ways=("loop",))))


def test_waiting_for_a_free_worker_is_not_handing_over() -> None:
    act = Act(counted(tasks=6, workers=2, ways=("process",)).parts["asyncio-1"], "process")
    assert act.handing_over == pytest.approx(0.001)
    assert act.total_units == pytest.approx(3, abs=0.01)
    assert act.at_once == 2


def test_cpus_are_counted_only_while_there_was_company() -> None:
    """Three counts on two workers: the last one runs alone, and that says nothing about running together."""
    act = Act(counted(tasks=3, workers=2, ways=("process",)).parts["asyncio-1"], "process")
    assert act.cpus == pytest.approx(2.0)
    alone = Act(counted(tasks=2, workers=1, ways=("process",)).parts["asyncio-1"], "process")
    assert alone.cpus is None


def test_without_cpu_times_only_the_lag_is_left() -> None:
    found = cards(findings(counted(cpu_times=False)))
    assert found["gil"]["verdict"] == "yes"
    assert found["answer"]["answer"] == "cannot-tell"


@pytest.mark.parametrize(
    ("cpus", "way", "runtime", "gil", "headline"),
    [
        (1, "process", "asyncio", True, "Stops paying at 1"),
        (2, "process", "asyncio", True, "Stops paying at 2"),
        (4, "process", "asyncio", True, "Stops paying at 4"),
        (2, "thread", "asyncio", True, "Stops paying at 1"),
        (16, "thread", "asyncio", True, "Stops paying at 1"),
        (2, "thread", "asyncio", False, "Stops paying at 2"),
        (4, "thread", "node", None, "Stops paying at 4"),
        (4, "loop", "asyncio", True, "Stops paying at 1"),
    ],
)
def test_a_sweep_finds_the_limit(cpus: int, way: str, runtime: str, gil: bool | None, headline: str) -> None:
    card = cards(findings(sweep(cpus=cpus, way=way, runtime=runtime, gil=gil)))[f"knee-{runtime}"]
    assert (card["verdict"], card["headline"]) == ("yes", headline)


def test_a_sweep_that_still_pays_at_its_end_claims_no_limit() -> None:
    card = cards(findings(sweep(cpus=16, way="process", most=4, tasks=16)))["knee-asyncio"]
    assert (card["verdict"], card["headline"]) == ("cannot-tell", "Pays up to 4")


def test_a_sweep_that_breaks_the_rule_says_no() -> None:
    card = cards(findings(sweep(cpus=4, way="process", capacity={"process": 1.0})))["knee-asyncio"]
    assert (card["verdict"], card["headline"]) == ("no", "Stops paying at 1")
    card = cards(findings(sweep(cpus=16, way="thread", most=4, capacity={"thread": 16.0})))["knee-asyncio"]
    assert (card["verdict"], card["headline"]) == ("no", "Pays up to 4")


def test_a_noisy_sweep_cannot_tell_and_a_short_one_neither() -> None:
    assert (
        cards(findings(sweep(cpus=2, way="process", most=4, noise=(1.0, 2.0, 2.0))))["knee-asyncio"]["verdict"]
        == "cannot-tell"
    )
    few = cards(findings(sweep(cpus=2, way="process", noise=(1.0, 1.0))))["knee-asyncio"]
    assert (few["verdict"], "fewer than three repeats" in few["text"]) == ("cannot-tell", True)
    assert cards(findings(sweep(cpus=2, way="process", most=1)))["knee-asyncio"]["verdict"] == "cannot-tell"


@pytest.mark.parametrize(("cpus", "verdict"), [(2, "yes"), (16, "no")])
def test_the_ideal_needs_a_cpu_for_each(cpus: int, verdict: str) -> None:
    assert cards(findings(sweep(cpus=cpus, way="process")))["ideal-asyncio"]["verdict"] == verdict


def test_a_sweep_of_threads_answers_the_question() -> None:
    assert cards(findings(sweep(cpus=2, way="thread")))["answer"]["answer"] == "turns"
    assert cards(findings(sweep(cpus=2, way="process")))["answer"]["answer"] == "cannot-tell"


def test_nothing_is_claimed_about_a_run_without_counts() -> None:
    assert cards(findings(run([], cpus=2, mode="ways", runtimes=["asyncio"])))["none"]["verdict"] == "cannot-tell"
    assert cards(findings(run([], cpus=2, mode="sweep", runtimes=["asyncio"])))["none"]["verdict"] == "cannot-tell"


def test_a_real_run_on_two_cpus_shows_the_gil_and_what_has_none() -> None:
    found = cards(findings(Recording(recorded("workers-2-cpus"))))
    assert (found["gil"]["verdict"], found["gil"]["headline"]) == ("yes", "Threads took turns")
    assert found["apart-asyncio"]["verdict"] == found["apart-node"]["verdict"] == "yes"
    assert found["free-asyncio"]["headline"] == "Free: in threads and in processes"
    assert found["answer"]["answer"] == "turns"


def test_a_real_run_on_one_cpu_shows_it_by_the_lag() -> None:
    found = cards(findings(Recording(recorded("workers-1-cpu"))))
    assert found["gil"]["verdict"] == "yes"
    assert found["apart-asyncio"]["verdict"] == "cannot-tell"


def test_a_real_run_beside_a_busy_neighbour_claims_less() -> None:
    recording = Recording(recorded("workers-busy-neighbour"))
    assert next(event for event in findings(recording) if event["e"] == "trust")["level"] == "noisy"
    found = cards(findings(recording))
    assert found["apart-asyncio"]["verdict"] == "cannot-tell"
    assert found["gil"]["headline"] == "The loop waits its turn"


def test_real_sweeps() -> None:
    found = cards(findings(Recording(recorded("workers-sweep-processes-2-cpus"))))
    assert (found["knee-asyncio"]["verdict"], found["knee-asyncio"]["headline"]) == ("yes", "Stops paying at 2")
    found = cards(findings(Recording(recorded("workers-sweep-threads-2-cpus"))))
    assert (found["knee-node"]["verdict"], found["knee-node"]["headline"]) == ("yes", "Stops paying at 2")
    assert found["knee-asyncio"]["verdict"] == "cannot-tell"
    assert found["answer"]["answer"] == "turns"
