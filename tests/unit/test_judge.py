"""Careful words: medians, spreads, and when to say that one cannot tell."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from labs.sdk.events import Event
from labs.sdk.judge import Measured, drift, paired_ratio, runtime_ratios, trust
from tests.streams import burst, run

numbers = st.lists(st.floats(0.01, 100), min_size=1, max_size=9)


@given(numbers)
def test_the_median_lies_within_the_range(values: list[float]) -> None:
    measured = Measured(tuple(values))
    assert measured.low <= measured.median <= measured.high
    assert not (measured.surely_above(1) and measured.surely_below(1))


@given(numbers, st.floats(0.1, 10))
def test_a_paired_ratio_forgets_the_mood_of_the_machine(values: list[float], factor: float) -> None:
    ratio = paired_ratio([factor * value for value in values], values)
    assert ratio is not None
    assert abs(ratio.median - factor) < 1e-6 * factor
    assert ratio.spread < 1e-6


def test_no_pairs_no_ratio() -> None:
    assert paired_ratio([], [1.0]) is None
    assert paired_ratio([1.0], [0.0]) is None


def _repeats(units: list[float], **shape: Any) -> list[list[Event]]:
    return [burst(f"gevent-{n}", repeat=n, unit=unit, cpus=2, **shape) for n, unit in enumerate(units, 1)]


def test_trust_is_steady_when_nothing_moved() -> None:
    recording = run(_repeats([0.25, 0.25, 0.25], tasks=5, pool=4), cpus=2, repeats=3)
    badge = trust(recording, [Measured((1.0, 1.02, 1.01))])
    assert (badge["level"], badge["text"]) == ("steady", "Steady: 3 repeats, spread 2%")


def test_trust_turns_amber_when_the_same_work_changed_by_more_than_a_tenth() -> None:
    recording = run(_repeats([0.25, 0.25, 0.29], tasks=5, pool=4), cpus=2, repeats=3)
    assert round(drift(recording), 2) == 0.16
    assert trust(recording, [Measured((1.0,))])["level"] == "noisy"


def test_trust_turns_amber_when_repeats_disagree() -> None:
    recording = run(_repeats([0.25] * 3, tasks=5, pool=4), cpus=2, repeats=3)
    assert trust(recording, [Measured((1.0, 1.3, 1.0))])["level"] == "noisy"


def test_few_repeats_are_called_few_and_a_busy_machine_busy() -> None:
    recording = run(_repeats([0.25], tasks=5, pool=4), cpus=2, repeats=1, quiet=False)
    badge = trust(recording, [Measured((1.0,))])
    assert badge["level"] == "single"
    assert badge["text"].startswith("1 repeat: too few")
    assert "90% busy" in badge["text"]


def _ratio(a: list[float], b: list[float]) -> dict[str, object]:
    recording = run([burst("gevent-1", tasks=1, pool=1, cpus=1)], cpus=2)
    return list(runtime_ratios(recording, {"gevent": a, "node": b}))[1]


def test_runtimes_are_told_apart_only_when_every_repeat_agrees() -> None:
    assert _ratio([1, 1, 1], [0.7, 0.8, 0.75])["verdict"] == "yes"
    assert _ratio([1, 1, 1], [0.9, 1.1, 0.95])["verdict"] == "cannot-tell"
    assert _ratio([1, 1], [0.5, 0.5])["verdict"] == "cannot-tell"
