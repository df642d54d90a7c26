"""One request of a load."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Request:
    """Stamps are readings of `time.perf_counter`, the machine's clock."""

    n: int
    """1, 2, 3 … in the order in which they were due."""
    due: float
    """When it was meant to be sent."""
    noticed: float
    """When the generator came to it: later than due, if the generator itself was late."""
    sent: float = 0.0
    """When it was sent: later than noticed, if all connections were taken."""
