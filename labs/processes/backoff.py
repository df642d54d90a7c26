"""How long to wait before starting again what has just ended: twice as long each time, until it stays up."""

from __future__ import annotations

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 4.0
STEADY_SECONDS = 5.0


class Backoff:
    """One for each thing that is started again and again."""

    def __init__(self) -> None:
        self._next = FIRST_SECONDS

    def after(self, lived: float) -> float:
        """Seconds to wait now; `lived`: how long it was up, in seconds, 0 if it never came up."""
        if lived >= STEADY_SECONDS:
            self._next = FIRST_SECONDS
        delay, self._next = self._next, min(LONGEST_SECONDS, 2 * self._next)
        return delay
