"""How long a run will still take: the plan at first, then what the run itself showed."""

from __future__ import annotations

from labs.sdk.lab import Step
from labs.sdk.progress import NEARLY, Progress


def step(label: str, repeat: int, seconds: float) -> Step:
    return Step(label.lower(), label, {}, repeat, seconds)


def test_time_left_falls_while_one_program_runs() -> None:
    progress = Progress([step("Slow", 1, 10), step("Slow", 2, 10)], now=3)
    told = [progress.event(3 + spent) for spent in (0, 4, 9)]
    assert [each["left"] for each in told] == [20, 16, 11]
    assert [each["share"] for each in told] == [0, 0.2, 0.45]
    assert {each["done"] for each in told} == {0}


def test_each_program_is_expected_to_take_what_it_took_before() -> None:
    progress = Progress([step(name, n, 10) for n in (1, 2) for name in ("Quick", "Slow")], now=0)
    progress.end(5)
    assert progress.event(5)["left"] == 3 * 5, "nothing is known of the slow one but the pace so far"
    progress.end(25)
    assert progress.event(25)["left"] == 5 + 20
    progress.end(30)
    assert progress.event(40)["left"] == 10


def test_a_program_beyond_its_time_makes_the_rest_longer_and_says_so() -> None:
    progress = Progress([step("Slow", 1, 10), step("Slow", 2, 10)], now=0)
    told = [progress.event(now) for now in (10, 15, 20)]
    assert [each["left"] for each in told] == [10, 15, 20]
    assert [each["over"] for each in told] == [0, 5, 10]
    assert {each["share"] for each in told} == {NEARLY / 2}
    progress.end(20)
    progress.end(45)
    end = progress.event(46)
    assert (end["done"], end["share"], end["left"], end["text"]) == (2, 1, 0, "")


def test_somebody_is_told_once_a_second() -> None:
    progress = Progress([step("Slow", 1, 10)], now=0)
    assert [progress.due(now) for now in (0.5, 1.0)] == [False, True]
    progress.event(1.0)
    assert [progress.due(now) for now in (1.9, 2.0)] == [False, True]
