"""Look-ups in growing collections, and writes with more and more indexes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from labs.indexes.findings import NAMES, findings
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Runtime, Step, interleave
from labs.sdk.params import Params, choice, choices, slider

FOLDER = Path(__file__).parent
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
INDEXES = (0, 1, 2, 4, 8)
MEASURE = "Drag the end, in milliseconds. The measure is a command that does nothing."
PROGRAM_SECONDS = 0.9
SCAN_SECONDS = 35e-6
"""For one document of a scan: a guess for the time left, never for a result."""

MADE_A_SECOND = 15_000
"""Documents written into a new collection: a guess as well."""

PART_SECONDS = 4.0
"""After so long no further look-up is begun, but never fewer than `LEAST_LOOKUPS` are made."""

LEAST_LOOKUPS = 3

LONGEST_SECONDS = 210


class IndexesParams(Params):
    """How large, how often, or how many indexes."""

    mode: Literal["lookup", "writes"] = choice(
        "lookup", {"lookup": "Look-ups, growing collection", "writes": "Writes, more indexes"}, "Experiment",
        "Find one document among more and more; or write with more and more indexes.",
    )  # fmt: skip
    largest: Literal["10000", "30000", "100000"] = choice(
        "10000", {"10000": "10,000", "30000": "30,000", "100000": "100,000"}, "Largest collection",
        "Collections of 1000, 3000 … up to this. Made once, which takes a while, and kept.", when={"mode": "lookup"},
    )  # fmt: skip
    lookups: int = slider(
        10, 3, 50, "Look-ups", "In each collection, in each way; fewer where one takes long.", when={"mode": "lookup"}
    )
    writes: int = slider(150, 20, 1000, "Writes", "Inserts, and then as many updates, with each number of indexes.",
                         when={"mode": "writes"})  # fmt: skip
    runtimes: list[Literal["python"]] = choices(  # type: ignore[assignment]
        ["python"], {"python": "Python"}, "Runtime", "The driver is PyMongo.", advanced=True
    )

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if (total := sum(step.seconds for step in plan(self))) > LONGEST_SECONDS:
            raise ValueError(
                f"would take about {total:.0f} s in all; choose fewer repeats or a smaller largest collection"
            )
        return self


def plan(params: IndexesParams) -> list[Step]:
    """Every way in every size, or every number of indexes, `repeats` times."""

    def look_up(runtime: str, variant: tuple[str, int], repeat: int) -> Step:
        way, documents = variant
        scan = SCAN_SECONDS * documents if way == "title" else 0.0
        looking = max(min(params.lookups * scan, PART_SECONDS), LEAST_LOOKUPS * scan) + (scan if repeat == 1 else 0.0)
        made = documents / MADE_A_SECOND if repeat == 1 and way != "title" else 0.0
        return Step(
            runtime, f"{NAMES[way]}, among {documents}",
            {"mode": "lookup", "way": way, "documents": documents, "lookups": params.lookups, "least": LEAST_LOOKUPS,
             "seconds": PART_SECONDS, "repeat": repeat},
            repeat,
            PROGRAM_SECONDS + looking + made,
            variant=f"{way}-{documents}", limit=120,
        )  # fmt: skip

    def write(runtime: str, indexes: int, repeat: int) -> Step:
        return Step(runtime, f"Writes, indexes {indexes}",
                    {"mode": "writes", "writes": params.writes, "indexes": indexes},
                    repeat, PROGRAM_SECONDS + params.writes * 0.004, variant=f"i{indexes}", limit=120)  # fmt: skip

    if params.mode == "writes":
        return interleave(params.runtimes, INDEXES, params.repeats, write)
    sizes = [size for size in SIZES if size <= int(params.largest)]
    return interleave(params.runtimes, [(way, size) for size in sizes for way in NAMES], params.repeats, look_up)


lab = Lab(
    slug="indexes",
    title="Indexes",
    section="Data",
    order=2,
    lead="Find one post among a hundred thousand. With an index it takes no longer than among a thousand. "
    "What does the server do without one, and what does the index cost?",
    folder=FOLDER,
    params=IndexesParams,
    runtimes=(Runtime("python", "Python", FOLDER / "on_python.py"),),
    plan=plan,
    findings=findings,
    needs=("mongodb",),
    charts=(
        Chart("growth", "curve", "Time of one look-up", unit="ms", x="documents", xlabel="documents in the collection",
              when={"mode": "lookup"}, result="one look-up", ideal=None, cpus=False,
              help="One point a repeat; the lines join the medians."),
        Chart("writes", "curve", "Time of one write", unit="ms", x="indexes", xlabel="indexes beside the one of _id",
              when={"mode": "writes"}, result="one write", ideal=None, cpus=False,
              help="One point a repeat; the lines join the medians."),
        Chart("size", "curve", "Size of all indexes", unit="KiB", x="indexes", xlabel="indexes beside the one of _id",
              when={"mode": "writes"}, result="index size", ideal=None, cpus=False,
              help="As the server tells it, after the writes."),
    ),
    predictions=(
        Prediction("bar", "Among {largest} documents: how long does one look-up by title take without an index?", "ms",
                   MEASURE, when={"mode": "lookup"}, max="largest / 10"),
        Prediction("bar", "With eight indexes: how long does one insert take?", "ms",
                   MEASURE, when={"mode": "writes"}, max="10"),
    ),
    question=Question(
        "grows", "Which look-ups take longer in a larger collection?",
        (
            Choice("none", "None"),
            Choice("title", "Only by title without an index"),
            Choice("titles", "By title, with an index too"),
            Choice("all", "All three"),
        ),
    ),
    changes=(
        Change("Up to 100,000 documents", {"mode": "lookup", "largest": "100000", "lookups": 5}),
        Change("More look-ups", {"mode": "lookup", "lookups": 30}),
        Change("What do indexes cost?", {"mode": "writes"}),
    ),
)  # fmt: skip
