"""The rows of the table: what each process uses, as a process manager shows it."""

from __future__ import annotations

import contextlib
from time import perf_counter

import psutil

from labs.processes.slots import Slots
from labs.processes.visitors import Visitors
from labs.sdk.together import SharedEmitter

MEGABYTE = 1024 * 1024


class Table:
    """Looks at the processes now and then, and tells each row as a `process` event."""

    def __init__(self, emit: SharedEmitter, slots: Slots, visitors: Visitors) -> None:
        self._emit, self._slots, self._visitors = emit, slots, visitors
        self._seen: dict[int, psutil.Process] = {}
        self._served: dict[int, int] = {}
        self._looked = perf_counter()
        self._rows: set[str] = set()

    def look(self, master: int | None, master_status: str, born: float, restarts: int) -> None:
        """One look at everybody."""
        now = perf_counter()
        since, self._looked = max(1e-3, now - self._looked), now
        self._row("master", master, master_status, now - born if master else None, restarts, None)
        rows = {"master"}
        for slot in self._slots:
            rows.add(slot.name)
            status = "replacing" if slot.former else slot.status
            rate = self._rate(slot.pid, since) if slot.pid is not None else None
            self._row(slot.name, slot.pid, status, now - slot.born if slot.pid else None, slot.restarts, rate)
        for name in self._rows - rows:
            self._emit.emit("process", id=name, status="stopped", over=True)
        self._rows = rows

    def _row(
        self, name: str, pid: int | None, status: str, up: float | None, restarts: int, rate: float | None
    ) -> None:
        used = self._use(pid) if pid is not None else None
        cpu, memory = used or (None, None)
        self._emit.emit("process", id=name, pid=pid, status=status, uptime=up, restarts=restarts,
                        cpu=cpu, memory=memory, rate=rate)  # fmt: skip
        if memory and name != "master":
            self._emit.sample(f"memory, {name}", memory, "MB", pid=pid)

    def _use(self, pid: int) -> tuple[float, float] | None:
        """CPU in per cent of one CPU since the last look, and resident memory in MB; None if it is gone."""
        with contextlib.suppress(psutil.Error):
            process = self._seen.setdefault(pid, psutil.Process(pid))
            return round(process.cpu_percent(), 1), round(process.memory_info().rss / MEGABYTE, 1)
        self._seen.pop(pid, None)
        return None

    def _rate(self, pid: int, since: float) -> float:
        served = self._visitors.served(pid)
        rate = (served - self._served.get(pid, 0)) / since
        self._served[pid] = served
        return round(rate, 1)
