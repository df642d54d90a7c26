"""Streams of event loops as any runtime would tell them, for tests of pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labs.sdk.events import Event
from labs.sdk.recording import Recording

Turn = tuple[float, str, Sequence[str]]
"""Seconds that it waited, what woke it, and the blocks that it called."""


def loop_part(
    part: str, turns: Sequence[Turn], orders: Mapping[str, int], *, runtime: str = "node", repeat: int = 1,
    end: str | None = "empty", cost: float = 0.001,
) -> list[Event]:  # fmt: skip
    """One watched pass and the orders ("A B": how often) of the quick ones after it."""
    ids = [id for _, _, calls in turns for id in calls]
    events: list[Event] = [
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": runtime, "label": runtime.capitalize(),
         "repeat": repeat, "params": {}, "cold": repeat == 1},
    ]  # fmt: skip
    events += [
        {"e": "queued", "t": 0.0, "part": part, "id": id, "name": f"{id} timer 1 ms", "kind": "timer"} for id in ids
    ]
    clock = 0.0
    pending = list(ids)
    for n, (waited, woke, calls) in enumerate(turns):
        events.append(
            {"e": "turn", "t": clock, "part": part, "n": n, "timers": list(pending), "os": [], "pool": [],
             "ready": [], "waited": waited, "woke": woke, "held": ""}
        )  # fmt: skip
        clock += waited
        for id in calls:
            events.append({"e": "begin", "t": clock, "part": part, "id": id, "lane": "timers", "turn": n})
            clock += 0.001
            events.append({"e": "end", "t": clock, "part": part, "id": id})
            pending.remove(id)
    if end is not None:
        events.append(
            {"e": "turn", "t": clock, "part": part, "n": len(turns), "timers": [], "os": [], "pool": [],
             "ready": [], "waited": 0, "woke": "none", "held": "", "end": end}
        )  # fmt: skip
    events.append({"e": "sample", "t": clock, "part": part, "series": "instrument", "value": cost, "when": "after"})
    events += [
        {
            "e": "sample",
            "t": clock,
            "part": part,
            "series": "order",
            "value": times,
            "order": order.split(),
            "when": "after",
        }
        for order, times in orders.items()
    ]
    events.append({"e": "part", "t": clock, "part": part, "state": "end", "seconds": clock})
    return events


def loop_run(*parts: Sequence[Event], cpus: int = 2, **params: Any) -> Recording:
    """A finished run of such parts."""
    runtimes = list(dict.fromkeys(part[0]["runtime"] for part in parts))
    events: list[Event] = [
        {"e": "run", "t": 0, "state": "started", "params": {"runtimes": runtimes, **params}},
        {"e": "host", "t": 0, "cpus": cpus, "quiet": True, "busy": 0.0},
    ]
    for part in parts:
        events += part
    return Recording([*events, {"e": "run", "t": 99, "state": "finished"}])
