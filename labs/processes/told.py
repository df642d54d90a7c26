"""What the process manager tells: the moment of each act, what could not be done, and when an act was over."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from labs.sdk.together import SharedEmitter


class Told:
    """`n` is always the number of a learner's act, None for what nobody asked for."""

    def __init__(self, emit: SharedEmitter) -> None:
        self._emit = emit

    def mark(self, act: str, text: str, n: int | None, severity: str, **more: Any) -> None:
        """It is done now."""
        self._emit.emit("mark", act=act, text=text, severity=severity, n=n, **more)

    def nothing(self, text: str, n: int | None) -> None:
        """Nothing was done, and why."""
        self.mark("nothing", text, n, "info")

    def back(self, act: str, t: float, since: float, **more: int) -> None:
        """An act was over at `t`; both are readings of the machine's clock."""
        at = self._emit.now() - (perf_counter() - t)
        self._emit.emit("sample", t=at, series="back", value=t - since, unit="s", act=act, **more)

    def waits(self, who: str, delay: float, lived: float) -> None:
        """Before the next try, seconds; `lived`: how long the last one was up."""
        self._emit.sample("back-off", delay, "s", lived=lived, of=who)

    def crash(self) -> None:
        """One try that failed."""
        self._emit.sample("crash", 1, "crashes")
