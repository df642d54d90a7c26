"""The pieces of one kind of work that were asked for together, as numbers. Pure functions of a part's spans."""

from __future__ import annotations

import math
from functools import cached_property
from statistics import median

from labs.sdk.recording import Part, Span

WAVE = 0.5
"""Ends within this share of the time of one alone belong to the same wave."""

ROUND = 0.8
"""A round of the pool takes at least this share of the time of one alone, which is itself only measured."""

TOGETHER = 1.5
"""All of them together took the time of one below this many times one alone; from two on, some waited for others."""


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
    def limit(self) -> float:
        """Below so many times one alone, they cannot have waited for threads: half of the rounds they would need."""
        return max(TOGETHER, self.rounds / 2)

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

        Seen on the threads where they are known. Else from the ends: too early for that, or never more than the pool's.
        """
        if self.on_threads:
            lanes = [span.lane for span in self.spans]
            return len(set(lanes)) < len(lanes)
        if self.rounds == 1 or self.times < self.limit:
            return False
        return True if self.kept_to_the_pool else None

    @property
    def kept_to_the_pool(self) -> bool:
        """Whether never more were under way at once than the pool has threads.

        Where the threads are not known: whether each ended only after as many rounds as the pool needs to come to it.
        """
        if self.on_threads:
            return len({span.lane for span in self.spans}) <= self.pool
        round_ = ROUND * min(self._alone)
        return all((span.end or 0.0) >= (n // self.pool + 1) * round_ for n, span in enumerate(self.by_end))

    @property
    def in_full_waves(self) -> bool:
        """Whether they ended as many at a time as the pool has threads, and then the rest."""
        full, rest = divmod(self.size, self.pool)
        return self.waves == [self.pool] * full + [rest] * (rest > 0)
