"""Event streams of the query-cache lab as any machine and server would give them, for tests of pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labs.query_cache.outcomes import BACK
from labs.sdk.events import Event

Read = tuple[str, float, bool]
"""Outcome, milliseconds, out of date?"""


def load(way: str, reads: Sequence[Read], *, repeat: int = 1, writes: int = 2, unit: float = 0.01) -> list[Event]:
    """One part of one reader. A simulation, exact enough to know the right finding; never shown to a learner."""
    part = f"python-{way}-{repeat}"
    events = [*_begin(part, way, repeat, unit)]
    clock = 0.0
    for n, (outcome, ms, stale) in enumerate(reads):
        events += _span(part, f"r1-{n}", outcome, clock, clock + ms / 1000)
        clock += ms / 1000
        events.append({"e": "sample", "t": clock, "part": part, "series": outcome, "value": ms, "unit": "ms",
                       "id": f"r1-{n}", "stale": stale, "age": 0.25 if stale else 0.01})  # fmt: skip
    for n in range(writes):
        events += _span(part, f"w1-{n}", "write", clock, clock)
    for outcome in {outcome for outcome, _, _ in reads} - {"uncached"}:
        number = sum(one == outcome for one, _, _ in reads)
        events.append({"e": "sample", "t": clock, "part": part, "series": "counted", "value": number, "of": outcome})
    return [*events, *_end(part, clock, unit)]


def stampede(way: str, queries: Sequence[int], *, repeat: int = 1) -> list[Event]:
    """Rounds of a stampede with so many queries each."""
    part = f"python-{way}-{repeat}"
    told = [{"e": "sample", "t": n, "part": part, "series": "queries", "value": q} for n, q in enumerate(queries)]
    return [*_begin(part, way, repeat, 0.01), *_span(part, "1-1", "miss", 0, 0.4), *told, *_end(part, 1, 0.01)]


def outage(reads: Sequence[Read], *, failed: int = 0, back: float | None = None) -> list[Event]:
    """Reads one after the other, one a second; Redis is back at `back` (after the last bypass where that is None)."""
    part = "python-outage-1"
    told: list[Event] = [
        {"e": "sample", "t": float(n), "part": part, "series": "read", "value": ms, "outcome": outcome, "stale": stale}
        for n, (outcome, ms, stale) in enumerate(reads)
    ]
    away = [n for n, (outcome, _, _) in enumerate(reads) if outcome == "bypass"]
    told.append({"e": "mark", "t": max(away) + 0.5 if back is None else back, "part": part, "text": BACK})
    told += [{"e": "sample", "t": 1, "part": part, "series": "failed", "value": 1} for _ in range(failed)]
    return [*_begin(part, "outage", 1, 0.004), *told, *_end(part, float(len(reads)), 0.004)]


def _begin(part: str, way: str, repeat: int, unit: float) -> list[Event]:
    settings: dict[str, Any] = {"way": way}
    return [
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": "python", "label": way.capitalize(),
         "repeat": repeat, "params": settings, "cold": repeat == 1},
        {"e": "sample", "t": -1, "part": part, "series": "unit", "value": unit, "when": "before"},
    ]  # fmt: skip


def _end(part: str, clock: float, unit: float) -> list[Event]:
    return [
        {"e": "sample", "t": clock, "part": part, "series": "unit", "value": unit, "when": "after"},
        {"e": "part", "t": clock, "part": part, "state": "end", "seconds": clock},
    ]


def _span(part: str, id: str, name: str, begin: float, end: float) -> list[Event]:
    return [
        {"e": "begin", "t": begin, "part": part, "id": id, "name": name, "kind": "db", "lane": "reader 1"},
        {"e": "end", "t": end, "part": part, "id": id},
    ]
