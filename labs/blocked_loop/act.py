"""One act: the server works once, in one way, while `/fast` is asked from outside. Pure functions of a part."""

from __future__ import annotations

from functools import cached_property
from statistics import median

from labs.sdk.lag import LoopAct
from labs.sdk.recording import Part, Span

WAYS = {"loop": "on the loop", "slices": "in slices", "thread": "in a thread", "process": "in a process"}
"""Where `/` can work, in words that follow "worked"."""

LITTLE = 0.1
"""A request waited little when it took less than this share of the time that the work took there."""


class Calm:
    """What the server does when nobody asked for `/`: the part outside its acts."""

    def __init__(self, part: Part) -> None:
        acts = [(s.queued or 0.0, s.end or 0.0) for s in part.complete() if s.lane == "/"]
        self.waits = [answered(s) for s in part.complete() if s.lane == "/fast" and not _meets(_request(s), acts)]
        beats = part.samples.get("loop lag", [])
        self.lags = [e["value"] for e in beats if not _meets(_beat(e["t"], e["value"]), acts)]

    @property
    def wait(self) -> float | None:
        """Median seconds that `/fast` takes then."""
        return median(self.waits) if self.waits else None

    @property
    def lag(self) -> float | None:
        """Median loop lag then, in seconds."""
        return median(self.lags) if self.lags else None


class Act(LoopAct):
    """`way` is a key of `WAYS`. Ask `usable` before anything else."""

    def __init__(self, part: Part, way: str) -> None:
        super().__init__(part, way)
        self.calm = Calm(part)
        spans = part.complete()
        self.request = next((s for s in spans if s.id == f"/ {way}"), None)
        self.work = [s for s in spans if s.kind == "cpu" and _is_work(s, way)]
        self.fast = [s for s in spans if s.lane == "/fast" and self.work and self._met(s)]

    def _met(self, fast: Span) -> bool:
        """Whether this request was under way during the work, and had not been taken up before it began."""
        return _overlap(_request(fast), self.worked) > 0 and (fast.begin or 0.0) > self.worked[0]

    @property
    def usable(self) -> bool:
        return self.request is not None and bool(self.work) and self.timed

    @property
    def total(self) -> float:
        """Seconds from asking for `/` to its answer."""
        assert self.request is not None
        return answered(self.request)

    @property
    def worked(self) -> tuple[float, float]:
        """From the begin of the work to its end."""
        return min(s.begin or 0.0 for s in self.work), max(s.end or 0.0 for s in self.work)

    @property
    def proof(self) -> str:
        return self.work[0].id

    @property
    def lasted(self) -> float:
        begin, end = self.worked
        return max(end - begin, 1e-9)

    @cached_property
    def lags(self) -> list[float]:
        """Loop lags of the beats that were due, or late, while the work went on."""
        beats = self.part.samples.get("loop lag", [])
        return [e["value"] for e in beats if _overlap(_beat(e["t"], e["value"]), self.worked) > 0]

    @property
    def more_lag(self) -> float | None:
        """By how many seconds the heartbeat was later than in calm (medians)."""
        return None if self.lag is None or self.calm.lag is None else self.lag - self.calm.lag

    @cached_property
    def slowest(self) -> Span | None:
        """The request for `/fast` that took longest."""
        return max(self.fast, key=answered, default=None)

    @property
    def wait(self) -> float | None:
        """Seconds from the moment at which the slowest `/fast` was meant to be sent to its answer."""
        return answered(self.slowest) if self.slowest else None

    @property
    def wait_share(self) -> float | None:
        """The same in times of the work as long as it took here."""
        return None if self.wait is None else self.wait / self.lasted

    @property
    def middle_wait(self) -> float | None:
        """The same for the request in the middle: what a learner would mostly meet."""
        return median(map(answered, self.fast)) if self.fast else None

    @property
    def answered_meanwhile(self) -> int:
        """How many of them were answered before the work had ended."""
        return sum((s.end or 0.0) < self.worked[1] for s in self.fast)

    @cached_property
    def held_by_the_loop(self) -> float:
        """Share of the slowest request's time in which this work ran on the loop."""
        if self.slowest is None:
            return 0.0
        asked = _request(self.slowest)
        on_loop = [(s.begin or 0.0, s.end or 0.0) for s in self.work if s.lane == "loop"]
        return sum(_overlap(asked, span) for span in on_loop) / (asked[1] - asked[0])

    @property
    def slices_meanwhile(self) -> int:
        """How many pieces of the work ran on the loop while the slowest request was under way."""
        if self.slowest is None:
            return 0
        asked = _request(self.slowest)
        return sum(s.lane == "loop" and _overlap(asked, (s.begin or 0.0, s.end or 0.0)) > 0 for s in self.work)

    @property
    def waited_for(self) -> str:
        """What the slowest `/fast` waited for: loop, slices, beside (while the work ran elsewhere) or little."""
        if self.wait_share is None or self.wait_share < LITTLE:
            return "little"
        if self.held_by_the_loop >= 0.5:
            return "slices" if self.way == "slices" else "loop"
        return "beside"

    @property
    def prober_late(self) -> float:
        """Seconds by which the prober itself sent late, at worst."""
        told = [e["value"] for e in self.part.samples.get("prober late", []) if e.get("way") == self.way]
        return max(told, default=0.0) / 1000


def answered(span: Span) -> float:
    """Seconds from asking to the answer."""
    begin, end = _request(span)
    return end - begin


def _request(span: Span) -> tuple[float, float]:
    return (span.begin or 0.0) if span.queued is None else span.queued, span.end or 0.0


def _beat(t: float, late: float) -> tuple[float, float]:
    """From when a beat was due to when it came; never empty."""
    return t - late - 1e-6, t


def _is_work(span: Span, way: str) -> bool:
    return span.id.startswith("slice ") if way == "slices" else span.id == f"work {way}"


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))


def _meets(one: tuple[float, float], others: list[tuple[float, float]]) -> bool:
    return any(_overlap(one, other) > 0 for other in others)
