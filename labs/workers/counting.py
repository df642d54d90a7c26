"""The work: counting, in plain Python. Nothing but a CPU is needed for it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping

IN_A_ROUND = 10_000


def count(rounds: int) -> None:
    """Count to ten thousand, `rounds` times."""
    for _ in range(rounds):
        i = 0
        while i < IN_A_ROUND:
            i += 1


def counted(rounds: int, about: Mapping[str, str], zero: float) -> float:
    """The same in a process or an interpreter of its own, which reports by itself. Gives back when it ended.

    Only the standard library, so that any interpreter can import it.
    """
    _tell({"e": "begin", "t": time.perf_counter() - zero, **about})
    cpu = time.thread_time()
    count(rounds)
    ended, cpu = time.perf_counter(), time.thread_time() - cpu
    _tell({"e": "end", "t": ended - zero, "id": about["id"], "cpu": cpu})
    return ended


def timed(rounds: int) -> float:
    """Seconds that one count takes now."""
    begun = time.perf_counter()
    count(rounds)
    return time.perf_counter() - begun


def _tell(event: Mapping[str, object]) -> None:
    """One short line in one write: lines of several workers do not mix."""
    os.write(1, json.dumps(event).encode() + b"\n")
