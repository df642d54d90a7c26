"""One request, one file and some hashes as they happened: who waited, and whose end let whom continue.

Pure functions of a part's spans.
"""

from __future__ import annotations

from functools import cached_property
from statistics import median

from labs.sdk.in_units import InUnits
from labs.sdk.recording import Part, Span

HOPS = ("open", "stat", "read", "close")

HELD = 0.2
"""A hop that waited longer than this many hashes was held up."""

MOST = 0.5
"""A hash explains a wait if more than this share of the wait was over when the hash ended."""


class Story(InUnits):
    """The spans of one part."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.pool = int(part.settings.get("pool", 1))
        spans = {span.id: span for span in part.complete()}
        self.hops = [spans[name] for name in HOPS if name in spans]
        self.hashes = [span for span in part.complete() if span.kind == "cpu"]
        self.request = next((span for span in part.complete() if span.kind == "net"), None)

    @property
    def usable(self) -> bool:
        return len(self.hops) == len(HOPS) and self.timed

    @cached_property
    def total(self) -> float:
        """Seconds until everything was done."""
        return max(span.end or 0.0 for span in self.part.complete())

    @cached_property
    def file_done(self) -> float:
        """Seconds until the file was closed."""
        return max(hop.end or 0.0 for hop in self.hops)

    @property
    def file_done_units(self) -> float:
        return self.file_done / self.unit

    def alone(self, what: str) -> float | None:
        """Seconds of the "file" or the "request" with nothing beside it."""
        values = self.part.values(f"{what} alone")
        return median(values) if values else None

    @cached_property
    def slowest(self) -> Span:
        """The hop that waited longest."""
        return max(self.hops, key=lambda hop: hop.waited)

    @property
    def wait(self) -> float:
        """How long it waited, in hashes."""
        return self.slowest.waited / self.unit

    @property
    def held(self) -> bool:
        return self.wait > HELD

    @property
    def on_threads(self) -> bool:
        """Whether the program could tell which thread did a hop, and when."""
        return all(hop.lane.startswith("thread ") for hop in self.hops)

    @cached_property
    def released_by(self) -> Span | None:
        """The hash whose end let the slowest hop continue; None where the spans do not prove one."""
        hop = self.slowest
        if not self.held:
            return None
        one = self._before_on_its_thread(hop) if self.on_threads else self._first_to_free_a_thread(hop)
        if one is None:
            return None
        asked, began, end = hop.queued or 0.0, hop.begin or 0.0, one.end or 0.0
        return one if end <= began and end - asked > MOST * (began - asked) else None

    def _before_on_its_thread(self, hop: Span) -> Span | None:
        """What ended last on the hop's thread before it, if that was a hash."""
        begin = hop.begin or 0.0
        before = [span for span in (*self.hashes, *self.hops)
                  if span is not hop and span.lane == hop.lane and (span.end or 0.0) <= begin]  # fmt: skip
        last = max(before, key=lambda span: span.end or 0.0, default=None)
        return last if last in self.hashes else None

    def _first_to_free_a_thread(self, hop: Span) -> Span | None:
        """Where the hop's thread is not known: a pool takes its work in the order in which it was asked.

        Of n hashes asked before the hop, as many as there are threads begin at once, and each end lets the next begin.
        So the end number n - threads + 1 is the first after which no hash is left to take the thread.
        """
        earlier = [span for span in self.hashes if (span.queued or 0.0) <= (hop.queued or 0.0)]
        ends = sorted(earlier, key=lambda span: span.end or 0.0)
        turn = len(ends) - self.pool
        return ends[turn] if turn >= 0 else None

    @property
    def hashes_before_the_file(self) -> int:
        """How many hashes had ended when the file was closed."""
        return sum((span.end or 0.0) < self.file_done for span in self.hashes)

    def order(self) -> list[str]:
        """What ended, in order; the file ends with its last hop."""
        ends = [(span.end or 0.0, span.name) for span in (*self.hashes, self.request) if span]
        return [name for _, name in sorted([*ends, (self.file_done, "file")])]

    @property
    def answered_beside_full_threads(self) -> bool:
        """Whether every thread of the pool ran a hash at the moment when the request was answered."""
        if self.request is None:
            return False
        end = self.request.end or 0.0
        return sum((s.begin or 0.0) < end < (s.end or 0.0) for s in self.hashes) >= self.pool

    @cached_property
    def waited_for(self) -> str | None:
        """What the file spent more than half of its time on: thread, disk, loop; "nothing" if it was fast."""
        took = self.file_done - (self.hops[0].queued or 0.0)
        if took <= HELD * self.unit:
            return "nothing"
        waited = sum(hop.waited for hop in self.hops)
        ran = sum(hop.ran for hop in self.hops)
        if waited > took / 2:
            return "thread" if self.released_by else None
        if ran > took / 2:
            return "disk"
        return "loop" if took - waited - ran > took / 2 else None
