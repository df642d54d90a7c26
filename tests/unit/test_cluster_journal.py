"""What the cluster's journal makes of the load generator's reports."""

from __future__ import annotations

from typing import Any, cast

import pytest

from labs.cluster.journal import Journal
from labs.cluster.server import Server
from labs.sdk.events import Event
from labs.sdk.together import SharedEmitter

ZERO = 1000.0
HEADERS = {"x-worker": "4711", "x-begin": str(ZERO), "x-end": str(ZERO + 0.5), "x-cpu": "0.4"}


class Notebook:
    """An emitter that keeps what it is told; a server with one worker."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, e: str, **fields: Any) -> None:
        self.events.append({"e": e, **fields})

    def zero_at(self, stamp: float) -> None:
        assert stamp == ZERO

    def lane(self, pid: str) -> str:
        return "worker 1"

    def samples(self, series: str) -> list[tuple[float, float]]:
        return [(round(e["t"], 3), e["value"]) for e in self.events if e["e"] == "sample" and e["series"] == series]


def noted(*reports: dict[str, Any]) -> Notebook:
    """All these reports, after the zero of the generator."""
    book = Notebook()
    journal = Journal(cast(SharedEmitter, book), cast(Server, book))
    assert len(list(journal.write([{"r": "zero", "t": ZERO}, *reports]))) == 1 + len(reports)
    return book


def tick(t: float, done: int) -> dict[str, Any]:
    return {"r": "tick", "load": "closed", "t": ZERO + t, "done": done, "errors": 0, "slowest": 0.0, "open": 1}


def request(n: int, error: str | None = None) -> dict[str, Any]:
    return {"r": "request", "load": "closed", "n": n, "due": ZERO, "sent": ZERO, "done": ZERO + 0.6,
            "error": error, "headers": {} if error else HEADERS}  # fmt: skip


def test_a_constant_rate_is_told_as_constant_however_uneven_the_ticks_are() -> None:
    t, ticks = 0.0, []
    for length in (0.1, 0.1, 0.1, 0.1, 0.1, 0.15, 0.15, 0.15, 0.15, 0.15, 2.0, 0.1, 0.1, 0.001):
        t += length
        ticks.append(tick(t, round(1000 * length)))
    told = noted(*ticks).samples("answers, closed")
    assert [value for _, value in told] == pytest.approx([1000] * len(ticks))


def test_an_old_rate_is_forgotten() -> None:
    told = noted(*(tick(0.1 * (n + 1), 10 if n < 10 else 0) for n in range(20))).samples("answers, closed")
    assert [told[9][1], told[-1][1]] == pytest.approx([100, 0])


def test_a_second_generator_begins_at_its_own_zero() -> None:
    """The closed visitors have gone; nobody was there until the open ones came."""
    book = noted(tick(0.1, 10), {"r": "zero", "t": ZERO + 7}, {**tick(7.1, 10), "load": "open"})
    [(_, rate)] = book.samples("answers, open")
    assert rate == pytest.approx(100)


def test_lost_requests_are_counted_by_what_went_wrong_from_the_first_tick_to_the_last() -> None:
    summary = {"r": "summary", "load": "closed", "n": 2, "errors": {"timeout": 2, "refused": 1}, "rate": 1.0,
               "began": ZERO, "seconds": 0.2, "histogram": {},
               "generator": {"cpu": 0.1, "starved": None, "late": 0.0, "bottleneck": None}}  # fmt: skip
    book = noted(
        tick(0.1, 0), request(1, "timeout"), request(2), tick(0.2, 1), request(3, "refused"), request(4, "timeout"),
        tick(0.3, 0), tick(0.4, 0), summary, summary,
    )  # fmt: skip
    assert book.samples("all lost") == [(0.1, 0), (0.2, 1), (0.3, 3), (0.4, 3), (0.4, 3)]
    assert book.samples("timeout") == [(0.2, 1), (0.3, 2), (0.4, 2), (0.4, 2)]
    assert book.samples("refused")[0] == (0.3, 1)
    assert next(e["text"] for e in book.events if e["e"] == "mark") == "closed 1 was lost: timeout"


def test_a_request_carries_what_its_worker_said_of_its_work() -> None:
    [end] = [e for e in noted(request(1)).events if e["e"] == "end"]
    assert (end["worked"], end["cpu"]) == (0.5, 0.4)
