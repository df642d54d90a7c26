"""The rows of the table: what each process uses, as a process manager shows it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from time import perf_counter

import psutil

from labs.processes.slots import Slots
from labs.processes.visitors import Visitors
from labs.sdk.together import SharedEmitter

MEGABYTE = 1024 * 1024


@dataclass
class Use:
    """What one process was seen to use. `cpu` and `rate` are over a time: None until it was looked at twice."""

    process: psutil.Process
    looked: float
    served: int
    memory: float | None = None
    """MB."""
    cpu: float | None = None
    """Per cent of one CPU."""
    rate: float | None = None
    """Requests a second."""


class Table:
    """Looks at the processes now and then, and tells each row as a `process` event."""

    def __init__(self, emit: SharedEmitter, slots: Slots, visitors: Visitors) -> None:
        self._emit, self._slots, self._visitors = emit, slots, visitors
        self._seen: dict[int, Use] = {}
        self._rows: set[str] = set()

    def look(self, master: int | None, master_status: str, born: float, restarts: int, *, measure: bool) -> None:
        """One look at everybody. With `measure` also at what they used since the last such look.

        Without it only who is there: so little time has passed that a share of it would say nothing.
        """
        now = perf_counter()
        pids = {pid for pid in (master, *(slot.pid for slot in self._slots)) if pid is not None}
        self._seen = {pid: use for pid, use in self._seen.items() if pid in pids}
        if measure:
            for pid in pids:
                self._measure(pid, now)
        self._row("master", master, master_status, now - born if master else None, restarts)
        rows = {"master"}
        for slot in self._slots:
            rows.add(slot.name)
            status = "replacing" if slot.former else slot.status
            self._row(slot.name, slot.pid, status, now - slot.born if slot.pid else None, slot.restarts)
            if measure and slot.pid in self._seen and (memory := self._seen[slot.pid].memory):
                self._emit.sample(f"memory, {slot.name}", memory, "MB", pid=slot.pid)
        for name in self._rows - rows:
            self._emit.emit("process", id=name, status="stopped", over=True)
        self._rows = rows

    def _row(self, name: str, pid: int | None, status: str, up: float | None, restarts: int) -> None:
        use = self._seen.get(pid) if pid is not None else None
        cpu, memory, rate = (use.cpu, use.memory, use.rate) if use else (None, None, None)
        self._emit.emit("process", id=name, pid=pid, status=status, uptime=up, restarts=restarts,
                        cpu=cpu, memory=memory, rate=None if name == "master" else rate)  # fmt: skip

    def _measure(self, pid: int, now: float) -> None:
        served = self._visitors.served(pid)
        with contextlib.suppress(psutil.Error):
            use = self._seen.get(pid)
            if use is None:
                use = self._seen[pid] = Use(psutil.Process(pid), now, served)
                use.process.cpu_percent()  # counts from here
            else:
                use.cpu = round(use.process.cpu_percent(), 1)
                use.rate = round((served - use.served) / (now - use.looked), 1)
                use.looked, use.served = now, served
            use.memory = round(use.process.memory_info().rss / MEGABYTE, 1)
            return
        self._seen.pop(pid, None)
