"""Findings of the cluster lab: right on any machine, and silent where the run does not show it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from labs.cluster.findings import findings
from labs.sdk.recording import Recording
from tests.cluster_streams import LOAD_UNIT, among, closed, opened, part
from tests.streams import cards, run

SIZES = (1, 2, 3, 4, 6, 8)


def behind(*, cpus: int = 2, each: tuple[dict[str, Any], ...] = ({}, {}, {}), **shape: Any) -> Recording:
    """A run of the first experiment; `each` changes the shape of single repeats."""
    workers, where = shape.get("workers", 1), shape.get("where", "loop")
    more = {key: shape.pop(key) for key in ("lost", "bottleneck", "cpu", "problems") if key in shape}
    parts = [
        part(among(**{**shape, **change}), mode="behind", workers=workers, where=where, repeat=n, **more)
        for n, change in enumerate(each, 1)
    ]
    return run(parts, cpus=cpus, mode="behind", runtimes=["gunicorn"], repeats=len(each))


def sweep(
    cpus: int, *, noises: tuple[float, ...] = (1.0, 1.0, 1.0), sizes: tuple[int, ...] = SIZES,
    memory: dict[str, float] | None = None, works: float | None = None, slower: float = 1.0, smt: float = 1.0,
    spread: Callable[[int, int, int], int] | None = None, **shape: Any,
) -> Recording:  # fmt: skip
    """A run of the second. `works`: on so many CPUs it really ran; `noises`: of each repeat, every other size.

    `smt`: a hash takes so many times as long, all of it on a CPU, where there are as many workers as CPUs or more.
    `spread`: which worker gets a request, from the number of workers, of the repeat and of the request.
    In the second repeat everything, one hash alone too, takes `slower` times as long.
    """
    parts = []
    for n, noise in enumerate(noises, 1):
        unit = LOAD_UNIT * (slower if n == 2 else 1.0)
        for at, workers in enumerate(sizes):
            took = (noise if at % 2 else 1.0) * (smt if workers >= cpus else 1.0)
            answers = closed(workers=workers, cpus=works or cpus, noise=took, unit=unit, **shape)
            if spread is not None:
                answers = [(*one[:4], f"worker {spread(workers, n, m)}") for m, one in enumerate(answers)]
            parts.append(part(answers, mode="sweep", workers=workers, repeat=n, unit=unit, memory=memory,
                              cpu=min(1.0, (works or cpus) / workers), id=f"gunicorn-w{workers}-{n}"))  # fmt: skip
    return run(parts, cpus=cpus, mode="sweep", runtimes=["gunicorn"], repeats=len(noises), requests=200, visitors=50)


def arrivals(share: int, *, repeats: int = 3, cpus: int = 2, connections: int = 50, requests: int = 200) -> Recording:
    """A run of the third, on one worker; what is due while all connections are taken is sent later."""
    parts = []
    for n in range(1, repeats + 1):
        first = closed(workers=1, cpus=cpus)
        rate = share / 100 / LOAD_UNIT
        then = opened(rate=rate, workers=1, cpus=cpus, zero=first[-1][3], requests=requests)
        sent = [
            done - max(due, then[at - connections][3] if at >= connections else due)
            for at, (_, due, _, done, _) in enumerate(then)
        ]
        parts.append(part([*first, *then], mode="arrivals", repeat=n, unit=LOAD_UNIT, sent=sent))
    asked: dict[str, Any] = {"share": share, "visitors": connections, "requests": requests}
    return run(parts, cpus=cpus, mode="arrivals", runtimes=["gunicorn"], repeats=repeats, **asked)


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_one_busy_worker_keeps_fast_waiting(cpus: int) -> None:
    found = cards(findings(behind(cpus=cpus)))
    card = found["behind-gunicorn"]
    assert (card["verdict"], card["headline"]) == ("yes", "/fast waited behind /")
    assert "30 of 30 /fast" in card["text"]
    assert card["cites"][0] == {"part": "gunicorn-1", "id": "/ 1"}
    assert found["answer"]["answer"] == ("both" if cpus == 1 else "workers")
    assert found["lost"]["verdict"] == "yes"
    assert "generator" not in found


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_a_second_worker_answers(cpus: int) -> None:
    found = cards(findings(behind(cpus=cpus, workers=2)))
    assert (found["behind-gunicorn"]["verdict"], found["behind-gunicorn"]["headline"]) == ("yes", "/fast did not wait")
    assert "worker 1 (0×) and worker 2 (30×)" in found["who-gunicorn"]["text"]
    assert found["answer"]["answer"] == ("cpus" if cpus == 1 else "neither")


def test_nothing_full_is_not_believed_where_the_load_generator_had_to_wait_for_a_cpu() -> None:
    answers = [cards(findings(behind(cpus=2, workers=2, bottleneck=why)))["answer"] for why in (None, "it had to wait")]
    assert [answer["answer"] for answer in answers] == ["neither", "cannot-tell"]
    assert "something else wanted the CPUs too" in answers[1]["text"]


def test_full_workers_are_not_believed_where_they_had_no_cpu() -> None:
    """They were at work all the time, and had a CPU for a part of it only."""
    answered = [cards(findings(behind(workers=2, slow=2, cpu=cpu)))["answer"] for cpu in (1.0, 0.7)]
    assert [answer["answer"] for answer in answered] == ["both", "cannot-tell"]
    assert "kept the workers busy for 100% of the time" in answered[1]["text"]
    assert "used 75% of 2 usable CPUs. But something else wanted the CPUs too" in answered[1]["text"]


@pytest.mark.parametrize("smt", [1.0, 1.45, 1.6])
def test_cpus_that_share_a_core_are_full_when_all_of_them_work(smt: float) -> None:
    """A hash takes longer then than alone, and no time is left all the same."""
    answer = cards(findings(sweep(16, sizes=(1, 8, 16), smt=smt, requests=480)))["answer"]
    assert answer["answer"] == "both"
    assert "for 100% of the time" in answer["text"]


def test_workers_that_take_turns_on_one_cpu_are_busy_all_the_time() -> None:
    answer = cards(findings(sweep(1, sizes=(1, 2, 4))))["answer"]
    assert answer["answer"] == "both"
    assert "for 100% of the time" in answer["text"]


def test_as_many_slow_requests_as_workers_block_them_all() -> None:
    found = cards(findings(behind(workers=2, slow=2)))
    assert found["behind-gunicorn"]["headline"] == "/fast waited behind /"
    assert found["who-gunicorn"]["verdict"] == "yes"


def test_a_worker_without_a_slow_request_is_not_called_busy() -> None:
    """As many of them as workers, but two went to one."""
    card = cards(findings(behind(workers=3, slow=3, each=({"on": 2, "stuck": 20},) * 3)))["behind-gunicorn"]
    assert (card["verdict"], card["headline"]) == ("no", "Some /fast waited")
    assert "Every worker" not in card["text"]


def test_on_a_pool_nobody_waits_even_with_one_worker() -> None:
    card = cards(findings(behind(where="pool")))["behind-gunicorn"]
    assert (card["verdict"], card["headline"]) == ("yes", "/fast did not wait")
    assert "the pool" in card["text"]


def test_a_request_that_is_handed_to_the_busy_one_is_told() -> None:
    card = cards(findings(behind(workers=2, each=({"stuck": 1},) * 3)))["behind-gunicorn"]
    assert (card["verdict"], card["headline"]) == ("no", "Some /fast waited")
    assert "3 of 30" in card["text"]
    assert "handed to a busy one" in card["text"]


def test_repeats_that_disagree_cannot_tell() -> None:
    card = cards(findings(behind(workers=2, each=({"stuck": 1}, {}, {}))))["behind-gunicorn"]
    assert card["verdict"] == "cannot-tell"


def test_a_loop_that_goes_on_is_not_called_blocked() -> None:
    card = cards(findings(behind(blocks=False)))["behind-gunicorn"]
    assert (card["verdict"], card["headline"]) == ("no", "/fast did not wait")


def test_what_was_lost_and_who_was_the_limit_is_told() -> None:
    problems = {"timeout": 1, "refused": 1}
    found = cards(findings(behind(lost=2, problems=problems, bottleneck="the load generator used 97% of a CPU")))
    assert (found["lost"]["verdict"], found["lost"]["headline"]) == ("no", "6 lost")
    assert found["lost"]["text"].endswith(
        "got no answer: 3 given up by a visitor who had waited too long and 3 refused, for no worker listened."
    )
    assert "97%" in found["generator"]["text"]


@pytest.mark.parametrize(("cpus", "knee"), [(1, 1), (2, 2), (4, 4)])
def test_more_workers_stop_paying_at_the_cpus(cpus: int, knee: int) -> None:
    found = cards(findings(sweep(cpus, requests=400)))
    assert found["knee-gunicorn"]["headline"] == f"Stops paying at {knee}"
    assert found["knee-gunicorn"]["verdict"] == "yes"
    if cpus == 1:
        assert found["ideal-gunicorn"]["verdict"] == "cannot-tell"
    else:
        assert found["ideal-gunicorn"]["verdict"] == "yes"
        assert found["waiting-gunicorn"]["headline"] == "Shorter waits"
    assert found["fair-gunicorn"]["verdict"] == "yes"
    assert found["answer"]["answer"] == "both"


@pytest.mark.parametrize(("cpus", "knee"), [(5, 6), (6, 6), (10, 12), (13, 12), (14, 16)])
def test_the_cpus_need_not_be_among_the_numbers_that_were_tried(cpus: int, knee: int) -> None:
    """An ideal machine stops paying at the next larger one, or where what is left to gain is not worth it."""
    found = cards(findings(sweep(cpus, sizes=(1, 2, 3, 4, 6, 8, 12, 16), requests=960)))["knee-gunicorn"]
    told = ("Pays up to 16", "cannot-tell") if knee == 16 else (f"Stops paying at {knee}", "yes")
    assert (found["headline"], found["verdict"]) == told


def test_enough_cpus_pay_to_the_end() -> None:
    found = cards(findings(sweep(16)))
    assert (found["knee-gunicorn"]["verdict"], found["knee-gunicorn"]["headline"]) == ("cannot-tell", "Pays up to 8")
    assert "8.00 times" in found["ideal-gunicorn"]["text"]
    assert found["answer"]["answer"] == "workers"


def test_a_machine_that_gives_less_than_it_says_is_far_from_the_ideal() -> None:
    found = cards(findings(sweep(4, works=1.0)))
    assert found["ideal-gunicorn"]["verdict"] == "no"
    assert found["knee-gunicorn"]["verdict"] == "no"
    assert found["waiting-gunicorn"]["headline"] == "No clear change in the waits"


def test_a_machine_that_changes_wildly_proves_nothing() -> None:
    """The repeats agree, and still it may be chance; what does not depend on the machine's speed is told."""
    for key in ("knee-gunicorn", "ideal-gunicorn", "waiting-gunicorn"):
        calm, wild = (cards(findings(sweep(2, slower=slower)))[key] for slower in (1.05, 1.8))
        assert calm["verdict"] == "yes"
        assert wild["verdict"] == "cannot-tell"
        assert wild["headline"].endswith(": cannot tell")
        assert "changed by 80% during this run" in wild["text"]
    assert cards(findings(sweep(2, slower=1.8, requests=400)))["fair-gunicorn"]["verdict"] == "yes"
    knee = cards(findings(sweep(16, slower=1.8)))["knee-gunicorn"]
    assert knee["headline"].endswith(": cannot tell")
    assert "changed by 80%" in knee["text"]


def test_a_gain_that_cannot_be_told_is_no_headline() -> None:
    card = cards(findings(sweep(2, noises=(1.0,))))["ideal-gunicorn"]
    assert (card["verdict"], card["headline"]) == ("cannot-tell", "The gain: cannot tell")


def test_noise_hides_the_knee() -> None:
    found = cards(findings(sweep(2, noises=(0.6, 1.5, 1.9))))
    assert found["knee-gunicorn"]["verdict"] == "cannot-tell"


@pytest.mark.parametrize("repeats", [1, 2])
def test_few_repeats_tell_nothing_of_chance(repeats: int) -> None:
    found = cards(findings(sweep(2, noises=(1.0,) * repeats)))
    assert [found[f"{key}-gunicorn"]["verdict"] for key in ("knee", "ideal", "waiting")] == ["cannot-tell"] * 3
    assert cards(findings(arrivals(150, repeats=repeats)))["growing-gunicorn"]["verdict"] == "cannot-tell"


def test_a_sweep_of_one_worker_tells_what_it_can() -> None:
    found = cards(findings(sweep(2, sizes=(1,))))
    assert found["knee-gunicorn"]["headline"] == "One worker only"
    assert found["fair-gunicorn"]["verdict"] == "cannot-tell"


def test_memory_is_told_as_the_system_tells_it() -> None:
    rows = {"RSS": 30.0, "PSS": 16.0, "USS": 14.0}
    card = cards(findings(sweep(2, memory=rows)))["memory-gunicorn"]
    assert card["headline"] == "14 MB more a worker"
    assert "30 MB (RSS)" in card["text"]
    assert "16 MB (PSS)" in card["text"]
    assert cards(findings(sweep(2, memory={"RSS": 30.0})))["memory-gunicorn"]["verdict"] == "cannot-tell"
    assert cards(findings(sweep(2)))["memory-gunicorn"]["headline"] == "Memory unknown"


def test_a_preferred_worker_is_told() -> None:
    card = cards(findings(sweep(2, preferred=7, requests=400)))["fair-gunicorn"]
    assert (card["verdict"], card["headline"]) == ("no", "Spread unevenly")


@pytest.mark.parametrize(
    ("requests", "repeats", "spread"),
    [
        (64, 3, lambda workers, repeat, n: n % workers + 1),
        (960, 2, lambda workers, repeat, n: n % workers + 1),
        (480, 3, lambda workers, repeat, n: random.Random(100 * repeat + n).randrange(workers) + 1),
    ],
    ids=["few requests, even", "few repeats, even", "a fair coin"],
)
def test_a_spread_that_chance_alone_may_give_proves_nothing(
    requests: int, repeats: int, spread: Callable[[int, int, int], int]
) -> None:
    run = sweep(16, sizes=(1, 16), requests=requests, spread=spread, noises=(1.0,) * repeats)
    assert cards(findings(run))["fair-gunicorn"]["verdict"] == "cannot-tell"


def test_what_closed_visitors_hide_when_too_many_come() -> None:
    found = cards(findings(arrivals(200)))
    assert found["omitted-gunicorn"]["verdict"] == "yes"
    assert "coordinated omission" in found["omitted-gunicorn"]["text"]
    assert (found["growing-gunicorn"]["verdict"], found["growing-gunicorn"]["headline"]) == (
        "yes", "The queue grew and grew",
    )  # fmt: skip
    assert "took 50.0 hashes" in found["closed-gunicorn"]["text"]


def test_a_server_that_keeps_up_hides_nothing() -> None:
    found = cards(findings(arrivals(50)))
    assert (found["omitted-gunicorn"]["verdict"], found["omitted-gunicorn"]["headline"]) == (
        "yes", "No difference here",
    )  # fmt: skip
    assert "coordinated omission" not in found["omitted-gunicorn"]["text"]
    assert (found["growing-gunicorn"]["verdict"], found["growing-gunicorn"]["headline"]) == (
        "yes", "The queue did not grow",
    )  # fmt: skip
    assert found["closed-gunicorn"]["verdict"] == "yes"


def test_too_few_visitors_to_take_all_connections_hide_nothing_either() -> None:
    """At 120% of what the server can do 200 requests leave 33 waiting: there are 50 connections."""
    assert cards(findings(arrivals(120)))["omitted-gunicorn"]["verdict"] == "yes"
    card = cards(findings(arrivals(120, requests=500)))["omitted-gunicorn"]
    assert (card["verdict"], card["headline"][:21]) == ("yes", "From when due it took")


def test_nine_in_ten_of_a_few_is_not_told() -> None:
    card = cards(findings(arrivals(200, requests=99)))["omitted-gunicorn"]
    assert (card["verdict"], card["headline"]) == ("cannot-tell", "Two clocks: cannot tell")
    assert "99 open requests" in card["text"]
    assert cards(findings(arrivals(200, requests=100, connections=10)))["omitted-gunicorn"]["verdict"] == "yes"


def test_p99_has_a_row_only_from_a_thousand_answers_on() -> None:
    def rows(recording: Recording) -> set[str]:
        return {event["name"] for event in findings(recording) if event["e"] == "result"}

    assert "closed, p99" not in rows(arrivals(50))
    assert "closed, p99" in rows(arrivals(50, repeats=5))
    assert "/fast, p50" in rows(behind())
    assert "/, p50" not in rows(behind())


@pytest.mark.parametrize("mode", ["behind", "sweep", "arrivals"])
def test_nothing_answered_is_nothing_said(mode: str) -> None:
    found = cards(findings(run([], cpus=2, mode=mode, runtimes=["gunicorn"], repeats=1)))
    assert found["none"]["verdict"] == "cannot-tell"
    assert found["answer"]["answer"] == "cannot-tell"
