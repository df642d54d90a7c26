"""(a) What does measuring cost? The burst inside the lab against a bare script of the same work, interleaved."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import orjson

from labs.hashing.lab import HashingParams, lab, prepare
from labs.sdk.lab import Runtime
from labs.sdk.process import ChildProcess
from tests.bench.figure import Figure
from tests.tags import own_tag

PAIRS = 15
GOAL = 1.02
BARE = Path(__file__).parent / "bare"


def figures() -> Iterator[Figure]:
    """The ratio for each runtime, median of the pairs."""
    params = HashingParams.read({})
    settings = {**prepare(params), "tasks": params.tasks, "pool": params.pool}
    for runtime in lab.runtimes:
        bare = Runtime(runtime.key, runtime.label, BARE / runtime.file.name, runtime.environ)
        ratios = []
        for pair in range(PAIRS):
            first, second = (runtime, bare) if pair % 2 else (bare, runtime)
            seconds = {first: _total(first, settings), second: _total(second, settings)}
            ratios.append(seconds[runtime] / seconds[bare])
        middle = median(ratios)
        measured = f"{middle:.3f} ({min(ratios):.2f} to {max(ratios):.2f})"
        yield Figure(f"a  {runtime.label}: burst in the lab ÷ bare script", measured, f"≤ {GOAL}", middle <= GOAL)


def _total(runtime: Runtime, settings: dict[str, object]) -> float:
    """Seconds of the burst, as its own loop saw it."""
    command = [*runtime.command(), orjson.dumps(settings).decode()]
    with ChildProcess(command, runtime.environ(settings), tag=own_tag("bench")) as child:
        lines = [line for chunk in child.read(float("inf")) for line in chunk.lines]
    if child.code:
        raise subprocess.CalledProcessError(child.code, command)
    events = [orjson.loads(line) for line in lines]
    return float(next(e["value"] for e in events if e.get("series") == "total seen by the loop"))
