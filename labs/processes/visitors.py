"""What the clients got: every request that ended, counted in half seconds; the lost and the late ones one by one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from labs.sdk.together import SharedEmitter

BIN_SECONDS = 0.5
LATE_SECONDS = 0.25
"""A request is late when it waited so much longer than the slow thing behind the server needs."""


class Visitors:
    """Fed with the load generator's reports of single requests. Times count from when a request was due."""

    def __init__(self, emit: SharedEmitter, latency: float) -> None:
        self._emit = emit
        self._usual = latency
        self._zero = 0.0
        self._bin = 0
        self._answered = self._lost = self._late = 0
        self._slowest = 0.0
        self._by_worker: Counter[int] = Counter()

    def begin(self, zero: float) -> None:
        """Stamps count from here."""
        self._zero = zero

    def ended(self, report: dict[str, Any]) -> None:
        """One request is over, for better or worse."""
        due, done = report["due"] - self._zero, report["done"] - self._zero
        self.until(done)
        waited = done - due
        self._slowest = max(self._slowest, waited)
        if report["error"]:
            self._lost += 1
            self._emit.emit(
                "sample", t=max(0.0, due), series="lost request", value=waited, unit="s", error=report["error"]
            )
            return
        self._answered += 1
        if worker := (report["headers"] or {}).get("x-worker"):
            self._by_worker[int(worker)] += 1
        if waited > self._usual + LATE_SECONDS:
            self._late += 1
            self._emit.emit("sample", t=max(0.0, due), series="late request", value=waited, unit="s")

    def until(self, t: float) -> None:
        """Tell of every half second that is over by now."""
        while t >= (self._bin + 1) * BIN_SECONDS:
            self._bin += 1
            end = self._bin * BIN_SECONDS
            on_time = self._answered - self._late
            for name, count in (("answered", on_time), ("late", self._late), ("lost", self._lost)):
                self._emit.emit("sample", t=end, series=name, value=count / BIN_SECONDS, unit="requests/s")
            self._emit.emit("sample", t=end, series="longest wait", value=1000 * self._slowest, unit="ms")
            self._answered = self._lost = self._late = 0
            self._slowest = 0.0

    def served(self, pid: int) -> int:
        """Requests that this worker has answered so far."""
        return self._by_worker[pid]
