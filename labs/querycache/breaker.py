"""A breaker: after a failure nobody asks for a while; then one asks, and its answer decides for all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from labs.querycache.forked import renew_in_children


class Breaker:
    """Open for `first` seconds after a failure, twice as long after each further one, up to `longest`."""

    def __init__(self, first: float = 1.0, longest: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._first, self._longest, self._clock = first, longest, clock
        self._wait = 0.0
        self._until = 0.0
        self.renew()
        renew_in_children(self)

    def renew(self) -> None:
        """Nobody tries just now."""
        self._lock = threading.Lock()
        self._prober: int | None = None

    @property
    def closed(self) -> bool:
        """Whether all is well; cheap."""
        return not self._wait

    def allows(self) -> bool:
        """Whether the caller may ask now. When the wait is over one caller may, and must say how it went."""
        if not self._wait:
            return True
        with self._lock:
            if not self._wait:
                return True
            if self._prober is not None or self._clock() < self._until:
                return False
            self._prober = threading.get_ident()
            return True

    def failed(self) -> None:
        """The caller got no answer."""
        with self._lock:
            if self._probes() or not self._wait:
                self._wait = min(self._longest, 2 * self._wait or self._first)
                self._until = self._clock() + self._wait
            self._end()

    def succeeded(self) -> None:
        """The caller got an answer."""
        if self._wait:
            with self._lock:
                self._wait, self._prober = 0.0, None

    def undecided(self) -> None:
        """The caller could not ask: somebody else may."""
        with self._lock:
            self._end()

    def _probes(self) -> bool:
        return self._prober == threading.get_ident()

    def _end(self) -> None:
        """Others that had asked before the breaker opened say how it went, too: they do not end the one try."""
        if self._probes():
            self._prober = None
