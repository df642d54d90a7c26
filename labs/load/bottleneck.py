"""Was it the generator that was too slow, and not the server? It has to say so itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

BUSY = 0.85
"""Share of one CPU above which a generator (one thread) may have been the limit."""

STARVED = 0.10
"""Share of the time it was ready to run and had to wait for a CPU."""

LATE_SECONDS = 0.005
LATE_SHARE = 0.10
"""It is late when one request in ten was noticed later than both of these: seconds, and share of a middle answer."""


@dataclass(frozen=True)
class Effort:
    """What a process has used: stamps and seconds. `starved` is None where the system does not tell."""

    wall: float
    cpu: float
    starved: float | None

    @classmethod
    def now(cls) -> Effort:
        return cls(time.perf_counter(), time.process_time(), _run_delay())

    def since(self, before: Effort) -> dict[str, float | None]:
        """Shares of the time between: `cpu` of one CPU, `starved` ready to run but without a CPU."""
        wall = max(1e-9, self.wall - before.wall)
        starved = None if self.starved is None or before.starved is None else (self.starved - before.starved) / wall
        return {"cpu": (self.cpu - before.cpu) / wall, "starved": starved}


def complaint(cpu: float, starved: float | None, late: float, middle: float) -> str | None:
    """Why this generator was (perhaps) the bottleneck, in words; None if nothing says so.

    `late`: seconds that one request in ten exceeded before it was noticed; `middle`: of the answers.
    """
    if cpu >= BUSY:
        return f"the load generator used {cpu:.0%} of a CPU: it could hardly send more"
    if starved is not None and starved >= STARVED:
        return f"the load generator had to wait for a CPU for {starved:.0%} of the time"
    if late > max(LATE_SECONDS, LATE_SHARE * middle):
        return f"the load generator was late: one request in ten by {1000 * late:.0f} ms or more"
    return None


def _run_delay() -> float | None:
    """Seconds this process was ready to run and had to wait (Linux)."""
    try:
        return int(Path("/proc/self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
