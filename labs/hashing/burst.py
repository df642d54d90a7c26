"""One burst as numbers: width, waves, waiting, slowdown. Pure functions of a part's spans."""

from __future__ import annotations

from functools import cached_property
from statistics import median

from labs.sdk.in_units import InUnits
from labs.sdk.recording import Part, Span


class Burst(InUnits):
    """The spans of one part, in the order they began."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.spans = part.complete()
        self.pool = int(part.settings.get("pool", 0))

    @property
    def usable(self) -> bool:
        return bool(self.spans) and self.timed

    @cached_property
    def total(self) -> float:
        """Seconds from the burst's zero to the end of the last hash."""
        return max(span.end or 0.0 for span in self.spans)

    @property
    def total_units(self) -> float:
        return self.total / self.unit

    @cached_property
    def width(self) -> int:
        """The most hashes that ran at the same moment."""
        edges = [(s.begin or 0.0, 1) for s in self.spans] + [(s.end or 0.0, -1) for s in self.spans]
        running = widest = 0
        for _, change in sorted(edges):
            running += change
            widest = max(widest, running)
        return widest

    def first_wave(self) -> list[Span]:
        """The first `width` hashes to begin."""
        return self.spans[: self.width]

    def first_wave_together(self, within: float) -> bool:
        """Whether the first wave began within so many units."""
        begins = [s.begin or 0.0 for s in self.first_wave()]
        return (max(begins) - min(begins)) <= within * self.unit

    def late(self) -> list[Span]:
        """Hashes that began only after another one had ended on their thread."""
        seen: set[str] = set()
        late = []
        for span in self.spans:
            if span.lane in seen:
                late.append(span)
            seen.add(span.lane)
        return late

    @cached_property
    def waves(self) -> int:
        """The most hashes that one thread ran one after the other."""
        lanes = [span.lane for span in self.spans]
        return max(lanes.count(lane) for lane in set(lanes))

    @cached_property
    def slowdown(self) -> float:
        """Median time of the first wave's hashes in units: those ran in full company."""
        return median(span.ran for span in self.first_wave()) / self.unit

    @cached_property
    def cpu_share(self) -> float | None:
        """Share of its running time in which a hash of the first wave had a CPU (median)."""
        shares = [s.cpu / s.ran for s in self.first_wave() if s.cpu is not None and s.ran > 0]
        return median(shares) if shares else None

    def cpus_used(self, cpus: int) -> float | None:
        """Share of `cpus` that the hashes used while at least as many hashes as CPUs ran.

        With fewer hashes at once than CPUs, the share over the whole burst. None without CPU times.
        """
        if any(span.cpu is None for span in self.spans):
            return None
        until = self._company_until(min(cpus, self.width))
        used = sum(
            (s.cpu or 0.0) * max(0.0, min(s.end or 0.0, until) - (s.begin or 0.0)) / s.ran
            for s in self.spans
            if s.ran > 0
        )
        return used / (until * cpus) if until > 0 else None

    def _company_until(self, company: int) -> float:
        """The last moment at which at least `company` hashes ran."""
        edges = [(s.begin or 0.0, 1) for s in self.spans] + [(s.end or 0.0, -1) for s in self.spans]
        running, until = 0, self.total
        for t, change in sorted(edges):
            if change < 0 and running == company:
                until = t
            running += change
        return until
