"""`python manage.py on_gunicorn.py SETTINGS`: a server with workers, visitors, a table of processes, ears for acts.

Everything that happens comes through one queue to one thread, with the time at which it happened.
"""

from __future__ import annotations

import heapq
import os
import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any, NoReturn

import orjson

from labs.load import Generator, Load
from labs.load.generator import GeneratorFailed
from labs.processes.cluster import GONE, Cluster
from labs.processes.server import Server, about, serving
from labs.processes.table import Table
from labs.processes.tour import TOUR
from labs.processes.visitors import Visitors
from labs.sdk.listen import Act, listen
from labs.sdk.slow import slow_server
from labs.sdk.together import SharedEmitter

LOOK_SECONDS = 0.5
START_SECONDS = 30.0
CONNECTIONS = 1000
PATIENCE_SECONDS = 5.0
"""A visitor gives up after so long."""


class Unfinished(Exception):
    """The run cannot go on; a plain sentence says why."""


class Manager:
    """One run: from the first process to the last."""

    def __init__(self, params: dict[str, Any], emit: SharedEmitter) -> None:
        self._params, self._emit = params, emit
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._over = self._leaving = False
        self._visitors = Visitors(emit, params["latency"] / 1000)
        self._generator: Generator | None = None

    def run(self, file: Path, slow: int) -> None:
        with serving(file, self._params["workers"], slow, self._hear) as server:
            self._cluster = Cluster(server, self._params["workers"], self._emit, self._later)
            self._table = Table(self._emit, self._cluster.slots, self._visitors)
            self._cluster.start()
            self._until(lambda: self._cluster.ready, START_SECONDS)
            self._serve(server)
            self._cluster.close()
            self._answer_the_rest()
        self._answer_the_rest()

    def _serve(self, server: Server) -> None:
        load = Load("visitors", arrivals="open", rate=self._params["rate"], seconds=self._params["seconds"],
                    connections=CONNECTIONS, keep_alive=False, each=True, keep=("x-worker",),
                    patience=PATIENCE_SECONDS)  # fmt: skip
        with Generator(server.port, [load]) as self._generator:
            threading.Thread(target=self._read, args=(self._generator,), name="load", daemon=True).start()
            self._until(lambda: self._over, self._params["seconds"] + PATIENCE_SECONDS + START_SECONDS)

    # --- what comes in, from other threads ---------------------------------------------------------------------------
    def _hear(self, what: str, told: dict[str, Any]) -> None:
        self._inbox.put(lambda: self._cluster.news(what, told))

    def _read(self, generator: Generator) -> None:
        try:
            for report in generator.reports():
                self._inbox.put(lambda report=report: self._reported(report))  # type: ignore[misc]
        except GeneratorFailed as why:
            text = f"No visitors come any more: {why}"
            self._inbox.put(lambda: self._fail(text))

    def _act(self, act: Act) -> None:
        if self._over:
            self._too_late(act.n)
        else:
            self._inbox.put(lambda: self._do(act.action, act.params, act.n))

    # --- what is done with it, on this one ---------------------------------------------------------------------------
    def _fail(self, text: str) -> NoReturn:
        raise Unfinished(text)

    def _reported(self, report: dict[str, Any]) -> None:
        if report["r"] == "zero":
            self._begin(report["t"])
        elif report["r"] == "request":
            self._visitors.ended(report)
        elif report["r"] == "summary":
            self._finish(report)

    def _begin(self, zero: float) -> None:
        self._emit.zero_at(zero)
        self._visitors.begin(zero)
        self._look()
        listen(self._act)
        if self._params["mode"] == "tour":
            for share, action, params in TOUR:
                self._later(share * self._params["seconds"], lambda a=action, p=params: self._do(a, p, None))  # type: ignore[misc]

    def _do(self, action: str, params: dict[str, Any], n: int | None) -> None:
        if self._over:
            self._too_late(n)
        elif action != "finish":
            self._cluster.act(action, params, n)
            self._look_once(measure=False)
        elif self._leaving:
            self._emit.emit("mark", act="nothing", text="no visitors come any more", severity="info", n=n)
        elif self._generator is not None:
            self._leaving = True
            self._emit.emit("mark", act="finish", text="finish", severity="info", n=n)
            self._generator.stop()

    def _too_late(self, n: int | None) -> None:
        """Nothing that is asked for stays without an answer, also while everything ends."""
        self._emit.emit("mark", act="nothing", text=GONE, severity="info", n=n)

    def _answer_the_rest(self) -> None:
        while not self._inbox.empty():
            self._inbox.get()()

    def _finish(self, summary: dict[str, Any]) -> None:
        """The last visitor has been answered, or has given up."""
        self._visitors.until(self._emit.now())
        self._look_once(measure=False)
        answers = summary["from_due"]
        lost = sum(summary["errors"].values())
        self._emit.sample("all requests", answers["n"] + lost, "requests", lost=lost, errors=summary["errors"])
        for name in ("p50", "p90", "p99", "high"):
            if name in answers:
                self._emit.sample(f"wait {name}", answers[name], "s")
        complaint = summary["generator"]["bottleneck"]
        if complaint:
            self._emit.emit("log", text=complaint, stream="load generator")
        self._emit.sample("generator held up", float(complaint is not None), "")
        self._over = True

    def _look(self) -> None:
        self._later(LOOK_SECONDS, self._look)
        self._visitors.until(self._emit.now() - LOOK_SECONDS)
        self._look_once(measure=True)

    def _look_once(self, *, measure: bool) -> None:
        cluster = self._cluster
        self._table.look(cluster.pid, cluster.status, cluster.born, cluster.restarts, measure=measure)

    # --- the one loop ------------------------------------------------------------------------------------------------
    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (perf_counter() + seconds, next(self._order), do))

    def _until(self, done: Callable[[], bool], seconds: float) -> None:
        deadline = perf_counter() + seconds
        while not done():
            now = perf_counter()
            if now >= deadline:
                raise Unfinished("The server or its visitors gave no answer in time")
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()
            due = self._timers[0][0] if self._timers else deadline
            try:
                self._inbox.get(timeout=max(0.0, min(due, deadline) - perf_counter()))()
            except Empty:
                continue


def main() -> None:
    """From the first line to the last."""
    file, params, emit = Path(sys.argv[1]), orjson.loads(sys.argv[2]), SharedEmitter()
    emit.host(server=params["runtime"], workers=params["workers"], manager=os.getpid(), **about(file))
    try:
        with slow_server(params["slow"], params["latency"] / 1000) as slow:
            Manager(params, emit).run(file, slow.port)
    except Unfinished as why:
        sys.exit(str(why))
    emit.close()


if __name__ == "__main__":
    main()
