"""How much work is so many seconds of work on this machine? Asked once a run, so that all its parts do the same."""

from __future__ import annotations

import math
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from labs.sdk.lab import node_binary

TRIAL_SECONDS = 0.02
TRIALS = 5
NODE_SECONDS = 30
_SCRIPT = Path(__file__).parent / "calibrate.mjs"


def rounds_for(seconds: float, work: Callable[[int], object]) -> int:
    """How many rounds of `work(rounds)` take so long here, at least one."""
    return max(1, round(seconds / _round_seconds(work)))


def node_rounds_for(seconds: float, module: Path, *more: object) -> int:
    """The same for Node: `module` exports `work(rounds, ...more)`."""
    command = [node_binary(), str(_SCRIPT), orjson.dumps([module.as_uri(), TRIAL_SECONDS, TRIALS, *more]).decode()]
    told = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=NODE_SECONDS, check=True)
    return max(1, round(seconds / float(told.stdout)))


def _round_seconds(work: Callable[[int], object]) -> float:
    """Seconds of one round: the fastest of a few trials, for a busy neighbour can only make a trial slower."""
    rounds, best = 1, math.inf
    while (took := _timed(work, rounds)) < TRIAL_SECONDS:
        rounds *= 2
    for _ in range(TRIALS):
        best = min(best, _timed(work, rounds))
    return min(best, took) / rounds


def _timed(work: Callable[[int], object], rounds: int) -> float:
    begun = time.perf_counter()
    work(rounds)
    return time.perf_counter() - begun
