"""One thread of a process does the work, the others that want the same wait for it.

They share bytes and never objects. What a leader could not commit, and what it raised, is its own.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable

from labs.querycache.forked import renew_in_children


class Flight:
    """Work under way. `result` is set before `landed` when it was committed; else it stays None."""

    __slots__ = ("landed", "result")

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.result: bytes | None = None


class Flights:
    """The work under way in this process."""

    def __init__(self) -> None:
        self.renew()
        renew_in_children(self)

    def renew(self) -> None:
        """Nothing is under way."""
        self._lock = threading.Lock()
        self._all: dict[Hashable, Flight] = {}

    def join(self, what: Hashable) -> tuple[Flight, bool]:
        """The flight for `what`, and whether the caller leads it (and must close and land it)."""
        with self._lock:
            flight = self._all.get(what)
            if flight is not None:
                return flight, False
            flight = self._all[what] = Flight()
            return flight, True

    def close(self, what: Hashable, flight: Flight) -> None:
        """Nobody joins any more.

        Called before the commit is sent: who came after a clear must not be given what was committed before it.
        """
        with self._lock:
            if self._all.get(what) is flight:
                del self._all[what]

    def land(self, what: Hashable, flight: Flight, result: bytes | None) -> None:
        """Over: wake all who wait."""
        self.close(what, flight)
        flight.result = result
        flight.landed.set()
