"""Writes down what the load generator reports, as events of the run."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from labs.cluster.server import Server
from labs.load.stream import Report
from labs.sdk.together import SharedEmitter

RATE_SECONDS = 0.5
"""Answers a second are counted over so long."""

SERIES = {"/": "/", "/fast": "/fast", "closed": "closed", "open": "open, as due"}
SENT = "open, as sent"
"""Latencies of each load, by the name of their series; open arrivals have a second one."""


class Journal:
    """t = 0 is when the first load to begin begins, and `lead` seconds after that where one comes first."""

    def __init__(self, emit: SharedEmitter, server: Server) -> None:
        self._emit, self._server = emit, server
        self._zero: float | None = None
        self._ticks: dict[str, deque[Report]] = {}

    def write(self, reports: Iterable[Report], lead: float = 0.0) -> Iterator[Report]:
        """Hands every report on once it is written."""
        for report in reports:
            if report["r"] == "zero" and self._zero is None:
                self._zero = report["t"] + lead
                self._emit.zero_at(self._zero)
            elif report["r"] == "asked":
                self._asked(report)
            elif report["r"] == "request":
                self._ended(report)
            elif report["r"] == "tick":
                self._tick(report)
            elif report["r"] == "summary":
                self._summary(report)
            yield report

    def _at(self, stamp: float) -> float:
        return stamp - (self._zero or 0.0)

    def _asked(self, report: Report) -> None:
        id = f"{report['load']} {report['n']}"
        kind = "net" if report["load"] == "/fast" else "cpu"
        self._emit.emit("queued", t=self._at(report["due"]), id=id, name=id, kind=kind, lane="waiting")

    def _ended(self, report: Report) -> None:
        """Begun when its work began in the worker, ended when the answer had come."""
        id, load, done = f"{report['load']} {report['n']}", report["load"], self._at(report["done"])
        if report["error"]:
            text = f"{id} was lost: {report['error']}"
            self._emit.emit("mark", t=done, text=text, severity="bad")
            return
        headers = report["headers"]
        begun = self._at(min(max(report["due"], float(headers["x-begin"])), report["done"]))
        worked = float(headers["x-end"]) - float(headers["x-begin"])
        kind = "net" if load == "/fast" else "cpu"
        self._emit.emit("begin", t=begun, id=id, name=id, kind=kind, lane=self._server.lane(headers["x-worker"]))
        self._emit.emit("end", t=done, id=id, worked=worked)
        self._emit.emit("sample", t=done, series=SERIES[load], value=report["done"] - report["due"], unit="s")
        if load == "open":
            self._emit.emit("sample", t=done, series=SENT, value=report["done"] - report["sent"], unit="s")

    def _tick(self, report: Report) -> None:
        ticks = self._ticks.setdefault(report["load"], deque())
        ticks.append(report)
        while ticks[0]["t"] <= report["t"] - RATE_SECONDS:
            ticks.popleft()
        done = sum(tick["done"] for tick in ticks) / RATE_SECONDS
        name = SERIES[report["load"]].split(",")[0]
        self._emit.emit("sample", t=self._at(report["t"]), series=f"answers, {name}", value=done, unit="requests/s")

    def _summary(self, report: Report) -> None:
        told = {key: report[key] for key in ("load", "n", "errors", "rate", "seconds", "histogram")}
        generator = report["generator"]
        self._emit.emit(
            "sample", t=self._at(report["began"]) + report["seconds"], series="load generator",
            value=generator["cpu"], unit="CPUs", **told,
            starved=generator["starved"], late=generator["late"], bottleneck=generator["bottleneck"],
        )  # fmt: skip
