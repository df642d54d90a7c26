"""A loop turn by turn: what is pending, what it waits for, which callback comes when."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from labs.event_loop import blocks
from labs.event_loop.blocks import KINDS, MOST_BLOCKS, MOST_DELAY, NAMES, BlocksError
from labs.event_loop.diary import PATIENCE
from labs.event_loop.findings import findings
from labs.event_loop.puzzles import OWN, PUZZLES
from labs.sdk.hash_size import iterations_for
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Runtime, Settings, Step, interleave
from labs.sdk.params import Params, choice, choices, slider
from labs.sdk.slow import COMMAND

FOLDER = Path(__file__).parent
HASH_SECONDS = 0.01
PASS_SECONDS = {"gevent": 0.004, "asyncio": 0.004, "node": 0.06}
"""What one more quiet pass costs beside its timers: a guess for the time left."""
START_SECONDS = 0.6
PUZZLE_NAMES = Literal[
    "timers", "soon", "waiting", "pool", "race", "inside", "queues", "nested", "close", "forever", "own"
]
LONGEST_PROGRAM = 200


class EventLoopParams(Params):
    """Which program, on which loops, how often."""

    puzzle: PUZZLE_NAMES = choice(
        "race", {**{name: puzzle.label for name, puzzle in PUZZLES.items()}, OWN: "Your own"}, "Puzzle",
        "Small programs from easy to surprising. Or make one of your own from blocks.",
        programs={name: puzzle.program for name, puzzle in PUZZLES.items()}, validate_default=True,
    )  # fmt: skip
    program: str = Field(
        "timer-10,file,.timer-0,.immediate,sync", title="Program", max_length=LONGEST_PROGRAM,
        description="Blocks run from top to bottom. Each asks for something, and its callback comes when the loop "
        "calls it. A block that is moved in runs inside the callback of the one above.",
        json_schema_extra={
            "widget": "blocks", "when": {"puzzle": OWN}, "most": MOST_BLOCKS, "delay": MOST_DELAY, "names": dict(NAMES),
            "kinds": {
                name: {"label": kind.label, "help": kind.help, "delay": kind.delay, "calls": kind.calls,
                       "runtimes": list(kind.runtimes), "work": kind.work}
                for name, kind in KINDS.items()
            },
        },
    )  # fmt: skip
    runtimes: list[Literal["gevent", "asyncio", "node"]] = choices(  # type: ignore[assignment]
        ["node"], NAMES, "Runtime", "The same blocks, in the words of each runtime, one after the other.",
    )  # fmt: skip
    runs: int = slider(
        20, 10, 100, "Quick passes", "How often the program is run without being watched, to see whether the order "
        "is always the same.",
    )  # fmt: skip
    pool: int = slider(4, 1, 8, "Threads in the pool", "Hashes and files wait for one of them.", advanced=True)
    latency: int = slider(
        30, 5, 200, "Answer of the server (ms)", "A request is answered after this time.", advanced=True
    )
    repeats: int = slider(2, 1, 9, "Watched passes", "Each is followed by its quick passes.", advanced=True)

    @field_validator("puzzle")
    @classmethod
    def _runs_there(cls, value: str, info: ValidationInfo) -> str:
        runtimes = info.data.get("runtimes", [])
        if value != OWN:
            try:
                blocks.read(PUZZLES[value].program, runtimes)
            except BlocksError as error:
                raise ValueError(str(error)) from None
        return value

    @field_validator("program")
    @classmethod
    def _can_be_read(cls, value: str, info: ValidationInfo) -> str:
        try:
            blocks.read(value, info.data.get("runtimes", []) if info.data.get("puzzle") == OWN else ())
        except BlocksError as error:
            raise ValueError(str(error)) from None
        return value

    @property
    def text(self) -> str:
        """The program that is run."""
        return self.program if self.puzzle == OWN else PUZZLES[self.puzzle].program

    @property
    def asked(self) -> list[blocks.Block]:
        return blocks.read(self.text)


def length(params: EventLoopParams) -> float:
    """Seconds of one pass, roughly: its longest chain of waiting, and its hashes."""
    own = {block.letter: _waits(block, params) for block in params.asked}
    chains = [own[block.letter] + (own[block.inside] if block.inside else 0) for block in params.asked]
    return max(chains) + HASH_SECONDS * sum(block.kind == "hash" for block in params.asked)


def _waits(block: blocks.Block, params: EventLoopParams) -> float:
    return (params.latency if block.kind == "request" else block.delay or 0) / 1000


def plan(params: EventLoopParams) -> list[Step]:
    """Every runtime, interleaved, `repeats` times."""
    settings: Settings = {
        "blocks": [block.settings() for block in params.asked], "pool": params.pool,
        "latency": params.latency / 1000, "runs": params.runs,
    }  # fmt: skip

    def step(runtime: str, _: None, repeat: int) -> Step:
        passes = (2 + params.runs) * (length(params) + PASS_SECONDS[runtime])
        return Step(runtime, NAMES[runtime], settings, repeat, START_SECONDS + PATIENCE + passes)

    return interleave(params.runtimes, [None], params.repeats, step)


def prepare(params: EventLoopParams) -> Settings:
    """How to start the slow server, and how many iterations make a short hash."""
    return {"server": list(COMMAND), "iterations": iterations_for(HASH_SECONDS)}


lab = Lab(
    slug="event-loop",
    title="The loop, turn by turn",
    section="The runtime",
    order=1,
    lead="A program asks for a timer, a file, an answer from the network. In which order do its callbacks come? "
    "Say so first. Then step through what a real loop did, turn by turn.",
    folder=FOLDER,
    params=EventLoopParams,
    runtimes=(
        Runtime("gevent", "gevent", FOLDER / "on_gevent.py", lambda s: {"GEVENT_LOOP": "libuv"}),
        Runtime("asyncio", "asyncio", FOLDER / "on_asyncio.py"),
        Runtime("node", "Node.js", FOLDER / "on_node.cjs", lambda s: {"UV_THREADPOOL_SIZE": str(s["pool"])}),
    ),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("turns", "turns", "The loop, turn by turn",
              help="One watched pass. Step through it: what was pending, how long the loop waited, what it called."),
        Chart("orders", "orders", "The orders that came up", unit="runs",
              help="The same program again and again, without being watched."),
        Chart("timeline", "timeline", "The same on a clock",
              help="Hatched: asked for and pending. Solid: its callback, in the phase that called it."),
    ),
    predictions=(
        Prediction("order", "In which order are they called?", "", "Drag the blocks, or move one with the arrow keys.",
                   x="program"),
    ),
    question=Question(
        "order", "Run this program a hundred times. Is the order always the same?",
        (Choice("same", "Always the same"), Choice("several", "It varies")),
    ),
    changes=(
        Change("Zero or now", {"puzzle": "race", "runtimes": ["node"]}),
        Change("The same, inside", {"puzzle": "inside", "runtimes": ["node"]}),
        Change("Four queues", {"puzzle": "queues", "runtimes": ["node"]}),
        Change("Who wakes it?", {"puzzle": "waiting"}),
        Change("On three loops", {"puzzle": "soon", "runtimes": ["gevent", "asyncio", "node"]}),
        Change("It does not end", {"puzzle": "forever"}),
    ),
)  # fmt: skip
