"""What everybody else on the machine does meanwhile: where a CPU is shared, a server tells of its neighbours."""

from __future__ import annotations

from time import perf_counter

import psutil


class Others:
    """CPUs that processes other than this one and its children keep busy; stolen time counts as theirs."""

    def __init__(self) -> None:
        self._before = self._now()

    def busy(self) -> float:
        """CPUs (0.5: half of one) since the last call."""
        before, self._before = self._before, self._now()
        wall, everybody, own = (now - then for now, then in zip(self._before, before, strict=True))
        return max(0.0, (everybody - own) / wall)

    @staticmethod
    def _now() -> tuple[float, float, float]:
        """Stamp, CPU seconds of everybody, of this process and its children."""
        told = psutil.cpu_times()
        everybody = sum(told) - told.idle - sum(getattr(told, name, 0.0) for name in ("iowait", "guest", "guest_nice"))
        this = psutil.Process()
        own = 0.0
        for process in [this, *this.children(recursive=True)]:
            try:
                own += sum(process.cpu_times()[:4])  # user, system, and those of its children that have ended
            except psutil.NoSuchProcess:
                continue  # counted with its parent
        return perf_counter(), everybody, own
