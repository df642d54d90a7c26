"""(f) Does the load generator measure what `ab` and `wrk` measure? The same server, the same load, taking turns.

The server is on one CPU, whoever asks it on the others. Each server is slower than anybody who asks, for else the
figures would tell of the tools: answers that come in bursts of 16 are sooner read by one tool than by another. At the
end comes a server that is faster: there the generator has to say so. Pairs during which others used the CPUs are left
out: a server that had to wait for its CPU answers whoever asks again soonest.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from labs.cluster.server import FOLDER, Server
from labs.load import Generator, Load
from labs.load.stream import Report
from labs.sdk.hash_size import iterations_for
from labs.sdk.slow import COMMAND, slow_server
from tests.bench.figure import Figure
from tests.bench.others import Others
from tests.bench.pairs import Ratios, compare

GOAL = 0.05
SECONDS = 1
LATENCY = 0.05
PACKAGES = {"ab": "apache2-utils", "wrk": "wrk"}


@dataclass(frozen=True)
class Case:
    """A server and the visitors it gets. `requests`: in a block, where the tool can count (`ab -n`)."""

    name: str
    server: Callable[[], AbstractContextManager[int]]
    connections: int
    requests: int
    path: str = "/"


@contextmanager
def apart(server: AbstractContextManager[int]) -> Iterator[int]:
    """Enter it on the last CPU, and leave the others to whoever asks (Linux, two CPUs or more)."""
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if len(cpus) < 2:
        with server as port:
            yield port
        return
    try:
        os.sched_setaffinity(0, cpus[-1:])
        with server as port:
            os.sched_setaffinity(0, cpus[:-1])
            yield port
    finally:
        os.sched_setaffinity(0, cpus)


@contextmanager
def _waiting() -> Iterator[int]:
    """A server that waits and needs hardly any CPU."""
    with slow_server(COMMAND, LATENCY) as slow:
        yield slow.port


def _computing(file: str, seconds: float) -> Callable[[], AbstractContextManager[int]]:
    """One worker of the cluster lab, whose loop computes so long for each request."""

    @contextmanager
    def started() -> Iterator[int]:
        settings = {"workers": 1, "where": "loop", "iterations": iterations_for(seconds)}
        with Server(FOLDER / file, settings) as server:
            yield server.port

    return started


WAITS = Case("waits 50 ms, 4 at once", _waiting, 4, 320)
"""So many that the end of ab, which takes about one answer longer, weighs little: 5 % of 80 requests, 2 % of these."""
CASES = {
    "ab": [
        WAITS,
        Case("gunicorn 10 ms, 1 at once", _computing("on_gunicorn.py", 0.01), 1, 100),
        Case("gunicorn 5 ms, 50 at once", _computing("on_gunicorn.py", 0.005), 50, 250),
        Case("Node.js 10 ms, 1 at once", _computing("on_node.mjs", 0.01), 1, 100),
    ],
    "wrk": [
        WAITS,
        Case("gunicorn 10 ms, 1 at once", _computing("on_gunicorn.py", 0.01), 1, 100),
        Case("Node.js 10 ms, 1 at once", _computing("on_node.mjs", 0.01), 1, 100),
    ],
}
"""wrk keeps its connections: with several, a busy gevent worker may serve one over and over. A race, no measure."""

FASTEST = Case("Node.js, no work, 16 at once", _computing("on_node.mjs", 0.01), 16, 10_000, "/fast")


def figures() -> Iterator[Figure]:
    """For each tool and server: our rate and middle latency against the tool's."""
    for tool, cases in CASES.items():
        if shutil.which(tool) is None:
            missing = f"{tool} is not installed (apt install {PACKAGES[tool]})"
            yield Figure(f"f  load generator against {tool}", missing)
            continue
        for case in cases:
            with apart(case.server()) as port:
                rates, middles = _taking_turns(tool, case, port)
            for what, ratios in (("answers a second", rates), ("middle latency", middles)):
                yield _figure(f"f  {what}, {case.name}, ours ÷ {tool}", ratios)
    if shutil.which("wrk"):
        yield _limit(FASTEST)


def _taking_turns(tool: str, case: Case, port: int) -> list[Ratios]:
    return compare(lambda: _ours(tool, case, port), lambda: TOOLS[tool](case, port), GOAL, 2, Others())


def _figure(name: str, ratios: Ratios) -> Figure:
    return Figure(name, str(ratios), f"within {GOAL:.0%}", ratios.within(GOAL))


def _limit(case: Case) -> Figure:
    """Where the server is faster than we are: as fast as wrk, or an admission."""
    said: set[str] = set()
    with apart(case.server()) as port:

        def ours() -> tuple[float]:
            summary = _summary("wrk", case, port)
            said.update(filter(None, [summary["generator"]["bottleneck"]]))
            return (summary["rate"],)

        rates, *_ = compare(ours, lambda: _wrk(case, port)[:1], GOAL, 1, Others())
    admitted = f'; it says "{sorted(said)[-1]}"' if said else "; it says nothing"
    met = bool(said) or rates.within(GOAL)
    return Figure(f"f  answers a second, {case.name}, ours ÷ wrk", f"{rates}{admitted}", "within 5% or says so", met)


def _ours(tool: str, case: Case, port: int) -> tuple[float, float]:
    summary = _summary(tool, case, port)
    return summary["rate"], 1000 * summary["from_sent"]["p50"]


def _summary(tool: str, case: Case, port: int) -> Report:
    """As the tool does it: ab counts requests and opens a connection for each, wrk counts seconds and keeps them."""
    counts = tool == "ab"
    load = Load("bench", case.path, connections=case.connections, keep_alive=not counts,
                requests=case.requests if counts else None, seconds=None if counts else SECONDS)  # fmt: skip
    with Generator(port, [load]) as generator:
        *_, summary = generator.reports()
    assert not summary["errors"], summary["errors"]
    return summary


def _ab(case: Case, port: int) -> tuple[float, float]:
    """Its percentiles to fractions of a millisecond go to a file; its words have whole ones."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as percentiles:
        told = _run("ab", "-q", "-n", str(case.requests), "-c", str(case.connections), "-e", percentiles.name,
                    f"http://127.0.0.1:{port}{case.path}")  # fmt: skip
        rows = dict(line.split(",") for line in percentiles.read().decode().splitlines()[1:])
    return _number(r"Requests per second:\s+([\d.]+)", told), float(rows["50"])


def _wrk(case: Case, port: int) -> tuple[float, float]:
    options = ("-t1", f"-c{case.connections}", f"-d{SECONDS}s", "--latency")
    told = _run("wrk", *options, f"http://127.0.0.1:{port}{case.path}")
    found = re.search(r"50%\s+([\d.]+)(us|ms|s)\b", told)
    assert found, told
    return _number(r"Requests/sec:\s+([\d.]+)", told), float(found[1]) * {"us": 1e-3, "ms": 1, "s": 1e3}[found[2]]


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found, text
    return float(found[1])


TOOLS = {"ab": _ab, "wrk": _wrk}
