"""One act: all the counts in one way, and how the loop was meanwhile. Pure functions of a part."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from statistics import median

from labs.sdk.lag import LoopAct
from labs.sdk.recording import Part, Span

WHERE = {"loop": "on the loop", "thread": "in threads", "process": "in processes", "interpreter": "in sub-interpreters"}
MANY = {"loop": "loops", "thread": "threads", "process": "processes", "interpreter": "sub-interpreters"}


class Act(LoopAct):
    """`way` is a key of `WHERE`. Ask `usable` before anything else."""

    def __init__(self, part: Part, way: str) -> None:
        super().__init__(part, way)
        self.spans = [span for span in part.complete() if span.id.rpartition(" ")[0] == way]
        self._post = _by_span(part, "post")
        self._onmessage = _by_span(part, "onmessage")

    @property
    def usable(self) -> bool:
        return bool(self.spans) and self.timed

    @cached_property
    def stretch(self) -> tuple[float, float]:
        """From asking for the counts until the loop had heard of the last one."""
        begin = min(s.begin or 0.0 if s.queued is None else s.queued for s in self.spans)
        return begin, max((s.end or 0.0) + self._onmessage.get(s.id, 0.0) for s in self.spans)

    @property
    def total(self) -> float:
        return self.stretch[1] - self.stretch[0]

    @property
    def lasted(self) -> float:
        return self.total

    @property
    def proof(self) -> str:
        return self.spans[0].id

    @property
    def total_units(self) -> float:
        return self.total / self.unit

    @cached_property
    def lags(self) -> list[float]:
        """Loop lags of the beats that were due, or late, meanwhile."""
        begin, end = self.stretch
        return [
            e["value"] for e in self.part.samples.get("loop lag", []) if e["t"] > begin and e["t"] - e["value"] < end
        ]

    @property
    def at_once(self) -> int:
        """The most counts that were under way at the same moment."""
        return max((running for _, _, running in self._company()), default=0)

    @cached_property
    def cpus(self) -> float | None:
        """CPUs that the counts had, while two or more were under way. None without such a time or without CPU times."""
        together = [(a, b) for a, b, running in self._company() if running >= 2]
        seconds = sum(b - a for a, b in together)
        if seconds <= 0 or any(span.cpu is None for span in self.spans):
            return None
        used = 0.0
        for span in self.spans:
            inside = sum(max(0.0, min(b, span.end or 0.0) - max(a, span.begin or 0.0)) for a, b in together)
            used += (span.cpu or 0.0) * inside / span.ran if span.ran > 0 else 0.0
        return used / seconds

    @property
    def handing_over(self) -> float | None:
        """Median seconds from posting a count to a worker until the worker began it."""
        times = [max(0.0, s.waited - self._post[s.id]) for s in self.spans if s.id in self._post]
        return median(times) if times else None

    @property
    def answering(self) -> float | None:
        """Median seconds from the end of a count until the loop had the answer."""
        times = [self._onmessage[s.id] for s in self.spans if s.id in self._onmessage]
        return median(times) if times else None

    def _company(self) -> list[tuple[float, float, int]]:
        """Stretches of time and how many counts were under way in each."""
        edges = sorted({t for s in self.spans for t in (s.begin or 0.0, s.end or 0.0)})
        return [(a, b, sum(_covers(span, a, b) for span in self.spans)) for a, b in pairwise(edges)]


def calm_lag(part: Part, acts: list[Act]) -> float | None:
    """Median loop lag outside the acts of a part."""
    busy = [act.stretch for act in acts if act.part is part]
    beats = [(e["t"], e["value"]) for e in part.samples.get("loop lag", [])]
    lags = [late for t, late in beats if not any(t > begin and t - late < end for begin, end in busy)]
    return median(lags) if lags else None


def _by_span(part: Part, series: str) -> dict[str, float]:
    """Milliseconds that were reported for a span, in seconds."""
    return {str(e["id"]): e["value"] / 1000 for e in part.samples.get(series, []) if "id" in e}


def _covers(span: Span, begin: float, end: float) -> bool:
    return (span.begin or 0.0) <= begin and (span.end or 0.0) >= end
