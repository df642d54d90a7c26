"""Find and end the processes of one copy, wherever they strayed: each carries its var folder in its environment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection

import psutil

TAG = "LOOPSCOPE_HOME_TAG"
TERMINATE_SECONDS = 3.0
ROUNDS = 5


def find(tag: str, spare: Collection[int] = ()) -> list[psutil.Process]:
    """The processes that carry `tag`, but for this one, those it descends from, and `spare`."""
    kept = {os.getpid(), *(parent.pid for parent in psutil.Process().parents()), *spare}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid not in kept and process.environ().get(TAG) == tag:
                found.append(process)
    return found


def sweep(tag: str, spare: Collection[int] = ()) -> int:
    """End them: ask, wait, kill; again while there are new ones. How many there were."""
    count = 0
    for _ in range(ROUNDS):
        processes = find(tag, spare)
        if not processes:
            break
        count += len(processes)
        _end(processes)
    return count


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, alive = psutil.wait_procs(processes, TERMINATE_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, TERMINATE_SECONDS)
