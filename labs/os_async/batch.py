"""The pieces of one kind of work that were asked for together, as numbers. Pure functions of a part's spans."""

from __future__ import annotations

import math
from functools import cached_property
from statistics import median

from labs.sdk.recording import Part, Span

WAVE = 0.5
"""Ends within this share of the time of one alone belong to the same wave."""


class Batch:
    """One part: `kind` is requests, reads or hashes."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.kind = str(part.settings.get("kind", ""))
        self.pool = int(part.settings.get("pool", 1))
        self.spans = part.complete()

    @property
    def usable(self) -> bool:
        return bool(self.spans) and bool(self._alone)

    @property
    def _alone(self) -> list[float]:
        return self.part.values("unit") or self.part.values("alone")

    @property
    def size(self) -> int:
        return len(self.spans)

    @cached_property
    def alone(self) -> float:
        """Seconds of one such piece with nothing beside it."""
        return median(self._alone)

    @cached_property
    def total(self) -> float:
        """Seconds until the last one was done."""
        return max(span.end or 0.0 for span in self.spans)

    @property
    def times(self) -> float:
        """How many times as long all of them took as one alone."""
        return self.total / self.alone

    @property
    def rounds(self) -> int:
        """How many times the pool's threads have to be filled to take each piece once."""
        return math.ceil(self.size / self.pool)

    @property
    def cpu(self) -> float | None:
        """CPU seconds of the whole program while they were under way."""
        return next(iter(self.part.values("CPU time")), None)

    @cached_property
    def by_end(self) -> list[Span]:
        return sorted(self.spans, key=lambda span: (span.end or 0.0, len(span.id), span.id))

    @cached_property
    def waves(self) -> list[int]:
        """How many ended together, wave after wave."""
        sizes: list[int] = []
        begun = -math.inf
        for span in self.by_end:
            end = span.end or 0.0
            if end - begun > WAVE * self.alone:
                sizes.append(0)
                begun = end
            sizes[-1] += 1
        return sizes

    @property
    def on_threads(self) -> bool:
        """Whether the program could tell which thread did what."""
        return all(span.lane.startswith("thread ") for span in self.spans)

    @cached_property
    def waited(self) -> bool | None:
        """Whether a piece had to wait for a thread; None where the spans leave it open.

        Seen on the threads where they are known. Else from the ends: waves as large as the pool, or all in one wave.
        """
        if self.on_threads:
            lanes = [span.lane for span in self.spans]
            return len(set(lanes)) < len(lanes)
        if len(self.waves) == 1:
            return False
        return True if self.in_waves_of_the_pool else None

    @property
    def in_waves_of_the_pool(self) -> bool:
        """Whether they ended in full waves: as many at a time as the pool has threads, then the rest."""
        full, rest = divmod(self.size, self.pool)
        return self.waves == [self.pool] * full + [rest] * (rest > 0)
