"""Findings of the lab os-async: right on any shape of machine, and silent where the run does not show it."""

from __future__ import annotations

from typing import Any

import pytest

from labs.os_async.batch import Batch
from labs.os_async.findings import findings
from labs.os_async.lab import OsAsyncParams, hash_seconds, lab, plan, pools
from labs.sdk.params import ParamsError
from labs.sdk.recording import Recording
from tests.runtime_streams import batch
from tests.streams import cards, recorded, run

RECORDED = ["os-async-2-cpus", "os-async-1-cpu", "os-async-busy-neighbour", "os-async-sweep-2-cpus"]
KINDS = ("requests", "reads", "hashes")


def bursts(*, cpus: int = 2, tasks: int = 12, pool: int = 4, kinds: tuple[str, ...] = KINDS,
           runtimes: tuple[str, ...] = ("gevent",), repeats: int = 3, **more: Any) -> Recording:  # fmt: skip
    parts = [batch(kind, tasks=tasks, pool=pool, cpus=cpus, runtime=runtime, repeat=n + 1, **more)
             for n in range(repeats) for kind in kinds for runtime in runtimes]  # fmt: skip
    return run(parts, cpus=cpus, mode="burst", runtimes=list(runtimes), tasks=tasks, pool=pool, repeats=repeats)


def sweep(*, cpus: int, tasks: int = 12, sizes: tuple[int, ...] = (1, 2, 4, 8), kinds: tuple[str, ...] = KINDS,
          repeats: int = 3, **more: Any) -> Recording:  # fmt: skip
    parts = [batch(kind, tasks=tasks, pool=pool, cpus=cpus, repeat=n + 1, variant=f"-p{pool}", **more)
             for n in range(repeats) for pool in sizes for kind in kinds]  # fmt: skip
    return run(parts, cpus=cpus, mode="sweep", runtimes=["gevent"], tasks=tasks, pool=sizes[-1], repeats=repeats)


@pytest.mark.parametrize("cpus", [1, 2, 16])
@pytest.mark.parametrize("runtimes", [("gevent",), ("gevent", "asyncio", "node")])
def test_each_kind_waits_where_it_does_on_any_machine(cpus: int, runtimes: tuple[str, ...]) -> None:
    found = cards(findings(bursts(cpus=cpus, runtimes=runtimes)))
    assert (found["requests"]["verdict"], found["requests"]["headline"]) == ("yes", "12 wait as one")
    assert (found["reads"]["verdict"], found["reads"]["headline"]) == ("yes", "4 at a time")
    assert "(4 + 4 + 4)" in found["reads"]["text"]
    assert found["same-wait"]["verdict"] == "yes"
    assert found["hashes"]["verdict"] == "yes"
    assert found["hashes"]["headline"] == {1: "12.0× one hash", 2: "6.0× one hash", 16: "3.0× one hash"}[cpus]
    assert found["idle"]["verdict"] == "yes"
    assert found["answer"]["answer"] == "reads-hashes"


def test_several_runtimes_are_named_and_one_is_not() -> None:
    assert "on node" in cards(findings(bursts(runtimes=("gevent", "node"))))["requests"]["text"]
    assert " on gevent" not in cards(findings(bursts()))["requests"]["text"]


def test_threads_and_cpus_enough_for_all() -> None:
    found = cards(findings(bursts(cpus=16, tasks=12, pool=12)))
    assert found["requests"]["verdict"] == "cannot-tell"
    assert "more than 12 requests" in found["requests"]["text"]
    assert found["reads"]["verdict"] == "cannot-tell"
    assert found["same-wait"]["verdict"] == "cannot-tell"
    assert (found["hashes"]["verdict"], found["hashes"]["headline"]) == ("no", "Hashes together too")
    assert found["answer"]["answer"] == "none"


def test_threads_enough_but_too_few_cpus() -> None:
    found = cards(findings(bursts(cpus=2, tasks=12, pool=12)))
    assert found["hashes"]["verdict"] == "yes"
    assert found["answer"]["answer"] == "none"


def test_requests_that_do_go_through_a_pool_are_found_out() -> None:
    found = cards(findings(bursts(kinds=("requests", "hashes"), in_pool=True)))
    assert (found["requests"]["verdict"], found["requests"]["headline"]) == ("no", "Not together")
    assert found["answer"]["answer"] == "requests"


def test_reads_that_need_no_thread_are_found_out() -> None:
    found = cards(findings(bursts(kinds=("requests", "reads"), in_pool=False, told=True)))
    assert (found["reads"]["verdict"], found["reads"]["headline"]) == ("no", "Not held back")
    assert (found["same-wait"]["verdict"], found["same-wait"]["headline"]) == ("no", "No difference")
    assert found["answer"]["answer"] == "none"


def test_asking_that_costs_much_cpu_time_is_not_called_waiting() -> None:
    assert cards(findings(bursts(kinds=("requests",), cpu=2.0)))["idle"]["verdict"] == "no"


def test_repeats_that_disagree_cannot_tell() -> None:
    parts = [batch("requests", tasks=12, pool=4, repeat=n, in_pool=n == 2) for n in (1, 2, 3)]
    parts += [batch("reads", tasks=12, pool=4, repeat=n, in_pool=n != 2, told=True) for n in (1, 2, 3)]
    found = cards(findings(run(parts, cpus=2, mode="burst", runtimes=["gevent"], repeats=3)))
    assert {found[id]["verdict"] for id in ("requests", "reads", "same-wait")} == {"cannot-tell"}
    assert found["answer"]["answer"] == "cannot-tell"
    assert "requests and the reads" in found["answer"]["text"]


def test_many_slow_requests_are_still_not_called_waiting_for_threads() -> None:
    """50 requests on a machine so busy that the last answer took 2.4 times one: far from the 13 rounds of 4 threads."""
    parts = [batch("requests", tasks=50, pool=4, repeat=n) for n in (1, 2, 3)]
    for part in parts:
        for event in part:
            if event["e"] == "end":
                event["t"] *= 1 + 1.4 * int(event["id"]) / 50
    found = cards(findings(run(parts, cpus=2, mode="burst", runtimes=["gevent"], repeats=3)))
    assert (found["requests"]["verdict"], found["requests"]["headline"]) == ("yes", "Not on threads")
    assert found["answer"]["answer"] == "none"


def test_one_of_each_shows_nothing() -> None:
    found = cards(findings(bursts(tasks=1, pool=1)))
    assert {found[id]["verdict"] for id in ("requests", "reads", "same-wait", "hashes")} == {"cannot-tell"}


def test_kinds_that_did_not_run_are_not_spoken_of() -> None:
    found = cards(findings(bursts(kinds=("hashes",))))
    assert set(found) == {"caption", "hashes", "answer"}
    assert found["answer"]["answer"] == "hashes"


def test_nothing_is_claimed_about_a_run_without_spans() -> None:
    for mode in ("burst", "sweep"):
        assert cards(findings(run([], cpus=2, mode=mode)))["none"]["verdict"] == "cannot-tell"


def test_a_part_without_its_piece_alone_is_left_out() -> None:
    events = [event for event in batch("reads", tasks=4, pool=2) if event["e"] != "sample"]
    assert cards(findings(run([events], cpus=2, mode="burst")))["none"]["verdict"] == "cannot-tell"


def test_waves_and_waiting_of_reads_seen_only_from_their_ends() -> None:
    part = run([batch("reads", tasks=10, pool=4, runtime="node")], cpus=2).parts["node-reads-1"]
    found = Batch(part)
    assert (found.waves, found.waited, found.on_threads) == ([4, 4, 2], True, False)
    assert found.times == pytest.approx(3)


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_a_sweep_is_flat_for_requests_and_falls_for_reads(cpus: int) -> None:
    found = cards(findings(sweep(cpus=cpus)))
    assert (found["flat"]["verdict"], found["flat"]["headline"]) == ("yes", "Any pool will do")
    assert (found["falls"]["verdict"], found["falls"]["headline"]) == ("yes", "6.0× faster with 8")
    assert found["answer"]["answer"] == "reads-hashes"


@pytest.mark.parametrize(
    ("cpus", "verdict", "headline"),
    [
        (1, "yes", "Stops paying at 1"),
        (2, "yes", "Stops paying at 2"),
        (4, "yes", "Stops paying at 4"),
        (16, "cannot-tell", "Pays up to 8"),
    ],
)
def test_a_sweep_of_hashes_stops_paying_at_the_cpus(cpus: int, verdict: str, headline: str) -> None:
    card = cards(findings(sweep(cpus=cpus)))["knee"]
    assert (card["verdict"], card["headline"]) == (verdict, headline)


def test_a_sweep_in_which_the_pool_matters_to_requests_says_so() -> None:
    found = cards(findings(sweep(cpus=2, kinds=("requests",), in_pool=True)))
    assert (found["flat"]["verdict"], found["flat"]["headline"]) == ("no", "The pool mattered")
    assert found["answer"]["answer"] == "requests"


def test_a_sweep_in_which_threads_do_not_help_reads_says_so() -> None:
    assert cards(findings(sweep(cpus=2, kinds=("reads",), in_pool=False, told=True)))["falls"]["verdict"] == "no"


def test_a_noisy_sweep_can_still_tell_that_requests_need_no_thread() -> None:
    """The largest pool met a busy moment; the smallest shows all the same that one thread was enough for twelve."""
    parts = [batch("requests", tasks=12, pool=pool, repeat=n, variant=f"-p{pool}",
                   alone=0.2 if pool < 8 or n < 3 else 0.5)
             for n in (1, 2, 3) for pool in (1, 8)]  # fmt: skip
    card = cards(findings(run(parts, cpus=2, mode="sweep", runtimes=["gevent"], repeats=3)))["flat"]
    assert card["verdict"] == "yes"
    assert "as long as 12" in card["text"]


def test_a_sweep_of_one_pool_compares_nothing() -> None:
    found = cards(findings(sweep(cpus=2, sizes=(1,))))
    assert {found[id]["verdict"] for id in ("flat", "falls", "knee")} == {"cannot-tell"}


@pytest.mark.parametrize("name", ["os-async-2-cpus", "os-async-1-cpu", "os-async-busy-neighbour"])
def test_real_runs_show_that_requests_wait_as_one_and_reads_in_waves(name: str) -> None:
    found = cards(findings(Recording(recorded(name))))
    assert found["requests"]["verdict"] == "yes"
    assert (found["reads"]["verdict"], found["reads"]["headline"]) == ("yes", "2 at a time")
    assert found["hashes"]["verdict"] == "yes"
    assert found["idle"]["verdict"] == "yes"
    assert found["answer"]["answer"] == "reads-hashes"


def test_a_real_sweep_is_flat_for_requests_and_falls_for_reads() -> None:
    found = cards(findings(Recording(recorded("os-async-sweep-2-cpus"))))
    assert found["flat"]["verdict"] == "yes"
    assert found["falls"]["verdict"] == "yes"


def test_the_plan_names_every_kind_and_pool_once_a_repeat() -> None:
    params = OsAsyncParams.read({"mode": "sweep", "pool": 6, "repeats": 2})
    assert pools(params) == [1, 2, 4, 6]
    steps = plan(params)
    assert len({step.part for step in steps}) == len(steps) == 2 * 4 * 3
    assert {step.settings["kind"] for step in steps} == set(KINDS)
    assert all(option.value for option in (lab.question.options if lab.question else ()))


def test_a_hash_is_as_long_as_the_wait_but_never_very_long() -> None:
    assert hash_seconds(OsAsyncParams.read({"latency": "100"})) == 0.1
    assert hash_seconds(OsAsyncParams.read({"latency": "500"})) == 0.2


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"tasks": 51}, "from 1 to 50"),
        ({"pool": 0}, "from 1 to 32"),
        ({"latency": "7"}, "'100', '200' or '500'"),
        ({"latency": 200}, "'100', '200' or '500'"),
        ({"kinds": []}, "at least one"),
        ({"kinds": ["reads", "reads"]}, "names reads twice"),
        ({"kinds": ["dns"]}, "'requests', 'reads' or 'hashes'"),
    ],
)
def test_bad_parameters_are_refused_in_words(raw: dict[str, Any], words: str) -> None:
    with pytest.raises(ParamsError, match=words):
        OsAsyncParams.read(raw)
