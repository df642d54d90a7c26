"""Waiting in the system, waiting on a thread, working: n requests, n reads, n hashes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

from labs.os_async.findings import findings
from labs.sdk.hash_size import iterations_for
from labs.sdk.host import usable_cpus
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Settings, Step, interleave
from labs.sdk.params import Params, choice, choices, slider
from labs.sdk.runtimes import RUNTIMES, on_libuv, pool_of_libuv, programs
from labs.sdk.slow import COMMAND

FOLDER = Path(__file__).parent
LONGEST_HASH = 0.2
PROGRAM_SECONDS = 0.5
"""Start and end of a program and its server, beside the work itself; a guess for the time left."""

KINDS = {"requests": "Requests", "reads": "Slow reads", "hashes": "Hashes"}
SWEEP_POOLS = (1, 2, 4, 8, 16, 32)


class OsAsyncParams(Params):
    """How many of each kind, how slow, on how large a pool, where."""

    mode: Literal["burst", "sweep"] = choice(
        "burst", {"burst": "One pool", "sweep": "Sweep the pool"}, "Experiment",
        "With this pool only, or with pools of 1, 2, 4, 8 … up to it.",
    )  # fmt: skip
    tasks: int = slider(12, 1, 50, "How many of each", "All of one kind are asked for at the same moment.")
    latency: Literal["100", "200", "500"] = choice(
        "200", {"100": "0.1 s", "200": "0.2 s", "500": "0.5 s"}, "How long one waits",
        "The server answers after this time, and a slow read takes as long. One hash works for as long, at most 0.2 s.",
    )  # fmt: skip
    pool: int = slider(4, 1, 32, "Threads in the pool", "How many reads or hashes can be under way at once.")
    kinds: list[Literal["requests", "reads", "hashes"]] = choices(
        list(KINDS), KINDS, "Kinds of work", "Each kind runs alone, in a program of its own.",
    )  # fmt: skip
    runtimes: list[Literal["gevent", "asyncio", "node"]] = choices(  # type: ignore[assignment]
        ["gevent"], RUNTIMES, "Runtime",
        "Several runtimes take turns, repeat by repeat, and are drawn on the same axes.",
    )  # fmt: skip

    @property
    def seconds(self) -> float:
        """The latency."""
        return int(self.latency) / 1000


def pools(params: OsAsyncParams) -> list[int]:
    """The pool sizes of this run; the asked one is always the last."""
    if params.mode == "burst":
        return [params.pool]
    return [*(p for p in SWEEP_POOLS if p < params.pool), params.pool]


def hash_seconds(params: OsAsyncParams) -> float:
    """How long one hash works alone."""
    return min(params.seconds, LONGEST_HASH)


def plan(params: OsAsyncParams) -> list[Step]:
    """Every kind and pool size on every runtime, interleaved, `repeats` times."""

    def guess(kind: str, pool: int) -> float:
        if kind == "requests":
            return 3 * params.seconds
        if kind == "reads":
            return (2 + math.ceil(params.tasks / pool)) * params.seconds
        return (2 + math.ceil(params.tasks / min(pool, usable_cpus()))) * hash_seconds(params)

    def step(runtime: str, variant: tuple[str, int], repeat: int) -> Step:
        kind, pool = variant
        label = f"{RUNTIMES[runtime]}, {kind}"
        return Step(
            runtime=runtime,
            label=label if params.mode == "burst" else f"{label}, pool of {pool}",
            settings={"kind": kind, "tasks": params.tasks, "pool": pool, "latency": params.seconds},
            repeat=repeat,
            seconds=PROGRAM_SECONDS + guess(kind, pool),
            variant=kind if params.mode == "burst" else f"{kind}-p{pool}",
        )

    variants = [(kind, pool) for pool in pools(params) for kind in params.kinds]
    return interleave(params.runtimes, variants, params.repeats, step)


def prepare(params: OsAsyncParams) -> Settings:
    """How to start the slow server, and how many iterations make one hash."""
    size = iterations_for(hash_seconds(params)) if "hashes" in params.kinds else 0
    return {"server": list(COMMAND), "iterations": size}


lab = Lab(
    slug="os-async",
    title="Who does the waiting?",
    section="The runtime",
    order=4,
    lead="A request, a slow read and a hash take the same time alone. Ask for a dozen of each at once, "
    "and they do not. Who waits for what?",
    folder=FOLDER,
    params=OsAsyncParams,
    runtimes=programs(FOLDER, *RUNTIMES, gevent=on_libuv, node=pool_of_libuv),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("timeline", "timeline", "Who waited where", unit="s", when={"mode": "burst"},
              help="A request has a row of its own: no thread waits for it. Reads and hashes share the threads."),
        Chart("totals", "strip", "Time until the last one was done", unit="s", when={"mode": "burst"},
              help="One point a repeat, the tick is the median."),
        Chart("sweep", "curve", "Time until the last one was done", unit="s", x="pool",
              xlabel="threads in the pool", when={"mode": "sweep"},
              help="One point a repeat; the line joins the medians."),
    ),
    predictions=(
        Prediction("bar", "One request takes {latency} ms. When is the last of {tasks} answered?", "s",
                   "Drag the end, in seconds. The pool has fewer threads than there are requests: does that matter?",
                   when={"mode": "burst"}, max="tasks * latency / 1000"),
        Prediction("curve", "One read takes {latency} ms. How long do {tasks} take with each pool?", "s",
                   "Drag the points, in seconds.", when={"mode": "sweep"}, x="pool",
                   max="tasks * latency / 1000"),
    ),
    question=Question(
        "waited", "Which of them had to wait for a thread of the pool?",
        (
            Choice("none", "None of them"),
            Choice("hashes", "Only the hashes"),
            Choice("reads", "Only the reads"),
            Choice("reads-hashes", "The reads and the hashes"),
            Choice("requests", "The requests too"),
        ),
    ),
    changes=(
        Change("A pool of 1", {"mode": "burst", "pool": 1}),
        Change("A thread for each", {"mode": "burst", "tasks": 12, "pool": 12}),
        Change("50 requests and reads", {"mode": "burst", "tasks": 50, "pool": 4, "kinds": ["requests", "reads"]}),
        Change("Beside Node.js", {"mode": "burst", "runtimes": ["gevent", "node"]}),
        Change("Sweep 1 to 16", {"mode": "sweep", "pool": 16, "tasks": 12, "latency": "100"}),
    ),
)  # fmt: skip
