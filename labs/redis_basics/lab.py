"""Redis basics: a console on the real server, and an object that goes there in four ways."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from labs.redis_basics.challenges import CHALLENGES
from labs.redis_basics.findings import findings
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Runtime, Settings, Step, interleave
from labs.sdk.params import Params, choices, slider

FOLDER = Path(__file__).parent
RUNTIMES = {"python": "Python", "node": "Node.js"}
PROGRAM_SECONDS = 0.6
ROUND_SECONDS = 0.003
WAYS = 4


class BasicsParams(Params):
    """How large the object is, and how often it goes there and back."""

    fields: int = slider(8, 2, 500, "Fields of the object", "A name, a number, and further texts.")
    rounds: int = slider(50, 50, 500, "Round trips", "How often the object goes to Redis and back, each of four ways.")
    runtimes: list[Literal["python", "node"]] = choices(  # type: ignore[assignment]
        ["python", "node"], RUNTIMES, "Runtime", "Each with the client library that most people use there.",
    )  # fmt: skip


def plan(params: BasicsParams) -> list[Step]:
    """Every runtime in turn, `repeats` times."""

    def step(runtime: str, _: None, repeat: int) -> Step:
        settings = {"fields": params.fields, "rounds": params.rounds}
        seconds = PROGRAM_SECONDS + params.rounds * WAYS * ROUND_SECONDS
        return Step(runtime=runtime, label=RUNTIMES[runtime], settings=settings, repeat=repeat, seconds=seconds)

    return interleave(params.runtimes, [None], params.repeats, step)


def prepare(params: BasicsParams) -> Settings:
    """A name of its own for the keys of this run."""
    return {"run": secrets.token_hex(3)}


lab = Lab(
    slug="redis-basics",
    title="Redis, by hand",
    section="Redis",
    order=1,
    lead="Type to a real server, and watch your keys live and die. Then store an object, and ask for it back. "
    "Is it still the same?",
    folder=FOLDER,
    params=BasicsParams,
    runtimes=(
        Runtime("python", "Python", FOLDER / "on_python.py"),
        Runtime("node", "Node.js", FOLDER / "on_node.mjs"),
    ),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("timeline", "timeline", "There and back, in four ways", unit="s",
              help="One bar is one round trip: the object is stored, then asked for."),
        Chart("trips", "strip", "One round trip", unit="ms", result="round trip",
              help="One point a repeat: the median of its round trips that gave an answer."),
    ),
    predictions=(
        Prediction("bar", "In how many of the four ways does the object come back the same?", "ways",
                   "As it is, as text, as JSON, as a hash. Drag the end.", max="4"),
    ),
    question=Question(
        "same", "Which ways gave the same object back?",
        (
            Choice("none", "None of them"),
            Choice("json", "JSON only"),
            Choice("json-hash", "JSON and the hash"),
            Choice("all", "All of them"),
        ),
    ),
    changes=(
        Change("A large object", {"fields": 500}),
        Change("Only Node.js", {"runtimes": ["node"]}),
        Change("Only Python", {"runtimes": ["python"]}),
    ),
    needs=("redis",),
    keys=("lab:my:*",),
    challenges=CHALLENGES,
)  # fmt: skip
