"""Lanes of one part as text: a row a thread, waiting dotted, running solid."""

from __future__ import annotations

from labs.sdk.recording import Part, Span

WIDTH = 64
MOST_WAITING = 6


def draw_lanes(part: Part, width: int = WIDTH) -> str:
    """A row for each lane, rows of waiting work below, and a scale in seconds."""
    spans = part.complete()
    end = max((span.end or 0.0 for span in spans), default=0.0)
    if end <= 0:
        return "  nothing ran to its end"
    scale = width / end
    rows = []
    for lane in part.lanes():
        row = [" "] * (width + 1)
        for span in (s for s in spans if s.lane == lane):
            _bar(row, span, span.begin or 0.0, span.end or 0.0, scale, "█")
        rows.append(f"  {lane:10} {''.join(row).rstrip()}")
    waiting = [s for s in spans if s.waited * scale >= 1]
    for span in waiting[:MOST_WAITING]:
        row = [" "] * (width + 1)
        _bar(row, span, span.queued or 0.0, span.begin or 0.0, scale, "·")
        rows.append(f"  {'waiting':10} {''.join(row).rstrip()}")
    if len(waiting) > MOST_WAITING:
        rows.append(f"  {'':10} and {len(waiting) - MOST_WAITING} more waited")
    rows.append(f"  {'':10} 0{f'{end:.2f} s':>{width - 1}}")
    return "\n".join(rows)


def _bar(row: list[str], span: Span, begin: float, end: float, scale: float, ink: str) -> None:
    first, last = int(begin * scale), max(int(begin * scale) + 1, int(end * scale))
    row[first:last] = [ink] * (last - first)
    label = f" {span.id} "
    if len(label) < last - first:
        row[first + 1 : first + 1 + len(label)] = label
