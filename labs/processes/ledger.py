"""Which act cost which requests. Read from the events of one part, nothing else.

An act lasts from its mark until its `back`. A connection that breaks tells when something ended; a request that is
refused, or that waits, tells only that something was missing. Where two acts may be the cause, neither is charged. Who
was answered late has met such a lack too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from labs.sdk.events import Event
from labs.sdk.recording import Part

ACTS = {"kill": "kill", "restart": "restart", "reload": "reload", "up": "scale", "down": "scale",
        "leak": "leak", "crash": "crash"}  # fmt: skip

BROKEN = ("closed", "reset")
"""Errors of a connection that stood."""

PROMPT_SECONDS = 0.5
"""A kill breaks connections at once; a busy machine notices so much later."""

TAIL_SECONDS = 1.0
"""When all are there again, those who queued have still to be served."""


@dataclass(frozen=True)
class Request:
    """One that was lost or late. Seconds; `error` is empty for one that was answered."""

    due: float
    waited: float
    error: str = ""

    @property
    def ended(self) -> float:
        return self.due + self.waited


@dataclass
class Act:
    """Something that was done, and what came of it. Times in seconds. `name` as in its mark."""

    kind: str
    name: str
    t: float
    worker: int | None
    lost: list[Request] = field(default_factory=list)
    unsure: list[Request] = field(default_factory=list)
    """Lost while another act went on too: which of them it was cannot be told."""
    late: list[Request] = field(default_factory=list)
    """Answered late because of it."""
    unsure_late: list[Request] = field(default_factory=list)
    """Answered late while another act went on too, which may be why."""
    back: float | None = None
    """Until the worker (after a reload: all of them) served again; None where that was not seen."""
    stopped: bool = False
    """A reload that went no further, since a new worker could not start."""
    until: float = math.inf
    """When it was over."""

    @property
    def abrupt(self) -> bool:
        """It is meant to cost something."""
        return self.kind in ("kill", "crash")

    def during(self, begin: float, end: float) -> bool:
        """Whether it went on at some time between these two."""
        return self.t <= end and begin <= self.until


@dataclass
class Ledger:
    """One part: its acts in order, and what no act explains."""

    part: Part
    acts: list[Act]
    requests: int
    lost: int
    unsure: int = 0
    lost_otherwise: int = 0

    def of(self, *kinds: str) -> list[Act]:
        return [act for act in self.acts if act.kind in kinds]


def read(part: Part) -> Ledger:
    """Everything that an act cost, charged to it."""
    acts = [Act(ACTS[m["act"]], m["act"], m["t"], m.get("worker")) for m in part.marks if m.get("act") in ACTS]
    _end(acts, part)
    total: Event = next(iter(part.samples.get("all requests", [])), {"value": 0, "lost": 0})
    ledger = Ledger(part, acts, int(total["value"]), int(total.get("lost", 0)))
    causes = [act for act in acts if act.kind != "leak"]
    for request in _requests(part, "lost request"):
        suspects = _broke(causes, request) if request.error in BROKEN else _missed(causes, request)
        for act in suspects:
            (act.lost if len(suspects) == 1 else act.unsure).append(request)
        ledger.unsure += len(suspects) > 1
        ledger.lost_otherwise += not suspects
    for request in _requests(part, "late request"):
        suspects = _missed(causes, request)
        for act in suspects:
            (act.late if len(suspects) == 1 else act.unsure_late).append(request)
    return ledger


def _requests(part: Part, series: str) -> list[Request]:
    return [Request(e["t"], e["value"], e.get("error", "")) for e in part.samples.get(series, [])]


def _end(acts: list[Act], part: Part) -> None:
    """When each act was over: at its own `back`, else at the first one of a later act, when all were there."""
    for event in part.samples.get("back", []):
        begun = event["t"] - event["value"]
        same = [act for act in acts if act.name == event.get("act") and act.worker == event.get("worker")]
        if same:
            nearest = min(same, key=lambda act: abs(act.t - begun))
            nearest.back, nearest.until = event["value"], event["t"]
    for mark in part.marks:
        if mark.get("stops") == "reload":
            for act in [act for act in acts if act.kind == "reload" and act.t <= mark["t"]][-1:]:
                act.stopped, act.until = True, mark["t"]
    for act in acts:
        if math.isinf(act.until):
            act.until = min((other.until for other in acts if other.t > act.t), default=math.inf)


def _broke(acts: list[Act], request: Request) -> list[Act]:
    """Who may have broken its connection. Starting a worker more breaks none."""
    end = request.ended
    found = []
    for act in acts:
        until = act.t + PROMPT_SECONDS if act.kind == "kill" else act.until + PROMPT_SECONDS
        if act.name != "up" and act.t <= end <= until:
            found.append(act)
    last = found[-1:]
    return last if not last or last[0].kind == "kill" or _alike(found) else found


def _missed(acts: list[Act], request: Request) -> list[Act]:
    """Whose absence of a worker it may have met: the oldest act that was not over, if that one explains it."""
    found = _going_on(acts, request)
    return found[:1] if not found or found[0].abrupt or _alike(found) else found


def _going_on(acts: list[Act], request: Request) -> list[Act]:
    found = [act for act in acts if act.during(request.due, request.ended)]
    return found or [act for act in acts if act.t <= request.due <= act.until + TAIL_SECONDS][-1:]


def _alike(acts: list[Act]) -> bool:
    return len({act.kind for act in acts}) == 1
