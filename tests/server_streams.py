"""Event streams of the blocked-loop lab as a server on any machine would give them, for tests of pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labs.sdk.events import Event

CALM_LAG, CALM_WAIT, QUIET, RATE, BEAT = 0.0003, 0.002, 0.4, 20, 0.02
LANES = {"loop": "loop", "slices": "loop", "thread": "thread 1", "process": "process 1"}


def server(
    part: str, ways: Sequence[str] = ("loop", "thread"), *, runtime: str = "asyncio", repeat: int = 1,
    unit: float = 1.0, gil: bool | None = True, lags: dict[str, float] | None = None,
    waits: dict[str, float] | None = None, slices: int = 50, blocks: bool = True, dearer: float = 1.0,
    prober_late: float = 0.001, rate: float = RATE,
) -> list[Event]:  # fmt: skip
    """One part. `lags` and `waits`: how late beats are, and how long /fast takes, while the work runs beside the loop.

    A simulation, exact enough to know the right finding; never shown to a learner. `blocks=False` is a loop that goes
    on although work is said to run on it.
    """
    lags, waits = {"thread": 0.005, **(lags or {})}, {"thread": 0.02, **(waits or {})}
    host: Event = {"e": "host", "t": -2, "part": part}
    events: list[Event] = [
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": runtime, "label": runtime.capitalize(),
         "repeat": repeat, "params": {"ways": list(ways)}, "cold": repeat == 1},
        host if gil is None else {**host, "gil": gil, "switch": 0.005},
        {"e": "sample", "t": -1, "part": part, "series": "unit", "value": unit, "when": "before"},
    ]  # fmt: skip
    clock, busy = 0.0, []
    for way in ways:
        begin, end = clock + 0.001, clock + 0.001 + unit * dearer
        events += _span(part, f"/ {way}", "/", "net", clock, begin, end + 0.001)
        events += _work(part, way, begin, end, slices)
        events.append(
            {"e": "sample", "t": end, "part": part, "series": "prober late", "value": 1000 * prober_late, "way": way}
        )
        busy.append((way, begin, end))
        clock = end + QUIET
    stops = {"loop": unit * dearer if blocks else 0.0, "slices": unit * dearer / slices}
    events += _fast(part, busy, clock, rate, stops, waits)
    events += _beats(part, busy, clock, stops, lags)
    return [
        *events,
        {"e": "sample", "t": clock + unit, "part": part, "series": "unit", "value": unit, "when": "after"},
        {"e": "part", "t": clock, "part": part, "state": "end", "seconds": clock},
    ]


def _span(part: str, id: str, lane: str, kind: str, queued: float | None, begin: float, end: float) -> list[Event]:
    asked = {"e": "queued", "t": queued, "part": part, "id": id, "name": id, "kind": kind}
    begun = {"e": "begin", "t": begin, "part": part, "id": id, "name": id, "kind": kind, "lane": lane}
    return [*([asked] if queued is not None else []), begun, {"e": "end", "t": end, "part": part, "id": id}]


def _work(part: str, way: str, begin: float, end: float, slices: int) -> list[Event]:
    if way != "slices":
        return _span(part, f"work {way}", LANES[way], "cpu", None, begin, end)
    one = (end - begin) / slices
    spans = [
        _span(part, f"slice {n + 1}", "loop", "cpu", None, begin + n * one, begin + (n + 1) * one)
        for n in range(slices)
    ]
    return [event for span in spans for event in span]


def _fast(
    part: str, busy: list[tuple[str, float, float]], until: float, rate: float, stops: dict[str, float],
    waits: dict[str, float],
) -> list[Event]:  # fmt: skip
    events = []
    for n in range(round((until + QUIET) * rate)):
        asked = (n + 0.5) / rate - QUIET
        answered = asked + CALM_WAIT
        for way, begin, end in busy:
            if not begin <= asked < end:
                continue
            if way == "slices":  # three turns of the loop
                answered = asked + 3 * stops["slices"]
            elif way in stops:
                answered = max(answered, begin + stops[way] + CALM_WAIT)
            else:
                answered = asked + waits.get(way, CALM_WAIT)
        events += _span(part, f"/fast {n + 1}", "/fast", "net", asked, answered - CALM_WAIT / 2, answered)
    return events


def _beats(
    part: str, busy: list[tuple[str, float, float]], until: float, stops: dict[str, float], lags: dict[str, float]
) -> list[Event]:
    events, clock = [], -QUIET
    while clock < until:
        due = clock + BEAT
        late = CALM_LAG
        for way, begin, end in busy:
            if begin <= due < end:
                late = stops["slices"] if way == "slices" else lags.get(way, CALM_LAG)
                if way == "loop":
                    late = max(CALM_LAG, begin + stops["loop"] - due)
        clock = due + late
        events.append({"e": "sample", "t": clock, "part": part, "series": "loop lag", "value": late, "unit": "s"})
    return events


def params(runtimes: Sequence[str] = ("asyncio",), **more: Any) -> dict[str, Any]:
    """What the learner chose."""
    return {"runtimes": list(runtimes), "repeats": 3, "ways": ["loop", "thread"], "work": "count", **more}
