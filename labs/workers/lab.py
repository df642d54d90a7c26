"""Workers: counting on the loop, and beside it. Who shares what with whom?"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal, Self

from pydantic import field_validator, model_validator

from labs.sdk.calibrate import node_rounds_for, rounds_for
from labs.sdk.host import usable_cpus
from labs.sdk.lab import (
    Change,
    Chart,
    Choice,
    Lab,
    Prediction,
    Question,
    Settings,
    Step,
    in_turn,
    interleave,
)
from labs.sdk.params import Params, choice, choices, slider
from labs.sdk.runtimes import RUNTIMES, programs
from labs.workers import interpreters
from labs.workers.counting import count
from labs.workers.findings import findings

FOLDER = Path(__file__).parent

QUIET_SECONDS = 0.3
"""Before each way, and after the last one, the loop has nothing to do for so long."""

SWEEP_SECONDS = 0.25
PROGRAM_SECONDS = 1.0
WORKER_SECONDS = 0.15
"""Starts of a program and of one worker; guesses for the time left."""

RUNS_ON = {key: RUNTIMES[key] for key in ("asyncio", "node")}
WAYS = {
    "loop": "On the loop",
    "thread": "In threads",
    "process": "In processes",
    "interpreter": "In sub-interpreters" + ("" if interpreters.available() else " (from Python 3.14)"),
}
SWEEP = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16)


class WorkersParams(Params):
    """How many counts, by how many workers of which kind, where."""

    mode: Literal["ways", "sweep"] = choice(
        "ways", {"ways": "Compare ways", "sweep": "Sweep the workers"}, "Experiment",
        "All ways one after the other, or one way with every number of workers. "
        "The sweep takes the first way you chose that is not the loop.",
    )  # fmt: skip
    ways: list[Literal["loop", "thread", "process", "interpreter"]] = choices(
        ["loop", "thread", "process"], WAYS, "Where to count",
        "The first one chosen comes first in every repeat. In Node.js the loop is the main thread, and threads are "
        "worker threads. Sub-interpreters are several Pythons in one process, from Python 3.14 on.",
    )  # fmt: skip
    tasks: int = slider(2, 1, 16, "Counts", "How many counts are asked for at the same moment.")
    workers: int = slider(2, 1, 16, "Workers at once", "How many of them can be under way; the loop is always alone.")
    runtimes: list[Literal["asyncio", "node"]] = choices(  # type: ignore[assignment]
        ["asyncio"], RUNS_ON, "Runtime", "Both take turns, repeat by repeat, and are drawn on the same axes.",
    )  # fmt: skip
    size: int = slider(
        1000, 200, 5000, "One count in milliseconds",
        "How far to count: as far as one gets in this time, alone on this machine.",
        when={"mode": "ways"},
    )  # fmt: skip

    @field_validator("ways")
    @classmethod
    def _ways_that_exist(cls, value: list[str]) -> list[str]:
        if "interpreter" in value and not interpreters.available():
            raise ValueError(f"cannot be had here: {interpreters.why_not()}")
        return value

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if any(not ways_of(runtime, list(self.ways)) for runtime in self.runtimes):
            raise ValueError("Node.js has no sub-interpreters; choose another way for it")
        return self


def ways_of(runtime: str, ways: list[str]) -> list[str]:
    """Those that the runtime has."""
    return [way for way in ways if way != "interpreter" or runtime == "asyncio"]


def swept(runtime: str, ways: list[str]) -> str:
    """The way that a sweep takes: the first one beside the loop."""
    chosen = ways_of(runtime, ways)
    return next((way for way in chosen if way != "loop"), chosen[0])


def plan(params: WorkersParams) -> list[Step]:
    """Every number of workers on every runtime, interleaved, `repeats` times. Without a sweep there is one number."""
    sweep = params.mode == "sweep"
    numbers = [*(k for k in SWEEP if k < params.workers), params.workers] if sweep else [params.workers]
    unit = SWEEP_SECONDS if sweep else params.size / 1000

    def step(runtime: str, workers: int, repeat: int) -> Step:
        ways = [swept(runtime, list(params.ways))] if sweep else ways_of(runtime, in_turn(list(params.ways), repeat))
        return Step(
            runtime=runtime,
            label=f"{RUNTIMES[runtime]}, {workers} at once" if sweep else RUNTIMES[runtime],
            settings={"ways": ways, "tasks": params.tasks, "workers": workers, "quiet": QUIET_SECONDS},
            repeat=repeat,
            seconds=PROGRAM_SECONDS + 2 * unit + sum(_way_seconds(way, params.tasks, workers, unit) for way in ways),
            variant=f"k{workers}" if sweep else "",
        )

    return interleave(params.runtimes, numbers, params.repeats, step)


def _way_seconds(way: str, tasks: int, workers: int, unit: float) -> float:
    at_once = 1 if way in ("loop", "thread") else min(tasks, workers, usable_cpus())
    starting = WORKER_SECONDS * workers / usable_cpus() if way == "process" else 0.0
    return QUIET_SECONDS + starting + math.ceil(tasks / at_once) * unit


def prepare(params: WorkersParams) -> Settings:
    """How many rounds make one count here, in each language that takes part."""
    seconds = SWEEP_SECONDS if params.mode == "sweep" else params.size / 1000
    rounds = {}
    if "asyncio" in params.runtimes:
        rounds["asyncio"] = rounds_for(seconds, count)
    if "node" in params.runtimes:
        rounds["node"] = node_rounds_for(seconds, FOLDER / "counting.mjs")
    return {"rounds": rounds}


lab = Lab(
    slug="workers",
    title="Workers",
    section="The runtime",
    order=7,
    lead="Counting needs nothing but a CPU. On the loop it stops everything else. "
    "Do threads help, or does it take processes?",
    folder=FOLDER,
    params=WorkersParams,
    runtimes=programs(FOLDER, *RUNS_ON),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("timeline", "timeline", "Who counted when", unit="counts", when={"mode": "ways"},
              help="One row a worker, and one for the loop. Solid: a count runs. Hatched: it waits for a worker."),
        Chart("totals", "strip", "Time for all the counts", unit="counts", when={"mode": "ways"},
              result="total, in counts", help="One point a repeat and way, the tick is the median."),
        Chart("lag", "line", "Loop lag", unit="s", when={"mode": "ways"},
              help="How late a timer of the loop was that wants to be called every 20 ms. Flat is free."),
        Chart("sweep", "curve", "Time for all the counts", unit="counts", x="workers",
              xlabel="workers at once", when={"mode": "sweep"},
              help="One point a repeat; the line joins the medians."),
    ),
    predictions=(
        Prediction("bar", "{tasks} counts, {workers} workers, the first way you chose: when is the last count done?",
                   "counts", "Drag the end. One unit is the time of a single count, alone on this machine.",
                   when={"mode": "ways"}),
        Prediction("curve", "How long will {tasks} counts take with each number of workers?", "counts",
                   "Drag the points. One unit is the time of a single count, alone on this machine.",
                   when={"mode": "sweep"}, x="workers"),
    ),
    question=Question(
        "threads", "Did the threads of Python count at the same time?",
        (
            Choice("turns", "No, they took turns"),
            Choice("together", "Yes, at the same time"),
            Choice("alone", "There never were two at once"),
        ),
    ),
    changes=(
        Change("One count, one worker", {"mode": "ways", "tasks": 1, "workers": 1}),
        Change("Threads first", {"mode": "ways", "ways": ["thread", "process"]}),
        Change("Beside Node.js", {"mode": "ways", "runtimes": ["asyncio", "node"]}),
        Change("Sweep threads, asyncio and Node.js",
               {"mode": "sweep", "ways": ["thread"], "tasks": 4, "workers": 4, "runtimes": ["asyncio", "node"]}),
        Change("Sweep processes", {"mode": "sweep", "ways": ["process"], "tasks": 8, "workers": 8}),
    ),
)  # fmt: skip
