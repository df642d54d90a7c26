"""One part as the findings see it: requests with their worker and their times."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import Any

from labs.sdk.judge import Measured, part_unit
from labs.sdk.recording import Part, Recording, Span

NAMES = {"gunicorn": "gunicorn", "node": "Node.js"}


def took(span: Span) -> float:
    """Seconds from when a request was due to its answer. Only for complete spans."""
    assert span.end is not None
    begun = span.queued if span.queued is not None else span.begin
    assert begun is not None
    return span.end - begun


class Served:
    """A part, and what its visitors got."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.workers = int(part.settings.get("workers", 1))
        self.where = str(part.settings.get("where", "loop"))
        self.unit = part_unit(part) or 0.0

    def of(self, load: str) -> list[Span]:
        """The answered requests of a load, by begin."""
        return [span for span in self.part.complete() if span.id.rpartition(" ")[0] == load]

    def asked(self, load: str) -> int:
        return sum(id.rpartition(" ")[0] == load for id in self.part.spans)

    @property
    def lost(self) -> int:
        """Requests without an answer."""
        return sum(not span.complete for span in self.part.spans.values())

    def total(self, load: str) -> float:
        """Seconds until the last answer, counted from when the first request was due."""
        spans = self.of(load)
        begun = min(span.queued if span.queued is not None else 0.0 for span in spans)
        return max(span.end or 0.0 for span in spans) - begun

    def middle(self, load: str) -> float:
        """Seconds that the middle request took."""
        return median(map(took, self.of(load)))

    def occupied(self, load: str) -> float:
        """Share of the time until the last answer in which the workers were at work on this load."""
        return min(1.0, self._worked(load) / (self.total(load) * self.workers))

    def computed(self, load: str, cpus: int) -> float:
        """Share of so many CPUs that the work of this load used in that time, and the visitors' own process."""
        told = self.part.samples.get("load generator", [])
        visitors = max((e["value"] for e in told if e.get("load", load) == load), default=0.0)
        return min(1.0, (self._cpu(load) / self.total(load) + visitors) / cpus)

    def had_a_cpu(self, load: str) -> float:
        """Share of their time at work in which the workers had a CPU."""
        worked = self._worked(load)
        return self._cpu(load) / worked if worked else 1.0

    def _worked(self, load: str) -> float:
        return sum(span.ran if span.worked is None else span.worked for span in self.of(load))

    def _cpu(self, load: str) -> float:
        return sum(span.cpu or 0.0 for span in self.of(load))

    def problems(self) -> Counter[str]:
        """Lost requests by what went wrong, as the load generator counted them."""
        counts: Counter[str] = Counter()
        for told in self.part.samples.get("load generator", []):
            counts.update(told.get("errors", {}))
        return counts

    def served_by(self, load: str) -> Counter[str]:
        """Answers by worker; workers that answered nobody are there too."""
        counts = Counter({f"worker {n}": 0 for n in range(1, self.workers + 1)})
        counts.update(span.lane for span in self.of(load))
        return counts

    def memory(self, kind: str) -> float | None:
        """Megabytes of all workers together: "RSS", "PSS" or "USS"; None where they were not all told."""
        values = self.part.values(kind)
        return sum(values) if len(values) == self.workers else None

    def complaints(self) -> list[str]:
        """Why the load generator may have been the limit."""
        told = self.part.samples.get("load generator", [])
        return list(dict.fromkeys(e["bottleneck"] for e in told if e.get("bottleneck")))


def servings(recording: Recording, runtime: str, load: str) -> list[Served]:
    """The parts of a server in which requests of this load were answered, and one hash was timed."""
    found = [Served(part) for part in recording.ended(runtime)]
    return [served for served in found if served.unit > 0 and served.of(load)]


def name(recording: Recording, runtime: str) -> str:
    """What the server is called in sentences."""
    return NAMES.get(runtime, recording.label(runtime).split(",")[0])


def measured(values: Any) -> Measured:
    """For values of which there is at least one."""
    return Measured(tuple(values))
