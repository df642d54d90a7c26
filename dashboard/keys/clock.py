"""The server's clock, as far as it is known here: deadlines are told in it, and it may be set anew at any time."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf

DRIFT = 0.005
"""By how much, of the time since then, a comparison is trusted less: a clock may run away, or be set."""


def _ours() -> float:
    return time.monotonic() * 1000


class ServerClock:
    """`ask()` gives the server's time in milliseconds since 1970."""

    def __init__(self, ours: Callable[[], float] = _ours) -> None:
        """`ours`: a clock that only runs forward, in milliseconds."""
        self._ours = ours
        self._offset = 0.0
        self._doubt, self._compared = inf, 0.0

    def now(self) -> float:
        """The server's time, by the best of the comparisons."""
        return self._ours() + self._offset

    def compare(self, ask: Callable[[], float]) -> None:
        """Ask. Who waited long for the answer knows less exactly when it was right: that one counts only for want of
        a better one, or where both cannot be true: then a clock was set, or one stood still while the machine slept.
        Raises what `ask` raises.
        """
        begun = self._ours()
        theirs = ask()
        ended = self._ours()
        offset, doubt = theirs - (begun + ended) / 2, (ended - begun) / 2
        known = self._doubt + DRIFT * (ended - self._compared)
        if doubt <= known or abs(offset - self._offset) > doubt + known:
            self._offset, self._doubt, self._compared = offset, doubt, ended
