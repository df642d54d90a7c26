"""Event streams of the route-cache lab as any machine and server would give them, for tests of pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from labs.sdk.events import Event


class Read(NamedTuple):
    """One read of a simulated visitor."""

    outcome: str
    ms: float
    behind: float | None = None
    what: str = "posts"
    wrong: bool = False


def part(
    way: str,
    reads: Sequence[Read],
    *,
    repeat: int = 1,
    writes: int = 2,
    left: Sequence[float] = (),
    unit: float = 0.01,
    sizes: Sequence[int] = (3000,),
) -> list[Event]:
    """One part of one visitor; `left`: the time to live of each key at the end, `sizes` in turn their bytes.

    Never shown to a learner.
    """
    id = f"python-{way}-{repeat}"
    settings: dict[str, Any] = {"way": way, "expiry": 200}
    events: list[Event] = [
        {"e": "part", "t": 0, "part": id, "state": "begin", "runtime": "python", "label": way.capitalize(),
         "repeat": repeat, "params": settings, "cold": repeat == 1},
        {"e": "sample", "t": -1, "part": id, "series": "unit", "value": unit, "when": "before"},
    ]  # fmt: skip
    clock = 0.0
    for n, read in enumerate(reads):
        events += _span(id, f"1-{n}", f"{read.outcome}, user 1", clock, clock + read.ms / 1000)
        clock += read.ms / 1000
        text = {"text": '{"id":1}'} if read.wrong else {}
        events.append({"e": "sample", "t": clock, "part": id, "series": read.outcome, "value": read.ms, "unit": "ms",
                       "id": f"1-{n}", "user": 1, "what": read.what, "behind": read.behind, "wrong": read.wrong,
                       **text})  # fmt: skip
    for n in range(writes):
        events += _span(id, f"w-{n}", "write, user 1", clock, clock)
    events += [
        {"e": "sample", "t": clock, "part": id, "series": "time to live", "value": seconds, "unit": "s",
         "key": f"lab:rc:x:{n}", "bytes": sizes[n % len(sizes)]}
        for n, seconds in enumerate(left)
    ]  # fmt: skip
    return [
        *events,
        {"e": "sample", "t": clock, "part": id, "series": "unit", "value": unit, "when": "after"},
        {"e": "part", "t": clock, "part": id, "state": "end", "seconds": clock},
    ]


def _span(part: str, id: str, name: str, begin: float, end: float) -> list[Event]:
    return [
        {"e": "begin", "t": begin, "part": part, "id": id, "name": name, "kind": "db", "lane": "visitor 1"},
        {"e": "end", "t": end, "part": part, "id": id},
    ]
