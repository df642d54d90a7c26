"""The blocked loop: one request that works, another one that should not have to wait."""

from __future__ import annotations

import math
import sys
from functools import partial
from pathlib import Path
from typing import Literal

from labs.blocked_loop.findings import findings
from labs.blocked_loop.work import work
from labs.sdk.calibrate import node_rounds_for, rounds_for
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

FOLDER = Path(__file__).parent

QUIET_SECONDS = 0.4
"""Before and after each way of working only /fast is asked, for so long."""

PROGRAM_SECONDS = 1.5
"""Start of a program and of its helpers; a guess for the time left."""

WAYS = {"loop": "On the loop", "slices": "In slices", "thread": "In a thread", "process": "In a process"}


class BlockedLoopParams(Params):
    """What `/` does, where, and for how long."""

    ways: list[Literal["loop", "slices", "thread", "process"]] = choices(
        ["loop", "thread"], WAYS, "Where / works",
        "Several ways take turns on the same server. The first one chosen comes first in every repeat.",
    )  # fmt: skip
    work: Literal["count", "hash"] = choice(
        "count", {"count": "Counts, in plain code", "hash": "Hashes, in a library"}, "What / does",
        "Both need nothing but a CPU. Counting is a loop in the language itself; hashing is one call of a C library.",
    )  # fmt: skip
    duration: int = slider(
        2000, 500, 10_000, "Work in milliseconds",
        "How long the work takes alone on this machine. It is measured anew, before and after.",
    )  # fmt: skip
    runtimes: list[Literal["gevent", "asyncio", "node"]] = choices(  # type: ignore[assignment]
        ["asyncio"], RUNTIMES, "Runtime",
        "Several runtimes take turns, repeat by repeat. Each is a server of its own.",
    )  # fmt: skip
    slice: int = slider(
        10, 1, 500, "Slice in milliseconds", "Only for work in slices: after so long it lets others run.", advanced=True
    )
    rate: int = slider(
        20, 2, 25, "/fast per second", "Asked at this rate whether answers come or not (open arrivals).", advanced=True
    )


def plan(params: BlockedLoopParams) -> list[Step]:
    """A server for each runtime and repeat; within it every way after the other."""
    seconds = params.duration / 1000
    acts = len(params.ways) * (1.3 * seconds + QUIET_SECONDS)

    def step(runtime: str, _: None, repeat: int) -> Step:
        return Step(
            runtime=runtime,
            label=RUNTIMES[runtime],
            settings={
                "ways": in_turn(list(params.ways), repeat),
                "work": params.work,
                "slices": max(1, math.ceil(params.duration / params.slice)),
                "rate": params.rate,
                "quiet": QUIET_SECONDS,
            },
            repeat=repeat,
            seconds=PROGRAM_SECONDS + 2 * seconds + acts,
        )

    return interleave(params.runtimes, [None], params.repeats, step)


def prepare(params: BlockedLoopParams) -> Settings:
    """How many rounds of the work make the wished duration here, in each language that takes part."""
    seconds, rounds = params.duration / 1000, {}
    if {"gevent", "asyncio"} & set(params.runtimes):
        rounds["python"] = rounds_for(seconds, partial(work, params.work))
    if "node" in params.runtimes:
        rounds["node"] = node_rounds_for(seconds, FOLDER / "work.mjs", params.work)
    return {"rounds": rounds, "python": sys.executable}


lab = Lab(
    slug="blocked-loop",
    title="The blocked loop",
    section="The runtime",
    order=6,
    lead="An event loop does one thing at a time. One request keeps it busy for seconds. "
    "What happens to another that needs no time at all?",
    folder=FOLDER,
    params=BlockedLoopParams,
    runtimes=programs(FOLDER, *RUNTIMES),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("timeline", "timeline", "Who worked, and who waited for the server", unit="jobs",
              help="Solid: work on the loop or beside it, and requests that are being answered. "
                   "Hatched: requests that were sent and not taken up yet."),
        Chart("waits", "strip", "How long the slowest /fast took", unit="s", result="slowest /fast",
              help="One point a repeat and way, the tick is the median."),
        Chart("lag", "line", "Loop lag", unit="s",
              help="How late a timer of the loop was that wants to be called every 20 ms. Flat is free."),
    ),
    predictions=(
        Prediction("bar", "/ is asked for at 0, and /fast just after. When is /fast answered, the first way you chose?",
                   "jobs", "Drag the end. One unit is the time that / works alone on this machine."),
    ),
    question=Question(
        "waited", "What did the slowest /fast wait for?",
        (
            Choice("loop", "For the work on the loop"),
            Choice("slices", "For slices of the work on the loop"),
            Choice("beside", "For a turn, while the work ran beside the loop"),
            Choice("little", "It hardly waited"),
        ),
    ),
    changes=(
        Change("In slices", {"ways": ["slices"]}),
        Change("Hashes in a thread", {"ways": ["loop", "thread"], "work": "hash"}),
        Change("In a process", {"ways": ["thread", "process"], "work": "count"}),
        Change("All four ways", {"ways": ["loop", "slices", "thread", "process"]}),
        Change("A thread of Node.js", {"ways": ["thread"], "work": "count", "runtimes": ["asyncio", "node"]}),
    ),
)  # fmt: skip
