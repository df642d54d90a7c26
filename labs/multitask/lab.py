"""One request, one file and some hashes beside each other, on pools of different sizes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

from labs.multitask.findings import findings
from labs.sdk.hash_size import iterations_of, seconds_of, size_choice
from labs.sdk.host import usable_cpus
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Settings, Step, interleave
from labs.sdk.params import Params, choice, choices, slider
from labs.sdk.runtimes import RUNTIMES, on_libuv, pool_of_libuv, programs
from labs.sdk.slow import COMMAND

FOLDER = Path(__file__).parent

PROGRAM_SECONDS = 0.6
"""Start and end of a program and its server, beside the work itself; a guess for the time left."""


class MultitaskParams(Params):
    """How many hashes beside the request and the file, on which pools, where."""

    mode: Literal["sides", "one"] = choice(
        "sides", {"sides": "1, this, one more", "one": "This pool only"}, "Pools side by side",
        "The same work with one thread, with the pool below, and with one thread more.",
    )  # fmt: skip
    hashes: int = slider(4, 0, 16, "Hashes", "How many hashes are asked for right after the request and the file.")
    pool: int = slider(4, 1, 16, "Threads in the pool", "How many hashes or hops of the file can be under way at once.")
    latency: Literal["100", "200", "500"] = choice(
        "200", {"100": "0.1 s", "200": "0.2 s", "500": "0.5 s"}, "Answer of the server",
        "The local server answers the request after this time.",
    )  # fmt: skip
    runtimes: list[Literal["gevent", "asyncio", "node"]] = choices(  # type: ignore[assignment]
        ["gevent"], RUNTIMES, "Runtime",
        "Several runtimes take turns, repeat by repeat, and are drawn on the same axes.",
    )  # fmt: skip
    preset: Literal["quick", "course"] = size_choice()

    @property
    def seconds(self) -> float:
        """The latency."""
        return int(self.latency) / 1000


def pools(params: MultitaskParams) -> list[int]:
    """The pool sizes of this run, the smallest first."""
    return [params.pool] if params.mode == "one" else sorted({1, params.pool, params.pool + 1})


def plan(params: MultitaskParams) -> list[Step]:
    """Every pool size on every runtime, interleaved, `repeats` times."""
    unit = seconds_of(params.preset)

    def step(runtime: str, pool: int, repeat: int) -> Step:
        rounds = math.ceil(params.hashes / min(pool, usable_cpus()))
        return Step(
            runtime=runtime,
            label=RUNTIMES[runtime] if params.mode == "one" else f"{RUNTIMES[runtime]}, pool of {pool}",
            settings={"hashes": params.hashes, "pool": pool, "latency": params.seconds},
            repeat=repeat,
            seconds=PROGRAM_SECONDS + 2 * params.seconds + (2 + rounds) * unit,
            variant="" if params.mode == "one" else f"p{pool}",
        )

    return interleave(params.runtimes, pools(params), params.repeats, step)


def prepare(params: MultitaskParams) -> Settings:
    """How to start the slow server, and how many iterations make one hash."""
    return {"server": list(COMMAND), "iterations": iterations_of(params.preset)}


lab = Lab(
    slug="multitask",
    title="The file behind the hash",
    section="The runtime",
    order=5,
    lead="A small file takes a millisecond to read, a hash a quarter of a second. Ask for both at once, "
    "and the file may come last. Which thread did it wait for?",
    folder=FOLDER,
    params=MultitaskParams,
    runtimes=programs(FOLDER, *RUNTIMES, gevent=on_libuv, node=pool_of_libuv),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("timeline", "timeline", "Who waited behind whom", unit="hashes",
              help="The request has a row of its own. The hops of the file and the hashes share the threads."),
        Chart("file", "strip", "Time until the file was read", unit="hashes", result="file read, in hashes",
              x="pool", xlabel="pool of", help="One point a repeat, the tick is the median."),
    ),
    predictions=(
        Prediction("bar", "{hashes} hashes and a pool of {pool}: when has the file been read?", "hashes",
                   "Drag the end. One unit is the time of a single hash on this machine. Alone, the file takes next "
                   "to nothing."),
    ),
    question=Question(
        "file", "What did the file wait for, with the pool you asked for?",
        (
            Choice("thread", "A thread of the pool"),
            Choice("disk", "The disk"),
            Choice("loop", "The event loop"),
            Choice("nothing", "Nothing"),
        ),
    ),
    changes=(
        Change("3 hashes, 4 threads", {"hashes": 3, "pool": 4}),
        Change("8 hashes, 4 threads", {"hashes": 8, "pool": 4}),
        Change("No hashes", {"hashes": 0}),
        Change("A slow answer", {"hashes": 4, "pool": 4, "latency": "500"}),
        Change("Beside Node.js", {"runtimes": ["gevent", "node"]}),
    ),
)  # fmt: skip
