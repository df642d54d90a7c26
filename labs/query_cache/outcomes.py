"""What the cache did with each read, and how old its answer was, thread by thread."""

from __future__ import annotations

import threading

from labs.querycache import Access

KINDS = {"hit": "cache", "wait": "timer", "miss": "db", "uncached": "db", "bypass": "net", "write": "other"}
"""Colour of the work, by outcome."""

WORDS = {
    "cache": "hit",
    "timer": "waited for another reader",
    "db": "database asked",
    "net": "Redis away",
    "other": "write",
}
"""What a colour means here."""


BACK = "Redis back"
"""What the mark says when it is there again."""


class Outcomes:
    """A listener of the cache; each thread asks for its own last read."""

    def __init__(self) -> None:
        self._own = threading.local()

    def __call__(self, access: Access) -> None:
        if access.outcome in ("hit", "wait", "miss", "bypass"):
            self._own.outcome, self._own.age = access.outcome, access.age

    def last(self) -> tuple[str, float | None]:
        """Outcome and age (seconds) of this thread's last read; "uncached" where the cache was not asked."""
        found = getattr(self._own, "outcome", "uncached"), getattr(self._own, "age", None)
        self._own.outcome, self._own.age = "uncached", None
        return found
