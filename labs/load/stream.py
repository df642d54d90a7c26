"""One load being carried out: which request is due, on which connection it goes, and what became of it."""

from __future__ import annotations

import math
import random
from collections import Counter, deque
from collections.abc import Callable
from selectors import BaseSelector
from time import perf_counter
from typing import Any

from labs.load.answer import Answer
from labs.load.connection import Connection
from labs.load.latency import Latencies
from labs.load.load import Load
from labs.load.request import Request

Report = dict[str, Any]


class Stream:
    """Call `tick` when `next_due` has come, and `go_on` when sockets have been read: connections call back there."""

    def __init__(self, load: Load, port: int, selector: BaseSelector, tell: Callable[[Report], None]) -> None:
        self.load = load
        self.from_due, self.from_sent, self.late = Latencies(), Latencies(), Latencies()
        self.errors: Counter[str] = Counter()
        self.began = self.finished = 0.0
        self._port, self._selector, self._tell = port, selector, tell
        self._wire = _wire(load, port)
        self._asked, self._after, self._next = 0, 0.0, math.inf
        self._backlog: deque[Request] = deque()
        self._idle: list[Connection] = []
        self._busy: dict[Connection, Request] = {}
        self._freed = 0
        self._stopped = False
        self._tick = Tick()
        self._dice = random.Random(load.name)

    def start(self, zero: float) -> None:
        """Its first request is due at its `begin` after this reading of the clock."""
        self.began = self._next = zero + self.load.begin

    def stop(self) -> None:
        """Send nothing new; what is under way may end."""
        self._stopped = True
        self._next = math.inf

    @property
    def over(self) -> bool:
        """Nothing is due any more, and nothing under way."""
        return math.isinf(self._next) and not self._busy and not self._backlog and not self._freed

    @property
    def next_due(self) -> float:
        """When `tick` has to be called at the latest; infinite while only answers are awaited."""
        return self._next

    def tick(self, now: float) -> None:
        """Ask what is due."""
        load = self.load
        while self._next <= now:
            if load.seconds is not None and self._after >= load.seconds:
                self.stop()
            elif load.arrivals == "closed":
                self._next = math.inf
                for _ in range(load.connections):
                    self._ask(self.began, now)
            else:
                due = self._next
                self._after = self._arrival(self._asked + 1)
                self._next = self.began + self._after
                self._ask(due, now)
                if self._asked == load.requests:
                    self.stop()

    def go_on(self) -> None:
        """Send on what has become free. Apart from reading, so that no answer waits for the sending of others."""
        freed, self._freed = self._freed, 0
        for _ in range(freed):
            if self._backlog:
                self._send(self._backlog.popleft())
            elif self.load.arrivals == "closed":
                self._asked_again()

    def give_up(self, now: float) -> None:
        """Whoever has waited longer than the load's patience counts as lost."""
        limit = now - self.load.patience
        for connection, request in [(c, r) for c, r in self._busy.items() if r.due < limit]:
            connection.close()
            self._heard(connection, request, None, "timeout")
        while self._backlog and self._backlog[0].due < limit:
            self._end(self._backlog.popleft(), now, None, "timeout")

    def report_tick(self, now: float) -> None:
        """What has happened since the last tick."""
        tick, self._tick = self._tick, Tick()
        self._tell({"r": "tick", "load": self.load.name, "t": now, "done": tick.done, "errors": tick.errors,
                    "slowest": tick.slowest, "open": len(self._busy) + len(self._backlog)})  # fmt: skip

    def close(self) -> None:
        for connection in [*self._idle, *self._busy]:
            connection.close()

    def _arrival(self, n: int) -> float:
        """Seconds from the beginning to arrival n (the first is 0). Even ones are no sums: those would drift."""
        rate = self.load.rate or 1.0
        return n / rate if self.load.spacing == "even" else self._after + self._dice.expovariate(rate)

    def _ask(self, due: float, now: float) -> None:
        if self._asked == self.load.requests or self._stopped:
            return
        self._asked += 1
        request = Request(self._asked, due, now)
        if self.load.each:
            self._tell({"r": "asked", "load": self.load.name, "n": request.n, "due": due})
        if self._backlog or len(self._busy) == self.load.connections:
            self._backlog.append(request)
        else:
            self._send(request)

    def _send(self, request: Request) -> None:
        request.sent = perf_counter()
        try:
            connection = self._idle.pop() if self._idle else self._connect()
        except OSError as problem:
            self._end(request, request.sent, None, f"no connection: {problem.strerror}")
            self._freed += 1
            return
        self._busy[connection] = request
        connection.send(request, self._wire)

    def _connect(self) -> Connection:
        return Connection(self._port, self._selector, self._heard, self._lost)

    def _lost(self, connection: Connection) -> None:
        """An idle connection was closed by the server: no request is lost with it."""
        if connection in self._idle:
            self._idle.remove(connection)

    def _heard(self, connection: Connection, request: Request, answer: Answer | None, problem: str) -> None:
        now = perf_counter()
        self._busy.pop(connection, None)
        if not self.load.keep_alive:
            connection.close()
        elif connection.alive:
            self._idle.append(connection)
        self._end(request, now, answer, problem)
        self._freed += 1

    def _asked_again(self) -> None:
        now = perf_counter()
        if self.load.seconds is not None and now >= self.began + self.load.seconds:
            self.stop()
        self._ask(now, now)

    def _end(self, request: Request, now: float, answer: Answer | None, problem: str) -> None:
        if answer is not None and answer.status >= 400:
            problem = f"status {answer.status}"
        self.finished = now
        self._tick.add(now - request.due, problem)
        if problem:
            self.errors[problem] += 1
        else:
            self.from_due.add(now - request.due)
            self.from_sent.add(now - request.sent)
        if self.load.arrivals == "open":
            self.late.add(request.noticed - request.due)
        if self.load.each:
            kept = {name: answer.header(name) for name in self.load.keep} if answer else {}
            self._tell({"r": "request", "load": self.load.name, "n": request.n, "due": request.due,
                        "sent": request.sent, "done": now, "status": answer.status if answer else None,
                        "error": problem or None, "headers": kept})  # fmt: skip


class Tick:
    """What has been counted since the last report."""

    __slots__ = ("done", "errors", "slowest")

    def __init__(self) -> None:
        self.done = self.errors = 0
        self.slowest = 0.0

    def add(self, seconds: float, problem: str) -> None:
        if problem:
            self.errors += 1
            return
        self.done += 1
        self.slowest = max(self.slowest, seconds)


def _wire(load: Load, port: int) -> bytes:
    word = "keep-alive" if load.keep_alive else "close"
    return f"GET {load.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: {word}\r\n\r\n".encode()
