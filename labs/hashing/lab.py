"""The hashing burst: n hashes on a pool of p threads on c CPUs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

from labs.hashing.findings import findings
from labs.sdk.hash_size import iterations_of, seconds_of, size_choice
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
    interleave,
)
from labs.sdk.params import Params, choice, choices, slider
from labs.sdk.runtimes import RUNTIMES, on_libuv, pool_of_libuv, programs

FOLDER = Path(__file__).parent

PROGRAM_SECONDS = 0.6
"""Start of a program with its two calibrations, beside the burst itself; a guess for the time left."""

SWEEP_POOLS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 28, 32)


class HashingParams(Params):
    """How many hashes, on how large a pool, where."""

    mode: Literal["burst", "sweep"] = choice(
        "burst", {"burst": "One burst", "sweep": "Sweep the pool"}, "Experiment",
        "One burst with this pool, or the same burst with every pool size from 1 up to it.",
    )  # fmt: skip
    tasks: int = slider(5, 1, 64, "Hashes", "How many hashes are asked for at the same moment.")
    pool: int = slider(4, 1, 32, "Threads in the pool", "How many hashes can run at the same time.",
                       titles=[{"when": {"mode": "sweep"}, "title": "Largest pool"}])  # fmt: skip
    runtimes: list[Literal["gevent", "asyncio", "node"]] = choices(  # type: ignore[assignment]
        ["gevent"], RUNTIMES, "Runtime",
        "Several runtimes take turns, repeat by repeat, and are drawn on the same axes.",
    )  # fmt: skip
    preset: Literal["quick", "course"] = size_choice()


def pools(params: HashingParams) -> list[int]:
    """The pool sizes of this run; the asked one is always the last."""
    if params.mode == "burst":
        return [params.pool]
    return [*(p for p in SWEEP_POOLS if p < params.pool), params.pool]


def plan(params: HashingParams) -> list[Step]:
    """Every pool size on every runtime, interleaved, `repeats` times."""
    unit = seconds_of(params.preset)

    def step(runtime: str, pool: int, repeat: int) -> Step:
        rounds = math.ceil(params.tasks / min(pool, usable_cpus(), params.tasks))
        label = RUNTIMES[runtime]
        return Step(
            runtime=runtime,
            label=label if params.mode == "burst" else f"{label}, pool of {pool}",
            settings={"tasks": params.tasks, "pool": pool},
            repeat=repeat,
            seconds=PROGRAM_SECONDS + (rounds + 2) * unit,
            variant="" if params.mode == "burst" else f"p{pool}",
        )

    return interleave(params.runtimes, pools(params), params.repeats, step)


def prepare(params: HashingParams) -> Settings:
    """How many iterations make one hash."""
    return {"iterations": iterations_of(params.preset)}


lab = Lab(
    slug="hashing",
    title="Hashing burst",
    section="The runtime",
    order=3,
    lead="Each hash keeps one thread busy. The pool has a fixed number of threads. "
    "What happens to the hash that finds none free?",
    folder=FOLDER,
    params=HashingParams,
    runtimes=programs(FOLDER, *RUNTIMES, gevent=on_libuv, node=pool_of_libuv),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("timeline", "timeline", "Who ran when", unit="hashes", when={"mode": "burst"},
              help="One row a thread. Solid: a hash runs. Hatched: it waits for a thread."),
        Chart("totals", "strip", "Time until the last hash was done", unit="s",
              when={"mode": "burst"}, help="One point a repeat, the tick is the median."),
        Chart("sweep", "curve", "Time for the whole burst", unit="hashes", x="pool",
              xlabel="threads in the pool", when={"mode": "sweep"},
              help="One point a repeat; the line joins the medians."),
    ),
    predictions=(
        Prediction("bar", "When is hash {tasks} done?", "hashes",
                   "Drag the end. One unit is the time of a single hash on this machine.",
                   when={"mode": "burst"}),
        Prediction("curve", "How long will {tasks} hashes take with each pool?", "hashes",
                   "Drag the points. One unit is the time of a single hash on this machine.",
                   when={"mode": "sweep"}, x="pool"),
    ),
    question=Question(
        "full", "Which resource was full?",
        (
            Choice("cpus", "The CPUs"),
            Choice("pool", "The threads of the pool"),
            Choice("both", "Both"),
            Choice("neither", "Neither"),
        ),
    ),
    changes=(
        Change("Pool of 2", {"mode": "burst", "pool": 2}),
        Change("Pool of 5", {"mode": "burst", "pool": 5}),
        Change("One hash more than threads", {"mode": "burst", "pool": 4, "tasks": 5}),
        Change("Beside Node.js", {"mode": "burst", "runtimes": ["gevent", "node"]}),
        Change("Sweep 1 to 8", {"mode": "sweep", "pool": 8, "tasks": 8}),
    ),
)  # fmt: skip
