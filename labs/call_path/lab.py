"""The call path: one hash through its layers, from `await` down to OpenSSL."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from labs.call_path.findings import findings
from labs.call_path.ladder import one_hash
from labs.sdk.calibrate import node_rounds_for, rounds_for
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Runtime, Settings, Step, interleave
from labs.sdk.params import Params, choices, slider

FOLDER = Path(__file__).parent

HOLD_SECONDS = 0.15
QUIET_SECONDS = 0.05
SIZES = 6
LARGEST = 600
"""The fit needs calls that are large against their fixed cost, even where few iterations are asked for."""

MOST_ITERATIONS = 100_000
ITERATION_SECONDS = 8e-7
PROGRAM_SECONDS = 2.2
"""Guesses for the time left; no result depends on them."""

RUNTIMES = {"asyncio": "asyncio", "gevent": "gevent", "node": "Node.js"}


class CallPathParams(Params):
    """How much work one call does, and on what."""

    iterations: int = slider(
        100, 1, MOST_ITERATIONS, "Iterations in one hash",
        "How much work is left for the bottom of the path. The layers above cost the same, however many there are.",
    )  # fmt: skip
    runtimes: list[Literal["asyncio", "gevent", "node"]] = choices(  # type: ignore[assignment]
        ["asyncio"], RUNTIMES, "Runtime", "Each has layers of its own above OpenSSL. They take turns.",
    )  # fmt: skip


def sizes(iterations: int) -> list[int]:
    """From one iteration up to what was asked for, or further: evenly by ratio, the asked number among them."""
    top = max(iterations, LARGEST)
    return sorted({*(round(top ** (k / (SIZES - 1))) for k in range(SIZES)), iterations})


def plan(params: CallPathParams) -> list[Step]:
    """Every runtime in turn, `repeats` times."""
    settings = {"iterations": params.iterations, "sizes": sizes(params.iterations),
                "quiet": QUIET_SECONDS, "hold_seconds": HOLD_SECONDS}  # fmt: skip
    seconds = PROGRAM_SECONDS + sum(max(0.1, 15 * n * ITERATION_SECONDS) for n in sizes(params.iterations))

    def step(runtime: str, _: None, repeat: int) -> Step:
        return Step(runtime, RUNTIMES[runtime], settings, repeat, seconds)

    return interleave(params.runtimes, [None], params.repeats, step)


def prepare(params: CallPathParams) -> Settings:
    """How many iterations make the long hash: of this Python's OpenSSL, and of Node's own."""
    hold = {}
    if set(params.runtimes) - {"node"}:
        hold["python"] = rounds_for(HOLD_SECONDS, one_hash)
    if "node" in params.runtimes:
        hold["node"] = node_rounds_for(HOLD_SECONDS, FOLDER / "hash.mjs")
    return {"hold": hold}


lab = Lab(
    slug="call-path",
    title="The call path",
    section="The runtime",
    order=2,
    lead="One line asks for a hash. Between that line and the code that computes lie a loop, a pool, a library and a "
    "binding. Where does the time go?",
    folder=FOLDER,
    params=CallPathParams,
    runtimes=(
        Runtime("asyncio", "asyncio", FOLDER / "on_asyncio.py"),
        Runtime("gevent", "gevent", FOLDER / "on_gevent.py", lambda s: {"GEVENT_LOOP": "libuv"}),
        Runtime("node", "Node.js", FOLDER / "on_node.mjs"),
    ),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("layers", "layers", "The layers of one call", unit="%",
              help="At the top is your call, at the bottom what computes. Open a layer to see what it is here."),
        Chart("silence", "line", "How late a heartbeat was", unit="s", series=("event loop", "another thread"),
              help="The loop and another thread want to be called every 4 ms, while a long hash runs."),
        Chart("timeline", "timeline", "What was measured when", unit="s",
              help="First one long hash in each way. Then every layer in turn, with more and more iterations."),
    ),
    predictions=(
        Prediction("bar", "With {iterations} iterations, how much of one call is spent below the binding?", "%",
                   "Drag the end: the share of the time that OpenSSL itself takes, in percent.", max="100"),
    ),
    question=Question(
        "moving", "The hash was called on the loop, without await. Who could still move?",
        (
            Choice("both", "The loop and other threads"),
            Choice("threads", "Other threads only"),
            Choice("nobody", "Nobody"),
        ),
    ),
    changes=(
        Change("One iteration", {"iterations": 1}),
        Change("10,000 iterations", {"iterations": 10_000}),
        Change("Beside gevent and Node.js", {"runtimes": ["asyncio", "gevent", "node"]}),
        Change("Node.js alone", {"runtimes": ["node"]}),
    ),
)  # fmt: skip
