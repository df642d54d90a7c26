"""Facts of this machine that a measurement depends on."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

QUIET_BELOW = 0.15


def affinity() -> int:
    """How many CPUs the scheduler may give to this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def quota(root: Path = Path("/sys/fs/cgroup")) -> float | None:
    """CPUs granted by the control group (v2 `cpu.max`, v1 `cpu.cfs_*`), or None where unlimited."""
    try:
        granted, period = (root / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            granted = (root / "cpu" / "cpu.cfs_quota_us").read_text().strip()
            period = (root / "cpu" / "cpu.cfs_period_us").read_text().strip()
        except OSError:
            return None
    if granted in ("max", "-1") or not float(period):
        return None
    return float(granted) / float(period)


def usable_cpus() -> int:
    """CPUs that this process can keep busy at once: affinity and quota together, at least one."""
    limit = quota()
    return max(1, affinity() if limit is None else min(affinity(), int(limit + 0.5)))


@dataclass(frozen=True)
class CpuTime:
    """Seconds since the start, summed over the CPUs that this process may use. Stolen time is not idle."""

    idle: float
    total: float

    @classmethod
    def now(cls) -> CpuTime:
        ours = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
        each = [cpu for n, cpu in enumerate(psutil.cpu_times(percpu=True)) if ours is None or n in ours]
        idle = sum(cpu.idle + getattr(cpu, "iowait", 0.0) for cpu in each)
        guests = sum(getattr(cpu, "guest", 0.0) + getattr(cpu, "guest_nice", 0.0) for cpu in each)  # in user and nice
        return cls(idle, sum(map(sum, each)) - guests)

    def busy_until(self, later: CpuTime) -> float:
        """Share (0–1) of the time between that somebody kept these CPUs busy."""
        total = later.total - self.total
        return 0.0 if total <= 0 else min(1.0, max(0.0, 1 - (later.idle - self.idle) / total))


def busy(seconds: float = 0.2) -> float:
    """Share (0–1) of the usable CPUs that others keep busy over the next `seconds`."""
    before = CpuTime.now()
    time.sleep(seconds)
    return before.busy_until(CpuTime.now())


def is_shared() -> bool:
    """Whether a hypervisor has ever given this machine's CPUs to other machines ("steal" in /proc/stat)."""
    return bool(getattr(psutil.cpu_times(), "steal", 0.0) > 0)


def facts() -> dict[str, Any]:
    """The header of a run: CPUs, load, machine and Python. Takes 0.2 s to watch the machine."""
    share = busy()
    return {
        "cpus": usable_cpus(),
        "affinity": affinity(),
        "quota": quota(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "busy": round(share, 3),
        "quiet": share < QUIET_BELOW,
        "shared": is_shared(),
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
