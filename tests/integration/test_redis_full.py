"""What the app's Redis takes: a run's events in pieces that it accepts, and an honest answer once it is full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from flask import Flask

from dashboard import problems
from dashboard.embedded.valkey import OPTIONS
from dashboard.runs.queue import RunQueue
from dashboard.runs.stream import LARGEST_ENTRY, RunStream


@pytest.fixture
def full(redis: Any) -> Iterator[Any]:
    redis.config_set("maxmemory", 1)
    yield redis
    redis.config_set("maxmemory", OPTIONS["maxmemory"])


def test_events_of_any_number_are_stored_in_pieces(redis: Any) -> None:
    stream, text = RunStream(redis), "x" * 60_000
    events = [{"e": "log", "t": n, "text": text} for n in range(40)]
    assert stream.append("one", events, 5) == 45
    batches = list(stream.read("one"))
    told = [orjson.loads(line) for batch in batches for line in batch.lines.split(b"\n")]
    assert [event["seq"] for event in told] == list(range(6, 46))
    assert [(batch.first, batch.last) for batch in batches] == [(6, 14), (15, 23), (24, 32), (33, 41), (42, 45)]
    assert all(len(batch.lines) < LARGEST_ENTRY + 64 * 1024 for batch in batches)
    again = stream.read("one", 20)
    assert next(iter(again)).first == 21


def test_a_run_that_cannot_be_queued_is_told_so(full: Any) -> None:
    app = Flask(__name__)
    problems.install(app, lambda error: str(error))

    @app.post("/api/runs")
    def start() -> str:
        RunQueue(full).put("one", "hashing", {}, 1.0, 10.0)
        return "queued"

    answer = app.test_client().post("/api/runs")
    assert answer.status_code == 503
    assert "Redis is full" in answer.text
    full.config_set("maxmemory", OPTIONS["maxmemory"])
    assert app.test_client().post("/api/runs").text == "queued"
