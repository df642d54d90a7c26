"""The same load with the query cache off, on, and cleared in several ways; a stampede; Redis away."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import field_validator

from labs.query_cache.findings import findings
from labs.query_cache.outcomes import WORDS
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Runtime, Step, interleave
from labs.sdk.params import Params, choice, choices, slider

FOLDER = Path(__file__).parent
PROGRAM_SECONDS = 1.2
READ_SECONDS = 0.004
"""A guess for the time left, never for a result."""

WAYS = {
    "off": "No cache", "on": "Cached, never cleared", "ttl": "Cached for a short time", "hand": "Cleared by hand",
    "view": "Cleared after the view", "write": "Cleared on every write",
}  # fmt: skip
MEASURE = "Drag the end, in seconds. The measure is one uncached read, alone."
GUARDS = {"leases": "With leases", "no leases": "Without leases"}


class QueryCacheParams(Params):
    """How many read, how often somebody writes, how large an answer is."""

    mode: Literal["ways", "stampede", "outage"] = choice(
        "ways", {"ways": "One load, six ways", "stampede": "Stampede", "outage": "Redis goes and comes back"},
        "Experiment", "The same reads in every way; all readers at once after a clear; or Redis stopped in the middle.",
    )  # fmt: skip
    ways: list[Literal["off", "on", "ttl", "hand", "view", "write"]] = choices(
        list(WAYS), WAYS, "Ways", "Each runs by itself, with the same reads and writes.", when={"mode": "ways"},
    )  # fmt: skip
    reads: int = slider(400, 20, 1000, "Reads", "All readers together, in each way.", when={"mode": "ways"})
    readers: int = slider(
        4, 1, 50, "Readers", "Threads that read at the same time, each again as soon as it is answered."
    )
    writes: int = slider(
        5, 0, 30, "Writes for 100 reads", "Each changes what the reads are about.", when={"mode": "ways"}
    )
    documents: int = slider(10, 1, 100, "Documents in an answer", "Posts of the one user who is read.")
    ttl: int = slider(100, 20, 2000, "Short time to live, in ms", "For the way that only lets answers expire.",
                      advanced=True, when={"mode": "ways"})  # fmt: skip
    seconds: int = slider(8, 6, 12, "Seconds", "How long reads go on; Redis is away for a quarter of it.",
                          when={"mode": "outage"})  # fmt: skip
    runtimes: list[Literal["python"]] = choices(["python"], {"python": "Python"}, "Runtime", "MongoEngine is Python.",
                                                advanced=True)  # type: ignore[assignment]  # fmt: skip

    @field_validator("ways")
    @classmethod
    def _no_way_twice(cls, value: list[str]) -> list[str]:
        if len(set(value)) != len(value):
            raise ValueError("names a way twice; name each once")
        return value


def plan(params: QueryCacheParams) -> list[Step]:
    """Every way in turn, `repeats` times."""
    labels = {"ways": WAYS, "stampede": GUARDS, "outage": {"outage": "Redis away"}}[params.mode]
    ways = params.ways if params.mode == "ways" else list(labels)
    seconds = {
        "ways": params.reads * READ_SECONDS, "stampede": params.readers * 0.05, "outage": params.seconds + 0.5,
    }[params.mode]  # fmt: skip
    shared = params.model_dump(include={"mode", "reads", "readers", "writes", "documents", "ttl", "seconds"})

    def step(runtime: str, way: str, repeat: int) -> Step:
        return Step(runtime, labels[way], {**shared, "way": way}, repeat, PROGRAM_SECONDS + seconds,
                    variant=way.replace(" ", "-"))  # fmt: skip

    return interleave(params.runtimes, ways, params.repeats, step)


lab = Lab(
    slug="query-cache",
    title="The query cache",
    section="Data",
    order=4,
    lead="Asked again, a database works again. Keep the answer in Redis and it need not. "
    "But who tells the cache that the answer has changed?",
    folder=FOLDER,
    params=QueryCacheParams,
    runtimes=(Runtime("python", "Python", FOLDER / "blog.py", through=FOLDER / "on_python.py"),),
    plan=plan,
    findings=findings,
    needs=("redis", "mongodb"),
    keys=("lab:qc:*",),
    charts=(
        Chart("timeline", "timeline", "Every read by what the cache did", unit="s", when={"mode": "ways"},
              words=WORDS, help="A row for each reader. The database is asked after a miss, or without a cache."),
        Chart("chains", "chains", "What follows a write", unit="s", when={"mode": "ways"},
              help="Each bar: from the write, or the expiry, until the cache has an answer again. "
              "Striped: nobody cleared it, its time was up. Choose one, and its key is marked among the keys."),
        Chart("totals", "strip", "Time until the last read was answered", unit="s", when={"mode": "ways"},
              help="One point a repeat, the tick is the median."),
        Chart("stale", "strip", "Answers older than the last write", unit="%", when={"mode": "ways"},
              result="stale answers",
              help="Counted: the write had returned before the read began, and the answer did not know of it."),
        Chart("ratio", "strip", "Reads that the cache answered", unit="%", when={"mode": "ways"}, result="hit ratio",
              help="By the cache's own counters: hits and waits among all reads."),
        Chart("crowd", "timeline", "Everybody at once, eight times", unit="s", when={"mode": "stampede"},
              words=WORDS, help="Each round begins with a clear. A row for each reader."),
        Chart("queries", "strip", "Queries that reached the database in one stampede", unit="queries",
              when={"mode": "stampede"}, result="queries", help="One point a repeat: the median of its eight rounds."),
        Chart("outage", "line", "How long a read took", unit="ms", when={"mode": "outage"}, series=("read",),
              help="The marks say when Redis was stopped and when it was back."),
    ),
    work=("reads",),
    predictions=(
        Prediction("bar", "{reads} reads by {readers} readers, most from the cache. When is the last answered?", "s",
                   MEASURE, when={"mode": "ways"}, max="reads / 100"),
        Prediction("bar", "{readers} readers want the same, just cleared. When are all eight rounds done?", "s",
                   MEASURE, when={"mode": "stampede"}, max="readers / 10"),
    ),
    question=Question(
        "stale", "Which ways of this run gave an answer that was already wrong?",
        (
            Choice("none", "None of them"),
            Choice("never-cleared", "Only the one that is never cleared"),
            Choice("uncleared", "The one never cleared and the short time to live"),
            Choice("more", "One that is cleared, too"),
        ),
    ),
    changes=(
        Change("No writes at all", {"mode": "ways", "writes": 0}),
        Change("A write for every fifth read", {"mode": "ways", "writes": 20}),
        Change("One small document", {"mode": "ways", "documents": 1}),
        Change("A hundred documents", {"mode": "ways", "documents": 100}),
        Change("Thirty at once", {"mode": "stampede", "readers": 30}),
        Change("Redis goes and comes back", {"mode": "outage"}),
    ),
)  # fmt: skip
