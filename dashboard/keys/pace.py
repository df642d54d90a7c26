"""When the next message may go: at most ten in any second, evenly apart; one that cannot wait goes before its turn."""

from __future__ import annotations

from collections import deque
from math import inf

A_SECOND = 10
EVENLY_SECONDS = 1 / A_SECOND
SOONEST_SECONDS = 0.02
"""Between a message and one that cannot wait."""


class Pace:
    """Times are seconds of any clock."""

    def __init__(self) -> None:
        self._sent = deque([-inf] * A_SECOND, maxlen=A_SECOND)

    def sent(self, now: float) -> None:
        """A message goes."""
        self._sent.append(now)

    def wait(self, now: float, urgent: bool) -> float:
        """Seconds until one may go; 0 when it may."""
        apart = SOONEST_SECONDS if urgent else EVENLY_SECONDS
        return max(0.0, self._sent[-1] + apart - now, self._sent[0] + 1.0 - now)
