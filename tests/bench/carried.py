"""(c) How many events a second travel from a program into the run's stream, none lost?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import orjson
from redis import Redis

from dashboard.embedded import Valkey
from dashboard.runs.stream import RunStream
from labs.sdk.conductor import Conductor
from tests.bench.figure import Figure
from tests.fixtures import labs as fixtures
from tests.tags import own_tag

EVENTS = 500_000
GOAL = 50_000


def figures(folder: Path) -> Iterator[Figure]:
    """As the runner does it: conductor → stream; counted by reading the stream back."""
    with Valkey(folder / "valkey", folder / "valkey.log") as server, Redis.from_url(server.url) as redis:
        stream, seq = RunStream(redis), 0
        lab = fixtures.flooding
        conductor = Conductor(lab, lab.params.read({"amount": EVENTS}), tag=own_tag("bench"))
        begun = time.perf_counter()
        for batch in conductor.events():
            seq = stream.append("bench", batch, seq)
        seconds = time.perf_counter() - begun
        values = [
            event["value"]
            for batch in stream.read("bench")
            for event in map(orjson.loads, batch.lines.split(b"\n"))
            if event["e"] == "sample"
        ]
    rate = EVENTS / seconds
    whole = values == list(range(EVENTS))
    name = "c  events a second from program to stream"
    yield Figure(name, f"{rate:,.0f}, {'none lost' if whole else 'SOME LOST'}", f"≥ {GOAL:,}", whole and rate >= GOAL)
