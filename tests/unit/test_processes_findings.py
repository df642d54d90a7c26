"""Findings of the processes lab on simulated clusters: what each act cost, and what cannot be told."""

from __future__ import annotations

import pytest

from labs.processes.findings import findings
from labs.sdk.events import Event
from labs.sdk.recording import Recording
from tests.process_streams import back, cluster, late, lost, mark, memory, sample
from tests.streams import answered, cards


def rows(recording: Recording) -> dict[str, Event]:
    return {event["name"]: event for event in findings(recording) if event["e"] == "result"}


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_nothing_done_is_said(cpus: int) -> None:
    told = cards(findings(cluster(cpus=cpus)))
    assert list(told) == ["nothing", "answer", "caption"]
    assert "1000 requests came, none of them was lost" in told["nothing"]["text"]
    assert answered(findings(cluster(cpus=cpus))) == "cannot-tell"


def test_losses_without_an_act_are_nobodys() -> None:
    recording = cluster(lost(3.0), mark("reload", 10.0), lost(50.0))
    assert cards(findings(recording))["stray"]["headline"] == "2 requests lost without an act"
    assert cards(findings(recording))["reload"]["verdict"] == "yes"


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_a_kill_pays_for_what_the_worker_had_taken(cpus: int) -> None:
    recording = cluster(
        lost(9.95, 0.06), lost(9.99, 0.02), mark("kill", 10.0, worker=2), late(10.1, 0.7),
        back("kill", 10.8, 0.8, 2), cpus=cpus,
    )  # fmt: skip
    told = cards(findings(recording))["kill"]
    assert (told["verdict"], told["headline"]) == ("yes", "kill −9 lost 2 requests")
    assert "1 request came late, the latest after 0.70 s" in told["text"]
    assert "Whole again after 0.80 s" in told["text"]
    assert rows(recording)["until whole again, kill −9"]["values"] == [0.8]
    assert answered(findings(recording)) == "kill"


def test_several_kills_are_counted_together() -> None:
    recording = cluster(
        mark("kill", 10.0, worker=1), lost(9.98), back("kill", 10.5, 0.5, 1),
        mark("kill", 20.0, worker=1), lost(19.98), back("kill", 21.0, 1.0, 1), mark("kill", 30.0, worker=2),
    )  # fmt: skip
    told = cards(findings(recording))["kill"]
    assert told["headline"] == "kill −9 lost 2 requests in 3 kills"
    assert "0.75 (0.50 to 1.00) s" in told["text"]
    assert "1 of 3 not seen" in told["text"]


def test_a_kill_that_cost_nothing_says_so() -> None:
    told = cards(findings(cluster(mark("kill", 10.0, worker=1), back("kill", 10.4, 0.4, 1))))["kill"]
    assert told["verdict"] == "no"
    assert "lost nothing this time" in told["headline"]
    assert answered(findings(cluster(mark("kill", 10.0, worker=1)))) == "none"


@pytest.mark.parametrize(
    ("act", "id"), [("restart", "restart"), ("reload", "reload"), ("up", "scale"), ("down", "scale")]
)
def test_what_is_meant_to_be_gentle_is_judged_by_what_it_lost(act: str, id: str) -> None:
    assert cards(findings(cluster(mark(act, 10.0, worker=1))))[id]["verdict"] == "yes"
    bad = cards(findings(cluster(mark(act, 10.0, worker=1), lost(10.2))))[id]
    assert bad["verdict"] == "no"
    assert "lost 1 request" in bad["headline"]


def test_a_request_is_charged_to_the_act_that_came_while_it_waited() -> None:
    recording = cluster(mark("reload", 8.0), lost(9.0, 2.0), mark("kill", 10.0, worker=1))
    assert cards(findings(recording))["reload"]["verdict"] == "yes"
    assert cards(findings(recording))["kill"]["verdict"] == "yes"


@pytest.mark.parametrize(
    ("delays", "verdict", "headline"),
    [
        ([0.25, 0.5, 1.0], "yes", "Back-off: 0.25, 0.5, 1 s"),
        ([0.25], "cannot-tell", "One wait of 0.25 s"),
        ([0.25, 0.25], "cannot-tell", "Waits: 0.25, 0.25 s"),
        ([], "cannot-tell", "No crash was seen before the end"),
    ],
)
def test_back_off_is_what_was_waited(delays: list[float], verdict: str, headline: str) -> None:
    waits = [sample("back-off", 21.0 + n, delay) for n, delay in enumerate(delays)]
    crashes = [sample("crash", 20.5 + n, 1) for n in range(len(delays))]
    run = cluster(mark("crash", 20.0, worker=1), waits, crashes, lost(22.0, 5.0, "timeout"))
    told = cards(findings(run))["back-off"]
    assert (told["verdict"], told["headline"]) == (verdict, headline)


@pytest.mark.parametrize(
    ("of", "words"), [("server", "the whole server ended 2 times"), ("worker 1", "the server went on without it")]
)
def test_what_a_crash_took_with_it_is_told(of: str, words: str) -> None:
    crashes = [sample("crash", 20.5 + n, 1) for n in range(2)]
    waits = [sample("back-off", 21.0 + n, 0.25 * 2**n, of=of) for n in range(2)]
    told = cards(findings(cluster(mark("crash", 20.0, worker=1), waits, crashes)))["back-off"]
    assert f"2 starts of a worker failed, and {words}. The manager waited 0.25, 0.5 s" in told["text"]


def test_a_leak_grows_and_the_others_do_not() -> None:
    recording = cluster(
        memory(1, [30 + 4 * max(0, n - 5) for n in range(20)]), memory(2, [30.0] * 20), mark("leak", 5.0, worker=1)
    )
    assert cards(findings(recording))["leak"]["headline"] == "The leak: 56 MB more"
    assert cards(findings(recording))["leak"]["verdict"] == "yes"


@pytest.mark.parametrize(
    ("leaking", "other", "headline"),
    [
        ([30.0] * 20, [30.0] * 20, "No leak to be seen yet"),
        ([30.0 + n for n in range(20)], [30.0 + n for n in range(20)], "Cannot tell the leak"),
        ([], [30.0] * 20, "The leak cannot be judged"),
    ],
)
def test_a_leak_that_cannot_be_told(leaking: list[float], other: list[float], headline: str) -> None:
    told = cards(findings(cluster(memory(1, leaking), memory(2, other), mark("leak", 5.0, worker=1))))["leak"]
    assert (told["verdict"], told["headline"]) == ("cannot-tell", headline)


def test_a_leak_is_not_seen_in_the_worker_that_came_after() -> None:
    recording = cluster(memory(1, [30.0] * 6), memory(1, [90.0] * 10, begin=7.0, pid=500), mark("leak", 5.0, worker=1))
    assert cards(findings(recording))["leak"]["verdict"] == "cannot-tell"


def test_two_acts_that_cost_the_same_leave_the_answer_open() -> None:
    recording = cluster(mark("kill", 10.0, worker=1), lost(9.98), mark("crash", 30.0, worker=1), lost(31.0))
    assert answered(findings(recording)) == "cannot-tell"


def test_a_generator_that_was_held_up_spoils_the_trust() -> None:
    trusts = [next(e for e in findings(cluster(held_up=held)) if e["e"] == "trust") for held in (False, True)]
    assert [trust["level"] for trust in trusts] == ["single", "noisy"]
    assert "held up" in trusts[1]["text"]


def test_who_gave_up_has_waited_too() -> None:
    told = cards(findings(cluster(mark("kill", 10.0, worker=1), lost(9.98))))["kill"]
    assert "Nobody else waited longer than usual" in told["text"]
