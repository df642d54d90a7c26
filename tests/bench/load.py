"""(f) Does the load generator measure what `ab` and `wrk` measure? The same server, the same load, taking turns."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from statistics import median

from labs.cluster.server import FOLDER, Server
from labs.load import Generator, Load
from labs.sdk.hash_size import iterations_for
from labs.sdk.slow import COMMAND, slow_server
from tests.bench.figure import Figure

ROUNDS = 9
GOAL = 0.05
SECONDS = 1
LATENCY = 0.02
HASH_SECONDS = 0.01

Measure = Callable[[int, int], tuple[float, float]]
"""Port and connections → answers a second, and milliseconds that the middle one took."""


@contextmanager
def _waiting() -> Iterator[int]:
    """A server that waits and needs no CPU, so that a busy neighbour changes little."""
    with slow_server(COMMAND, LATENCY) as slow:
        yield slow.port


@contextmanager
def _computing(file: str) -> Iterator[int]:
    """One worker of the cluster lab, which computes."""
    settings = {"workers": 1, "where": "loop", "iterations": iterations_for(HASH_SECONDS)}
    with Server(FOLDER / file, settings) as server:
        yield server.port


SERVERS: dict[str, tuple[Callable[[], AbstractContextManager[int]], int]] = {
    "20 ms, 16 at once": (_waiting, 16),
    "gunicorn, 1 at once": (lambda: _computing("on_gunicorn.py"), 1),
    "Node.js, 1 at once": (lambda: _computing("on_node.mjs"), 1),
}
"""With several kept connections a busy gevent worker may serve one of them over and over: a race, no measure."""


def figures() -> Iterator[Figure]:
    """For each tool and server: our rate and middle latency against the tool's, median of the rounds."""
    for tool, theirs, keep_alive in (("ab", _ab, False), ("wrk", _wrk, True)):
        if shutil.which(tool) is None:
            package = {"ab": "apache2-utils", "wrk": "wrk"}[tool]
            yield Figure(f"f  load generator against {tool}", f"{tool} is not installed (apt install {package})")
            continue
        for name, (started, connections) in SERVERS.items():
            with started() as port:
                yield from _compared(f"{name}, ours ÷ {tool}", port, connections, theirs, _ours(keep_alive))


def _compared(name: str, port: int, connections: int, theirs: Measure, ours: Measure) -> Iterator[Figure]:
    ours(port, connections)  # a server that has just started is slower
    rounds = []
    for number in range(ROUNDS):
        first, second = (ours, theirs) if number % 2 else (theirs, ours)
        told = {first: first(port, connections), second: second(port, connections)}
        rounds.append((told[ours], told[theirs]))
    for index, what in enumerate(("answers a second", "middle latency")):
        ratios = [mine[index] / yours[index] for mine, yours in rounds]
        middle = median(ratios)
        measured = f"{middle:.3f} ({min(ratios):.2f} to {max(ratios):.2f})"
        yield Figure(f"f  {what}, {name}", measured, f"within {GOAL:.0%}", abs(middle - 1) <= GOAL)


def _ours(keep_alive: bool) -> Measure:
    def measure(port: int, connections: int) -> tuple[float, float]:
        load = Load("bench", "/", connections=connections, seconds=SECONDS, keep_alive=keep_alive)
        with Generator(port, [load]) as generator:
            *_, summary = generator.reports()
        return summary["rate"], 1000 * summary["from_sent"]["p50"]

    return measure


def _ab(port: int, connections: int) -> tuple[float, float]:
    """Its percentiles to fractions of a millisecond go to a file; its words have whole ones."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as percentiles:
        told = _run("ab", "-q", "-t", str(SECONDS), "-n", "1000000", "-c", str(connections), "-e", percentiles.name,
                    f"http://127.0.0.1:{port}/")  # fmt: skip
        rows = dict(line.split(",") for line in percentiles.read().decode().splitlines()[1:])
    return _number(r"Requests per second:\s+([\d.]+)", told), float(rows["50"])


def _wrk(port: int, connections: int) -> tuple[float, float]:
    options = ("-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency")
    told = _run("wrk", *options, f"http://127.0.0.1:{port}/")
    found = re.search(r"50%\s+([\d.]+)(us|ms|s)\b", told)
    assert found, told
    return _number(r"Requests/sec:\s+([\d.]+)", told), float(found[1]) * {"us": 1e-3, "ms": 1, "s": 1e3}[found[2]]


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found, text
    return float(found[1])
