"""Redis basics: a console on the real server, an object that goes there in four ways, and what MONITOR costs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from labs.redis_basics import findings as trips
from labs.redis_basics import watched_findings as watched
from labs.redis_basics.challenges import CHALLENGES
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Runtime, Settings, Step, interleave
from labs.sdk.params import Params, choice, choices, slider

if TYPE_CHECKING:
    from labs.sdk.events import Event
    from labs.sdk.recording import Recording

FOLDER = Path(__file__).parent
RUNTIMES = {"python": "Python", "node": "Node.js"}
PROGRAM_SECONDS = 0.6
ROUND_SECONDS = 0.003
WAYS = 4
WATCH_SECONDS = 1.0


class BasicsParams(Params):
    """How large the object is, and how often it goes there and back; or a load, with MONITOR and without."""

    mode: Literal["ways", "monitor"] = choice(
        "ways", {"ways": "An object, four ways", "monitor": "What MONITOR costs"}, "Experiment",
        "Store an object and ask for it back; or read as fast as the server can, watched by one client and by none.",
    )  # fmt: skip

    fields: int = slider(8, 2, 500, "Fields of the object", "A name, a number, and further texts.",
                         when={"mode": "ways"})  # fmt: skip
    rounds: int = slider(50, 50, 500, "Round trips", "How often the object goes to Redis and back, each of four ways.",
                         when={"mode": "ways"})  # fmt: skip
    runtimes: list[Literal["python", "node"]] = choices(  # type: ignore[assignment]
        ["python", "node"], RUNTIMES, "Runtime", "Each with the client library that most people use there.",
        when={"mode": "ways"},
    )  # fmt: skip


def plan(params: BasicsParams) -> list[Step]:
    """Every runtime in turn, `repeats` times; of MONITOR, without and with in turn."""
    if params.mode == "monitor":
        return interleave(["python"], list(watched.LABELS), params.repeats, _watched)

    def step(runtime: str, _: None, repeat: int) -> Step:
        settings = {"mode": "ways", "fields": params.fields, "rounds": params.rounds}
        seconds = PROGRAM_SECONDS + params.rounds * WAYS * ROUND_SECONDS
        return Step(runtime=runtime, label=RUNTIMES[runtime], settings=settings, repeat=repeat, seconds=seconds)

    return interleave(params.runtimes, [None], params.repeats, step)


def _watched(runtime: str, way: str, repeat: int) -> Step:
    settings = {"mode": "monitor", "way": way, "fields": 2}
    return Step(runtime, watched.LABELS[way], settings, repeat, PROGRAM_SECONDS + WATCH_SECONDS, variant=way)


def findings(recording: Recording) -> Iterator[Event]:
    """Of the experiment that ran."""
    told = watched if recording.params.get("mode") == "monitor" else trips
    yield from told.findings(recording)


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
        Chart("timeline", "timeline", "There and back, in four ways", unit="s", when={"mode": "ways"},
              help="One bar is one round trip: the object is stored, then asked for."),
        Chart("kept", "strip", "Ways in which the same object came back", unit="ways", result=trips.KEPT, guess=True,
              when={"mode": "ways"}, help="Of four. One point a repeat: a way counts if it never failed."),
        Chart("trips", "strip", "One round trip", unit="ms", result="round trip", when={"mode": "ways"},
              help="One point a repeat: the median of its round trips that gave an answer."),
        Chart("left", "strip", "What is left beside one MONITOR", unit="%", result=watched.LEFT, guess=True,
              when={"mode": "monitor"}, help="Of 100 GETs without a watcher. One point a repeat, with its neighbour."),
        Chart("gets", "strip", "GETs that the server answered in a second", unit="GETs/s", result="GETs",
              when={"mode": "monitor"}, help="One point a repeat. The watcher is a process of its own."),
    ),
    predictions=(
        Prediction("bar", "In how many of the four ways does the object come back the same?", "ways",
                   "As it is, as text, as JSON, as a hash. Drag the end.", when={"mode": "ways"}, max="4"),
        Prediction("bar", "One client watches with MONITOR. Of 100 GETs, how many does the server still answer?", "%",
                   "Drag the end, in per cent. In the same time, with all else as before.", when={"mode": "monitor"},
                   max="100"),
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
        Change("What MONITOR costs", {"mode": "monitor"}),
        Change("A large object", {"mode": "ways", "fields": 500}),
        Change("Only Node.js", {"mode": "ways", "runtimes": ["node"]}),
        Change("Only Python", {"mode": "ways", "runtimes": ["python"]}),
    ),
    needs=("redis",),
    keys=("lab:my:*",),
    challenges=CHALLENGES,
)  # fmt: skip
