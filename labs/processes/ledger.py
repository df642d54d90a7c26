"""Which act cost which requests. Read from the events of one part, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from labs.sdk.events import Event
from labs.sdk.recording import Part

REACH_SECONDS = 15.0
"""A request that came longer after an act is not charged to it."""

ACTS = {"kill": "kill", "restart": "restart", "reload": "reload", "up": "scale", "down": "scale",
        "leak": "leak", "crash": "crash"}  # fmt: skip


@dataclass
class Act:
    """Something that was done, and what came of it. Times in seconds."""

    kind: str
    t: float
    worker: int | None
    lost: list[float] = field(default_factory=list)
    """Seconds until each lost request was given up."""
    late: list[float] = field(default_factory=list)
    back: float | None = None
    """Until the worker (after a reload: all of them) served again; None where that was not seen."""


@dataclass
class Ledger:
    """One part: its acts in order, and what no act explains."""

    part: Part
    acts: list[Act]
    requests: int
    lost: int
    lost_otherwise: int = 0
    late_otherwise: int = 0

    def of(self, *kinds: str) -> list[Act]:
        return [act for act in self.acts if act.kind in kinds]


def read(part: Part) -> Ledger:
    """A request is charged to the first act that happened while it waited, else to the last one before it came."""
    acts = [Act(ACTS[m["act"]], m["t"], m.get("worker")) for m in part.marks if m.get("act") in ACTS]
    total: Event = next(iter(part.samples.get("all requests", [])), {"value": 0, "lost": 0})
    ledger = Ledger(part, acts, int(total["value"]), int(total.get("lost", 0)))
    for event in part.samples.get("lost request", []):
        if (act := _charged(acts, event)) is not None:
            act.lost.append(event["value"])
        else:
            ledger.lost_otherwise += 1
    for event in part.samples.get("late request", []):
        if (act := _charged(acts, event)) is not None:
            act.late.append(event["value"])
        else:
            ledger.late_otherwise += 1
    for event in part.samples.get("back", []):
        _came_back(acts, event)
    return ledger


def _charged(acts: list[Act], request: dict[str, Any]) -> Act | None:
    due, ended = request["t"], request["t"] + request["value"]
    within = next((act for act in acts if due <= act.t <= ended), None)
    before = next((act for act in reversed(acts) if act.t <= due <= act.t + REACH_SECONDS), None)
    return within or before


def _came_back(acts: list[Act], event: dict[str, Any]) -> None:
    begun = event["t"] - event["value"]
    same = [act for act in acts if act.kind == event.get("act") and act.worker == event.get("worker")]
    if same:
        min(same, key=lambda act: abs(act.t - begun)).back = event["value"]
