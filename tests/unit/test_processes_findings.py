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
    recording = cluster(lost(3.0), mark("reload", 10.0), back("reload", 12.0, 2.0), lost(50.0))
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
    assert "1 answer came late meanwhile, the latest after 0.70 s" in told["text"]
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
    bad = cards(findings(cluster(mark(act, 10.0, worker=1), lost(10.2, error="refused"))))[id]
    assert bad["verdict"] == "no"
    assert "lost 1 request" in bad["headline"]


CUT_OFF = [lost(9.93, 0.08), lost(9.95, 0.06)]
"""Two that a worker took with it at 10.01 s."""


def verdicts(recording: Recording) -> dict[str, str]:
    return {id: card["verdict"] for id, card in cards(findings(recording)).items() if "verdict" in card}


@pytest.mark.parametrize("gentle", ["restart", "reload", "up", "down"])
def test_who_is_cut_off_was_with_the_worker_that_was_killed_and_not_with_a_gentle_act_before(gentle: str) -> None:
    recording = cluster(mark(gentle, 9.97, worker=1), CUT_OFF, mark("kill", 10.0, worker=2))
    id = "scale" if gentle in ("up", "down") else gentle
    assert verdicts(recording) == {id: "yes", "kill": "yes"}
    assert cards(findings(recording))["kill"]["headline"] == "kill −9 lost 2 requests"
    assert answered(findings(recording)) == "kill"


def test_who_is_cut_off_long_after_a_kill_was_not_with_that_worker() -> None:
    recording = cluster(mark("reload", 8.0), mark("kill", 9.0, worker=1), lost(9.5, 2.0), back("reload", 12.0, 4.0))
    assert verdicts(recording) == {"reload": "no", "kill": "no"}


@pytest.mark.parametrize("error", ["refused", "timeout"])
def test_who_found_nobody_misses_the_worker_that_went_first(error: str) -> None:
    """A reload that was asked for meanwhile is not why nobody listened."""
    missed = [lost(10.12 + n / 30, 0.001, error) for n in range(8)]
    recording = cluster(
        mark("kill", 10.0, worker=1), mark("reload", 10.1), missed, back("kill", 10.4, 0.4, 1), lost(10.6, 0.1, error),
        back("reload", 11.0, 0.9),
    )  # fmt: skip
    told = cards(findings(recording))
    assert told["kill"]["headline"] == "kill −9 lost 8 requests"
    assert told["reload"]["headline"] == "The reload lost 1 request"


@pytest.mark.parametrize(
    ("lost_one", "after"),
    [(lost(10.1, 0.02), "kill"), (lost(10.1, 0.02, "refused"), "reload")],
    ids=["cut off just after both", "refused while a reload was not over and a worker was killed"],
)
def test_what_two_acts_may_have_cost_is_charged_to_neither(lost_one: Event, after: str) -> None:
    first, second = ("kill", "reload") if after == "kill" else ("reload", "kill")
    recording = cluster(
        mark(first, 10.0, **({"worker": 1} if first == "kill" else {})),
        mark(second, 10.05, **({"worker": 1} if second == "kill" else {})),
        lost_one, back("kill", 10.6, 0.6, 1), back("reload", 10.7, 0.7),
    )  # fmt: skip
    told = cards(findings(recording))
    assert verdicts(recording) == {"kill": "cannot-tell", "reload": "cannot-tell"}
    assert told["reload"]["headline"] == "Cannot tell what the reload lost"
    assert "Cannot tell of 1 lost request: something else was going on too" in told["kill"]["text"]
    assert answered(findings(recording)) == "cannot-tell"


def test_who_was_late_is_told_of_the_act_that_began_it() -> None:
    """A worker was killed, and a reload asked for, while those who had met the crash still waited."""
    waited = [late(10.5 + n, 5.0 - n) for n in range(4)]
    recording = cluster(
        mark("crash", 10.0, worker=1), sample("back-off", 10.2, 0.25), waited, mark("reload", 14.0),
        back("crash", 15.0, 5.0, 1), mark("kill", 15.05, worker=2), late(15.2, 0.4), back("kill", 15.4, 0.35, 2),
        back("reload", 16.0, 2.0),
    )  # fmt: skip
    told = cards(findings(recording))
    assert "4 answers came late meanwhile, the latest after 5.00 s" in told["back-off"]["text"]
    for id in ("kill", "reload"):
        assert "came late" not in told[id]["text"]
        assert "Cannot tell of 1 late answer: something else was going on too" in told[id]["text"]
        assert "Nobody" not in told[id]["text"]


def test_few_doubtful_ones_leave_a_clear_answer() -> None:
    recording = cluster(
        mark("kill", 5.0, worker=1), [lost(4.97) for _ in range(4)], back("kill", 5.4, 0.4, 1),
        mark("restart", 10.0, worker=1), mark("reload", 10.1), lost(10.2, 0.1),
    )  # fmt: skip
    assert answered(findings(recording)) == "kill"


def test_a_long_outage_is_charged_to_its_end() -> None:
    gave_up = [lost(t, 5.0, "timeout") for t in (20.0, 24.0, 30.0, 36.0)]
    recording = cluster(mark("crash", 10.0, worker=1), sample("back-off", 12.0, 0.25), gave_up,
                        back("crash", 38.0, 28.0, 1), lost(50.0))  # fmt: skip
    told = cards(findings(recording))
    assert "4 requests were given up by a visitor who had waited too long" in told["back-off"]["text"]
    assert told["stray"]["headline"] == "1 request lost without an act"


def test_how_a_kill_lost_them_is_told() -> None:
    refused = [lost(10.02 + n / 30, 0.001, "refused") for n in range(3)]
    text = cards(findings(cluster(CUT_OFF, mark("kill", 10.0, worker=1), refused)))["kill"]["text"]
    assert text == text.strip()
    assert "2 requests were cut off: what a worker has taken dies with it. 3 requests were refused: no worker" in text
    only = cards(findings(cluster(mark("kill", 10.0, worker=1), refused)))["kill"]["text"]
    assert "taken" not in only


def test_a_kill_that_lost_nothing_explains_nothing() -> None:
    assert "nobody" not in cards(findings(cluster(mark("kill", 10.0, worker=1))))["kill"]["text"]


def test_a_reload_that_stopped_half_way_is_no_reload_without_loss() -> None:
    halt = mark("halt", 10.4, stops="reload")
    told = cards(findings(cluster(mark("reload", 10.0), halt)))["reload"]
    assert (told["verdict"], told["headline"]) == ("cannot-tell", "The reload did not get through")
    assert "1 of 1 went no further than a new worker that could not start" in told["text"]
    through = cluster(mark("reload", 5.0), back("reload", 6.0, 1.0), mark("reload", 10.0), halt)
    assert cards(findings(through))["reload"]["verdict"] == "yes"


def repeated(*losses: int, took: tuple[float, ...] = (1.0, 1.0, 1.0)) -> Recording:
    """A tour, done once for each of these."""
    run = cluster(mark("kill", 10.0, worker=1))
    told: list[Event] = [{"e": "run", "t": 0, "state": "started",
                          "params": {"mode": "tour", "repeats": len(losses), "runtimes": ["gunicorn"]}},
                         {"e": "host", "t": 0, **run.host}]  # fmt: skip
    for n, (lose, seconds) in enumerate(zip(losses, took, strict=True), 1):
        part = f"gunicorn-{n}"
        told.append({"e": "part", "t": 0, "part": part, "state": "begin", "runtime": "gunicorn", "label": "gunicorn",
                     "repeat": n, "params": {}, "cold": n == 1})  # fmt: skip
        inside = [mark("kill", 10.0, worker=1), *[lost(9.98)] * lose, back("kill", 10 + seconds, seconds, 1)]
        told += [{**event, "part": part} for event in inside]
        told.append({"e": "part", "t": 61, "part": part, "state": "end", "seconds": 61})
    return Recording(told)


@pytest.mark.parametrize(
    ("recording", "level"),
    [
        (repeated(9, 9, 9), "steady"),
        (repeated(2, 9, 55), "noisy"),
        (repeated(9, 9, 9, took=(0.3, 1.2, 2.7)), "noisy"),
    ],
)
def test_repeats_are_compared_in_losses_and_in_times(recording: Recording, level: str) -> None:
    trust = next(event for event in findings(recording) if event["e"] == "trust")
    assert trust["level"] == level


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


def test_a_leak_is_not_judged_by_another_one() -> None:
    leaking = [30.0 + 3 * max(0, n - 5) for n in range(20)]
    both = memory(1, leaking) + memory(2, leaking)
    both += [mark("leak", 5.0, worker=1), mark("leak", 6.0, worker=2)]
    told = cards(findings(cluster(both, memory(3, [30.0] * 20))))["leak"]
    assert (told["verdict"], told["headline"]) == ("yes", "The leak: 42 MB more")
    assert "the others by 0 MB" in told["text"]
    assert "the others" not in cards(findings(cluster(both)))["leak"]["text"]


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
