"""What redis-basics says of MONITOR: simulated servers on which it costs much, nothing, or who can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from labs.redis_basics.lab import findings
from labs.sdk.events import Event
from labs.sdk.recording import Recording

Rates = Sequence[tuple[float, float]]


def stream(rates: Rates, cpus: int = 2, ways: Sequence[str] = ("alone", "watched")) -> list[Event]:
    """`rates`: GETs a second alone and watched, repeat by repeat."""
    params = {"mode": "monitor", "runtimes": ["python", "node"], "repeats": len(rates)}
    events: list[Event] = [
        {"e": "run", "t": 0, "state": "started", "params": params},
        {"e": "host", "t": 0, "cpus": cpus, "quiet": True, "busy": 0.0},
    ]
    for repeat, values in enumerate(rates, 1):
        for way, value in zip(("alone", "watched"), values, strict=True):
            if way not in ways:
                continue
            part = f"python-{way}-{repeat}"
            events += [
                {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": "python", "label": way,
                 "repeat": repeat, "params": {"mode": "monitor", "way": way}},
                {"e": "sample", "t": 1, "part": part, "series": "GETs", "value": value, "unit": "GETs/s", "way": way,
                 "seen": int(value) if way == "watched" else 0, "megabytes": 5.0},
                {"e": "part", "t": 1, "part": part, "state": "end"},
            ]  # fmt: skip
    return events


def card(events: list[Event]) -> Any:
    [found] = [event for event in findings(Recording(events)) if event.get("role") == "finding"]
    return found


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_a_cost_is_told_repeat_by_repeat(cpus: int) -> None:
    found = card(stream([(100_000, 60_000), (200_000, 120_000), (150_000, 90_000)], cpus))
    assert (found["verdict"], found["headline"]) == ("yes", "One MONITOR took 40 % off")
    assert "1.67" in found["text"]
    assert "90,000 lines" in found["text"]
    assert ("share" in found["text"]) == (cpus < 3)
    assert found["cites"] == [{"part": "python-watched-1", "id": "1"}]


@pytest.mark.parametrize(
    ("rates", "verdict"),
    [
        ([(100, 120), (100, 110), (100, 105)], "no"),
        ([(100, 90), (100, 110), (100, 105)], "cannot-tell"),
        ([(100, 50)], "cannot-tell"),
    ],
)
def test_no_cost_and_noise_are_told_as_such(rates: Rates, verdict: str) -> None:
    assert card(stream(rates))["verdict"] == verdict


def test_what_is_left_is_told_as_it_was_guessed() -> None:
    events = list(findings(Recording(stream([(100_000, 60_000), (200_000, 100_000), (100_000, 70_000)]))))
    [left] = [event for event in events if event["e"] == "result" and event["unit"] == "%"]
    assert (left["name"], left["value"], left["label"]) == ("GETs that are left", 60.0, "One MONITOR")
    [said] = [event for event in events if event.get("chart") == "left"]
    assert said["text"] == "With one MONITOR 60 (50 to 70) of 100 GETs were left, repeat by repeat."


def test_half_a_run_cannot_tell() -> None:
    found = card(stream([(100, 50)] * 3, ways=["alone"]))
    assert found["verdict"] == "cannot-tell"
    results = [event for event in findings(Recording(stream([(100, 50)] * 3))) if event["e"] == "result"]
    assert [event["label"] for event in results] == ["Nobody watches", "One MONITOR", "One MONITOR"]
    half = findings(Recording(stream([(100, 50)] * 3, ways=["watched"])))
    assert [event["label"] for event in half if event["e"] == "result"] == ["One MONITOR"]
