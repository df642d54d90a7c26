"""Caching by hand in one route of a small server: what it gains, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from labs.route_cache.findings import findings
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Runtime, Step, interleave
from labs.sdk.params import Params, choice, choices, slider

FOLDER = Path(__file__).parent
PROGRAM_SECONDS = 2.0
REQUEST_SECONDS = 0.006
"""Guesses for the time left, never for a result."""

WORDS = {
    "cache": "hit", "timer": "hit, out of date", "net": "hit, wrong kind", "db": "database asked", "other": "write",
}  # fmt: skip
"""What a colour of the timeline means."""

WAYS = {"off": "No cache", "on": "By hand", "ttl": "With expiry"}


class RouteCacheParams(Params):
    """Who asks for what, how often somebody writes, and what the route does about it."""

    ways: list[Literal["off", "on", "ttl"]] = choices(
        ["off", "on"], WAYS, "The route", "Each runs by itself, with the same requests in the same order.",
    )  # fmt: skip
    writes: int = slider(10, 0, 50, "Writes for 100 requests", "Each is a new post of one of the users.")
    users: int = slider(5, 1, 50, "Users", "Each has posts of their own, and a key of their own in Redis.")
    second: Literal["off", "on"] = choice(
        "on", {"off": "The posts", "on": "The posts and the profile"}, "What is cached",
        "The profile is another route. Somebody has copied the same lines there, with the same key.",
    )  # fmt: skip
    requests: int = slider(240, 40, 600, "Requests", "Reads and writes of all visitors together, for each route.")
    expiry: int = slider(200, 20, 5000, "Time to live, in ms", "How long an answer stays, where it expires.",
                         when={"ways": ["ttl"]})  # fmt: skip
    visitors: int = slider(4, 1, 16, "Visitors", "Who ask at the same time, each again as soon as it is answered.",
                           advanced=True)  # fmt: skip
    posts: int = slider(10, 1, 100, "Posts in an answer", "The newest of the user.", advanced=True)
    runtimes: list[Literal["python"]] = choices(["python"], {"python": "Flask"}, "Server", "Flask's own.",
                                                advanced=True)  # type: ignore[assignment]  # fmt: skip


def plan(params: RouteCacheParams) -> list[Step]:
    """Every way in turn, `repeats` times."""
    shared = params.model_dump(include={"writes", "users", "second", "requests", "expiry", "visitors", "posts"})
    seconds = PROGRAM_SECONDS + params.requests * REQUEST_SECONDS * (1 + params.posts / 20)

    def step(runtime: str, way: str, repeat: int) -> Step:
        return Step(runtime, WAYS[way], {**shared, "way": way}, repeat, seconds, variant=way)

    return interleave(params.runtimes, params.ways, params.repeats, step)


lab = Lab(
    slug="route-cache",
    title="Caching by hand",
    section="Data",
    order=3,
    lead="Six lines in a route: ask Redis first, else the database, and keep the answer. "
    "It is faster at once. What is wrong with it?",
    folder=FOLDER,
    params=RouteCacheParams,
    runtimes=(Runtime("python", "Flask", FOLDER / "route.py", through=FOLDER / "visitors.py"),),
    plan=plan,
    findings=findings,
    needs=("redis", "mongodb"),
    keys=("lab:rc:*",),
    charts=(
        Chart("timeline", "timeline", "Every request by what the route did", unit="s",
              words=WORDS, help="A row for each visitor. The database is asked after a miss, or without a cache."),
        Chart("latencies", "percentiles", "How long reads took", unit="ms", series=("uncached", "miss", "hit"),
              help="So many per cent of the reads took so long, or less; of all repeats together."),
        Chart("behind", "line", "How long answers had been out of date", unit="s", series=("behind",),
              help="Since the first write that the list did not know of had returned. 0: it knew of all."),
        Chart("stale", "strip", "Answers out of date", unit="%", result="out of date", guess=True,
              help="Of all lists of posts: a write had returned before the read began, and its post was missing."),
        Chart("wrong", "strip", "Answers of the wrong kind", unit="%", result="wrong kind", when={"second": "on"},
              help="A profile where posts were asked for, or posts where the profile was."),
        Chart("memory", "line", "Memory of the keys", unit="KB", series=("memory of the keys",),
              help="Asked of Redis while the load goes on."),
    ),
    predictions=(
        Prediction("bar", "{writes} of 100 requests write. How many of the lists of posts that the cached route gives "
                   "are out of date?", "%", "Drag the end, in per cent.", when={"ways": ["on"]}, max="100"),
        Prediction("bar", "{visitors} visitors send {requests} requests. When is the last one answered?", "s",
                   "Drag the end, in seconds. The measure is one answer from the database.", max="requests / 100"),
    ),
    question=Question(
        "faults", "What was wrong with answers of this run?",
        (
            Choice("nothing", "Nothing"),
            Choice("old", "Some were out of date"),
            Choice("kind", "Some were of the wrong kind"),
            Choice("both", "Some old, some of the wrong kind"),
        ),
    ),
    changes=(
        Change("Nobody writes", {"writes": 0}),
        Change("Let answers expire", {"ways": ["on", "ttl"], "expiry": 200}),
        Change("Only the posts", {"second": "off"}),
        Change("Thirty users", {"users": 30}),
        Change("Half of all requests write", {"writes": 50}),
    ),
)  # fmt: skip
