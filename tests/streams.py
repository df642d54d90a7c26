"""Event streams of bursts as a machine of any shape would give them, for tests of pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from labs.sdk.events import Event
from labs.sdk.recording import Recording

RECORDINGS = Path(__file__).parent / "fixtures" / "recordings"
UNIT = 0.25


def recorded(name: str) -> list[Event]:
    """A real run, recorded on the machine that its name tells."""
    return [orjson.loads(line) for line in (RECORDINGS / f"{name}.ndjson").read_bytes().splitlines()]


def burst(
    part: str, *, tasks: int, pool: int, cpus: float, unit: float = UNIT, runtime: str = "gevent", repeat: int = 1,
    cpu_times: bool = True, width: int | None = None,
) -> list[Event]:  # fmt: skip
    """One part on an ideal machine: `width` threads take turns fairly on `cpus` CPUs.

    A simulation, exact enough to know the right finding; never shown to a learner.
    """
    width = min(width or pool, tasks)
    events: list[Event] = [
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": runtime, "label": runtime.capitalize(),
         "repeat": repeat, "params": {"tasks": tasks, "pool": pool}, "cold": repeat == 1},
        {"e": "sample", "t": -1, "part": part, "series": "unit", "value": unit, "when": "before"},
    ]  # fmt: skip
    events += [
        {"e": "queued", "t": 0.0, "part": part, "id": str(n + 1), "name": f"hash {n + 1}", "kind": "cpu"}
        for n in range(tasks)
    ]
    clock, waiting = 0.0, list(range(1, tasks + 1))
    running: dict[int, tuple[int, float]] = {}
    while waiting or running:
        for lane in range(1, width + 1):
            if lane not in running and waiting:
                n = waiting.pop(0)
                running[lane] = (n, unit)
                events.append(
                    {"e": "begin", "t": clock, "part": part, "id": str(n), "lane": f"thread {lane}", "kind": "cpu"}
                )
        speed = min(1.0, cpus / len(running))
        step = min(left for _, left in running.values()) / speed
        clock += step
        for lane, (n, left) in list(running.items()):
            running[lane] = (n, left - step * speed)
            if running[lane][1] <= 1e-9:
                end: Event = {"e": "end", "t": clock, "part": part, "id": str(n)}
                events.append(end | ({"cpu": unit} if cpu_times else {}))
                del running[lane]
    events += [
        {"e": "sample", "t": clock + unit, "part": part, "series": "unit", "value": unit, "when": "after"},
        {"e": "part", "t": clock, "part": part, "state": "end", "seconds": clock},
    ]
    return events


def run(parts: Iterable[Sequence[Event]], *, cpus: int, quiet: bool = True, **params: Any) -> Recording:
    """A finished run of such parts."""
    events: list[Event] = [
        {"e": "run", "t": 0, "state": "started", "params": {"mode": "burst", **params}},
        {"e": "host", "t": 0, "cpus": cpus, "quiet": quiet, "busy": 0.0 if quiet else 0.9},
    ]
    for part in parts:
        events += part
    return Recording([*events, {"e": "run", "t": 99, "state": "finished"}])


def cards(findings: Iterable[Event]) -> dict[str, Event]:
    """What findings say: each card by its id, the answer as "answer", the last caption as "caption"."""
    return {event.get("id") or event["role"]: event for event in findings if event["e"] == "finding"}


def answered(findings: Iterable[Event]) -> str:
    """The answer to the question that is asked after the run."""
    return str(cards(findings)["answer"]["answer"])


def results(findings: Iterable[Event], name: str) -> dict[str, float]:
    """The values of one result, by label."""
    return {event["label"]: event["value"] for event in findings if event["e"] == "result" and event["name"] == name}
