"""Findings of the blog lab: right for any mix of waits, and silent where the visits disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from labs.blog.findings import findings
from labs.blog.trace import OWN_WORK, Piece, Trace
from labs.sdk.events import Event
from labs.sdk.recording import Recording
from tests.streams import run

Row = tuple[str, Sequence[tuple[str, str, float]]]

CALLBACK: Row = (
    "/auth/google/callback",
    [
        (OWN_WORK, "cpu", 0.002),
        ("POST token, provider", "net", 0.03),
        ("GET jwks, provider", "net", 0.01),
        ("findAndModify users", "db", 0.002),
    ],
)
LIST: Row = ("/api/blogs", [(OWN_WORK, "cpu", 0.001), ("find users", "db", 0.002), ("find blogs", "db", 0.004)])
WRITE: Row = ("POST /api/blogs", [("find users", "db", 0.002), (OWN_WORK, "cpu", 0.001), ("insert blogs", "db", 0.003)])
PICTURE: Row = (
    "POST /api/images",
    [
        ("find users", "db", 0.002),
        (OWN_WORK, "cpu", 0.01),
        *[("insert pictures.chunks", "db", 0.02)] * 5,
        ("decode, other process", "other", 0.05),
    ],
)


def visit(
    rows: Sequence[Row], *, repeat: int = 1, runtime: str = "tour", pace: float = 1.0, cache: str = ""
) -> list[Event]:
    """One part; `pace` makes everything slower."""
    part = f"{runtime}-{cache}-{repeat}"
    events: list[Event] = [
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": runtime, "label": f"A script {cache}",
         "repeat": repeat, "params": {"cache": cache}, "cold": False},
    ]  # fmt: skip
    for n, (name, pieces) in enumerate(rows, 1):
        at = 0.0
        for i, (what, kind, seconds) in enumerate(pieces):
            id = f"{n}.{i}"
            events.append({"e": "begin", "t": at, "part": part, "id": id, "lane": f"{n} {name}", "name": what,
                           "kind": kind})  # fmt: skip
            at += seconds * pace
            events.append({"e": "end", "t": at, "part": part, "id": id})
    return [*events, {"e": "part", "t": 1, "part": part, "state": "end", "seconds": 1}]


def told(*parts: list[Event], cpus: int = 2, **params: Any) -> dict[str, Event]:
    recording: Recording = run(parts, cpus=cpus, runtimes=["tour"], repeats=len(parts), **params)
    return {event.get("id") or event.get("role") or event["e"]: event for event in findings(recording)}


def three(rows: Sequence[Row], paces: Sequence[float] = (1, 1, 1)) -> list[list[Event]]:
    return [visit(rows, repeat=n, pace=pace) for n, pace in enumerate(paces, 1)]


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_shares_are_told_on_any_machine(cpus: int) -> None:
    found = told(*three([CALLBACK, LIST, WRITE, PICTURE]), cpus=cpus)
    assert found["database"]["verdict"] == "yes"
    assert found["database"]["headline"] == "MongoDB: 53%"
    assert "POST /api/images sent the most commands: 6." in found["database"]["text"]
    assert found["slowest"]["headline"] == "Slowest: POST /api/images"
    assert "MongoDB had 63%" in found["slowest"]["text"]
    assert found["answer"]["answer"] == "db"
    assert found["trust"]["level"] == "steady"


def test_asking_who_is_seen() -> None:
    found = told(*three([LIST, WRITE]))["who"]
    assert found["verdict"] == "yes"
    assert found["text"].startswith("6 of 6 requests")
    assert {cite["id"] for cite in found["cites"]} == {"1.1", "2.0"}


def test_asking_who_only_sometimes_is_told_as_such() -> None:
    remembered: Row = ("/api/blogs", [("find blogs", "db", 0.004)])
    found = told(*three([LIST, remembered]))["who"]
    assert (found["verdict"], found["headline"]) == ("no", "Not every time")


def test_the_way_back_from_the_provider_is_told() -> None:
    found = told(*three([CALLBACK]))["sign-in"]
    assert found["verdict"] == "yes"
    assert "2 more times (POST token, GET jwks)" in found["text"]
    assert found["headline"] == "Provider: 91%"


def test_where_nobody_signs_in_nothing_is_said_of_it() -> None:
    found = told(*three([LIST]))
    assert "sign-in" not in found


def test_our_own_code_can_be_the_most() -> None:
    busy: Row = ("/api/blogs", [(OWN_WORK, "cpu", 0.1), ("find users", "db", 0.002)])
    found = told(*three([busy]))
    assert found["database"]["verdict"] == "no"
    assert found["answer"]["answer"] == "cpu"


def test_a_slow_line_is_neither_the_provider_nor_the_apps_own_code() -> None:
    sent: Row = (
        "POST /api/images",
        [(OWN_WORK, "cpu", 0.01), ("read from the browser", "net", 2.0), ("insert pictures.chunks", "db", 0.02),
         ("wait for a decoder", "other", 0.5)],
    )  # fmt: skip
    found = told(*three([CALLBACK, sent]))
    assert "the browser's line had 79%" in found["slowest"]["text"]
    assert found["answer"]["answer"] == "other"
    assert "the sign-in provider 0.040 s" in found["answer"]["text"]
    assert "the browser's line 2.000 s" in found["answer"]["text"]
    assert found["sign-in"]["headline"] == "Provider: 91%"


def test_visits_that_disagree_cannot_tell() -> None:
    slow_list: Row = ("/api/blogs", [("find users", "db", 0.9)])
    slow_code: Row = ("/api/blogs", [(OWN_WORK, "cpu", 0.9)])
    found = told(visit([LIST, slow_list]), visit([slow_code, LIST], repeat=2), visit([LIST, slow_list], repeat=3))
    assert found["database"]["verdict"] == "cannot-tell"
    assert found["slowest"]["verdict"] == "cannot-tell"
    assert found["answer"]["answer"] == "cannot-tell"


def test_noise_is_told() -> None:
    assert told(*three([LIST, PICTURE], (1, 1.5, 1)))["trust"]["level"] == "noisy"


def test_one_visit_is_not_called_steady() -> None:
    assert told(visit([LIST]))["trust"]["level"] == "single"


def test_a_visit_without_requests_says_so() -> None:
    found = told(visit([]))
    assert found["none"]["verdict"] == "cannot-tell"
    assert found["result"]["value"] == 0


def test_pieces_leave_no_gap_and_do_not_overlap() -> None:
    times = iter([0.0, 1.0])
    trace = Trace("GET /", lambda: next(times))
    trace.waits = [Piece("b", "db", 0.4, 0.6), Piece("a", "net", 0.1, 0.5), Piece("late", "db", 0.9, 3.0)]
    trace.seconds = trace.now()
    assert [(piece.name, piece.begin, piece.end) for piece in trace.pieces()] == [
        (OWN_WORK, 0.0, 0.1), ("a", 0.1, 0.5), ("b", 0.5, 0.6), (OWN_WORK, 0.6, 0.9), ("late", 0.9, 1.0),
    ]  # fmt: skip


HIT: Row = ("/api/blogs", [(OWN_WORK, "cpu", 0.001), ("HMGET, hit", "cache", 0.001)])


def compared(hits: Sequence[float]) -> dict[str, Event]:
    """Three repeats without the cache and with it; `hits` are the paces of those with it."""
    parts = [visit([LIST, LIST], repeat=n, cache="off") for n in (1, 2, 3)]
    return told(*parts, *(visit([LIST, HIT], repeat=n, cache="on", pace=pace) for n, pace in enumerate(hits, 1)))


def test_the_cache_is_compared_repeat_by_repeat() -> None:
    found = compared((1, 1, 1))
    assert (found["cached"]["verdict"], found["cached"]["headline"]) == ("yes", "With cache: 1.6 times faster")
    assert "4 commands to MongoDB without it, 2 with it" in found["cached"]["text"]
    assert found["hits"]["text"].startswith("3 of 6 reads")


@pytest.mark.parametrize(("paces", "verdict"), [((1, 4, 1), "cannot-tell"), ((4, 4, 4), "no"), ((1, 1), "cannot-tell")])
def test_a_cache_that_does_not_help_is_told_as_such(paces: Sequence[float], verdict: str) -> None:
    assert compared(paces)["cached"]["verdict"] == verdict


def test_without_the_cache_nothing_is_said_of_it() -> None:
    assert not {"cached", "hits"} & set(told(*three([LIST])))
