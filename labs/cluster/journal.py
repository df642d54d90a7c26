"""Writes down what the load generator reports, as events of the run."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator

from labs.cluster.server import Server
from labs.load.stream import Report
from labs.sdk.together import SharedEmitter

RATE_SECONDS = 0.5
"""Answers a second are counted over so long, or over one tick where that is longer."""

SERIES = {"/": "/", "/fast": "/fast", "closed": "closed", "open": "open, as due"}
SENT = "open, as sent"
"""Latencies of each load, by the name of their series; open arrivals have a second one."""

LOST = "all lost"
"""How many requests have been lost so far; "timeout" and so on: by what went wrong."""


class Rate:
    """Answers a second: those of the ticks that are kept, over the time that these ticks really cover."""

    def __init__(self, since: float) -> None:
        self._since = since
        self._ticks: deque[tuple[float, int]] = deque()

    def add(self, t: float, done: int) -> float:
        """The rate up to this tick. `t`: reading of the clock; `done`: answers since the last tick."""
        self._ticks.append((t, done))
        while self._ticks[0][0] <= t - RATE_SECONDS:
            self._since, _ = self._ticks.popleft()
        return sum(done for _, done in self._ticks) / (t - self._since) if t > self._since else 0.0


class Journal:
    """t = 0 is when the first load to begin begins, and `lead` seconds after that where one comes first."""

    def __init__(self, emit: SharedEmitter, server: Server) -> None:
        self._emit, self._server = emit, server
        self._zero: float | None = None
        self._began = self._ticked = 0.0
        self._rates: dict[str, Rate] = {}
        self._lost: Counter[str] = Counter()
        self._told: Counter[str] | None = None

    def write(self, reports: Iterable[Report], lead: float = 0.0) -> Iterator[Report]:
        """Hands every report on once it is written."""
        for report in reports:
            if report["r"] == "zero":
                self._begin(report["t"], lead)
            elif report["r"] == "asked":
                self._asked(report)
            elif report["r"] == "request":
                self._ended(report)
            elif report["r"] == "tick":
                self._tick(report)
            elif report["r"] == "summary":
                self._summary(report)
            yield report

    def _begin(self, stamp: float, lead: float) -> None:
        """A generator begins; the first one says when t is 0."""
        self._began = stamp
        if self._zero is None:
            self._zero = stamp + lead
            self._emit.zero_at(self._zero)

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
            self._lost[report["error"]] += 1
            text = f"{id} was lost: {report['error']}"
            self._emit.emit("mark", t=done, text=text, severity="bad")
            return
        headers = report["headers"]
        begun = self._at(min(max(report["due"], float(headers["x-begin"])), report["done"]))
        worked = float(headers["x-end"]) - float(headers["x-begin"])
        kind = "net" if load == "/fast" else "cpu"
        self._emit.emit("begin", t=begun, id=id, name=id, kind=kind, lane=self._server.lane(headers["x-worker"]))
        self._emit.emit("end", t=done, id=id, worked=worked, cpu=float(headers["x-cpu"]))
        self._emit.emit("sample", t=done, series=SERIES[load], value=report["done"] - report["due"], unit="s")
        if load == "open":
            self._emit.emit("sample", t=done, series=SENT, value=report["done"] - report["sent"], unit="s")

    def _tick(self, report: Report) -> None:
        name = SERIES[report["load"]].split(",")[0]
        rate = self._rates.setdefault(report["load"], Rate(self._began)).add(report["t"], report["done"])
        self._emit.emit("sample", t=self._at(report["t"]), series=f"answers, {name}", value=rate, unit="requests/s")
        self._ticked = report["t"]
        if self._lost != self._told:
            self._tell_lost()

    def _tell_lost(self) -> None:
        """How many there are at the last tick, in all and by what went wrong; at first 0."""
        for series, n in {LOST: self._lost.total(), **self._lost}.items():
            self._emit.emit("sample", t=self._at(self._ticked), series=series, value=n, unit="requests lost")
        self._told = self._lost.copy()

    def _summary(self, report: Report) -> None:
        told = {key: report[key] for key in ("load", "n", "errors", "rate", "seconds", "histogram")}
        generator = report["generator"]
        self._tell_lost()
        self._emit.emit(
            "sample", t=self._at(report["began"]) + report["seconds"], series="load generator",
            value=generator["cpu"], unit="CPUs", **told,
            starved=generator["starved"], late=generator["late"], bottleneck=generator["bottleneck"],
        )  # fmt: skip
