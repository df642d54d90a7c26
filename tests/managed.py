"""A real server with workers and its manager, without visitors: for tests that act on it and wait for its news."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any

import psutil

from labs.processes.cluster import Cluster
from labs.processes.lab import lab
from labs.processes.server import Server, serving
from labs.processes.slots import Slot
from labs.sdk.events import Event
from labs.sdk.together import SharedEmitter
from tests.family import alive
from tests.waiting import POLL_SECONDS, SECONDS

NOBODY = 9
"""Where the slow server would be. No request comes."""


class Kept(SharedEmitter):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []

    def emit(self, e: str, t: float | None = None, **fields: Any) -> None:
        self.events.append({"e": e, "t": self.now() if t is None else t, **fields})


class Managed:
    """News are taken in one by one, on the test's thread: what a test does between two, it does at that moment."""

    def __init__(self, told: Kept, workers: int) -> None:
        self.told, self.workers = told, workers
        self.inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._timers: list[tuple[float, Callable[[], None]]] = []
        self.cluster: Cluster
        self.server: Server

    def begin(self, server: Server) -> None:
        self.server = server
        self.cluster = Cluster(server, self.workers, self.told, self._later)
        self.cluster.start()
        self.wait(lambda: self.cluster.ready)

    def act(self, name: str, n: int | None = None, **params: Any) -> None:
        self.cluster.act(name, params, n)

    def wait(self, condition: Callable[[], object]) -> None:
        """Take in news until this is so."""
        deadline = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.told.events
            for timer in [timer for timer in self._timers if timer[0] <= time.monotonic()]:
                self._timers.remove(timer)
                timer[1]()
            with contextlib.suppress(Empty):
                self.inbox.get(timeout=POLL_SECONDS)()

    def settled(self) -> None:
        """Wait until nothing is under way, and the processes are those of the table."""
        self.wait(lambda: self.cluster.slots.settled and self.pids == {slot.pid for slot in self.cluster.slots})

    @property
    def pids(self) -> set[int | None]:
        """The workers that the operating system knows."""
        return {child.pid for child in psutil.Process(self.cluster.pid).children() if alive(child)}

    @property
    def marks(self) -> list[str]:
        return [event["act"] for event in self.told.events if event["e"] == "mark"]

    @property
    def words(self) -> list[str]:
        return [event["text"] for event in self.told.events if event["e"] == "mark"]

    def slot(self, number: int) -> Slot:
        return next(slot for slot in self.cluster.slots if slot.number == number)

    def samples(self, series: str) -> list[Event]:
        return [event for event in self.told.events if event["e"] == "sample" and event["series"] == series]

    def backs(self) -> list[str]:
        """Acts that are over, in order."""
        return [event["act"] for event in self.samples("back")]

    def _hear(self, what: str, told: dict[str, Any]) -> None:
        self.inbox.put(lambda: self.cluster.news(what, told))

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        self._timers.append((time.monotonic() + seconds, do))


@contextlib.contextmanager
def managed(runtime: str, workers: int) -> Iterator[Managed]:
    """So many workers that all serve."""
    told = Kept()
    one = Managed(told, workers)
    with contextlib.ExitStack() as stack:
        stack.callback(told.finish)
        server = stack.enter_context(serving(lab.runtime(runtime).file, workers, NOBODY, one._hear))
        one.begin(server)
        yield one
        one.cluster.close()
