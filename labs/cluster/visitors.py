"""Starts a cluster, sends visitors to it, and reports who was served by whom: the same for every server.

    python visitors.py SERVER '{"mode": "behind", "workers": 2, …}'

The visitors come from a process of their own (`labs.load`). What is reported here is what that process saw, and what
the server said in the headers of its answers: which worker it was, and when its work began and ended.
"""

from __future__ import annotations

import sys
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from labs.cluster.journal import Journal
from labs.cluster.server import Server
from labs.load import Generator, Load
from labs.load.stream import Report
from labs.sdk.together import SharedEmitter

UNIT_TRIES = 3
UNIT_SECONDS = 0.2
"""A unit is timed so often, and so long: three short hashes would tell more of the moment than of the machine."""

KEPT = ("x-worker", "x-begin", "x-end", "x-cpu")
PATIENCE_SECONDS, SLOWER = 30.0, 4
"""A visitor waits so long, and besides as long as all hashes after each other would take, if each took so many times as
long as alone. That is slow, and no loss."""

MOST_FAST = 200
"""/fast requests under way at once, at most: as good as no limit."""

Params = dict[str, Any]


def behind(server: Server, journal: Journal, params: Params) -> None:
    """/fast is asked all the time; after a calm, so many / at the same moment."""
    quiet, slow = params["quiet"], params["slow"]
    loads = [
        load("/", params, path="/", connections=slow, requests=slow, begin=quiet),
        load("/fast", params, path="/fast", arrivals="open", rate=params["rate"], connections=MOST_FAST),
    ]
    with Generator(server.port, loads) as generator:
        answered, calm_from = 0, 0.0
        for report in journal.write(generator.reports(), lead=quiet):
            answered += report["r"] == "request" and report["load"] == "/"
            if answered == slow and report["r"] == "tick":
                calm_from = calm_from or report["t"]
                if report["t"] >= calm_from + quiet:
                    generator.stop()


def sweep(server: Server, journal: Journal, params: Params) -> None:
    """So many visitors, each of whom asks again as soon as there is an answer: as `ab` does it."""
    closed(server, journal, params)


def arrivals(server: Server, journal: Journal, params: Params) -> None:
    """Closed; then open, at a share of the rate that the closed visitors got, and with no more connections."""
    rate = closed(server, journal, params)["rate"] * params["share"] / 100
    carry_out(server, journal, load("open", params, arrivals="open", rate=rate, **crowd(params)))


def closed(server: Server, journal: Journal, params: Params) -> Report:
    """The closed load and its summary."""
    return carry_out(server, journal, load("closed", params, **crowd(params)))


def crowd(params: Params) -> Params:
    """How many visitors at once, and how many requests in all."""
    return {"connections": params["visitors"], "requests": params["requests"]}


def load(name: str, params: Params, **more: Any) -> Load:
    """A load that reports every request, with what the server says of it."""
    hashes = params["slow"] if params["mode"] == "behind" else params["requests"]
    patience = PATIENCE_SECONDS + SLOWER * hashes * params["unit"]
    return Load(name, keep_alive=params["keep_alive"], each=True, keep=KEPT, patience=patience, **more)


def carry_out(server: Server, journal: Journal, load: Load) -> Report:
    """One load from its first request to its summary."""
    with Generator(server.port, [load]) as generator:
        *_, summary = journal.write(generator.reports())
    return summary


def unit(server: Server) -> float:
    """Seconds of one hash alone."""
    tries: list[float] = []
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    while len(tries) < UNIT_TRIES or sum(tries) < UNIT_SECONDS:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        tries.append(float(answer.headers["X-End"]) - float(answer.headers["X-Begin"]))
    connection.close()
    return median(tries)


MODES = {"behind": behind, "sweep": sweep, "arrivals": arrivals}


def main(file: Path, params: Params) -> None:
    """The whole part: the server, the unit, the visitors, the memory of the workers, the unit again."""
    emit = SharedEmitter()
    with Server(file, params) as server:
        emit.host(workers=params["workers"], pids=dict(server.workers), **server.about)
        alone = unit(server)
        emit.sample("unit", alone, when="before")
        MODES[params["mode"]](server, Journal(emit, server), {**params, "unit": alone})
        for name, told in server.memory():
            for kind, megabytes in told.items():
                emit.sample(kind, megabytes, unit="MB", worker=name)
        server.check()
        emit.sample("unit", unit(server), when="after")
    emit.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), orjson.loads(sys.argv[2]))
