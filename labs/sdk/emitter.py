"""How a Python program reports what happens, without making the measured work wait.

A call stamps the time, puts a small dict on a queue and returns (about a microsecond).
A native thread writes the lines. Programs look like this::

    params, emit = start()
    emit.zero()
    emit.queued("1", "hash 1", kind="cpu")
    with emit.span("1", "hash 1", kind="cpu"):
        work()
    emit.close()
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, BinaryIO

import orjson

from labs.sdk.events import Event

GATHER_SECONDS = 0.004
"""The writer gathers for this long before it writes: fewer wake-ups beside the measured work."""

FLOOD_SIZE = 2000


def start() -> tuple[dict[str, Any], Emitter]:
    """Parameters of this program (JSON in its first argument) and the emitter on its stdout."""
    params = orjson.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    return params, Emitter(sys.stdout.buffer)


class Emitter:
    """Writes events as NDJSON from a thread of its own. `close()` says `done` and waits for it."""

    def __init__(self, out: BinaryIO, clock: Callable[[], float] = time.perf_counter) -> None:
        self._out = out
        self._clock = clock
        self._zero = clock()
        self._queue: SimpleQueue[Event | None] = SimpleQueue()
        self._lanes: dict[int, str] = {}
        self._lock = threading.Lock()
        self._writer = threading.Thread(target=self._write, name="emitter", daemon=True)
        self._writer.start()

    def zero(self) -> None:
        """From now on t counts from here, and thread lanes are numbered anew."""
        self._lanes.clear()
        self._zero = self._clock()

    def now(self) -> float:
        """Seconds since zero."""
        return self._clock() - self._zero

    def emit(self, e: str, t: float | None = None, **fields: Any) -> None:
        """Report any event of the vocabulary; `t` is now unless it was taken earlier."""
        fields["e"] = e
        fields["t"] = self.now() if t is None else t
        self._queue.put(fields)

    def host(self, **facts: Any) -> None:
        """Facts of this runtime: versions, loop name, pool size actually in use."""
        self.emit("host", pid=os.getpid(), **facts)

    def queued(self, id: str, name: str, kind: str = "cpu") -> None:
        """A piece of work was asked for and waits from now on."""
        self.emit("queued", id=id, name=name, kind=kind, lane="waiting", at=_caller(2))

    def span(self, id: str, name: str, kind: str = "cpu", lane: str | None = None) -> SpanTimer:
        """`with` block around work that runs on this thread; measures its CPU time too."""
        return SpanTimer(self, id, name, kind, lane, _caller(2))

    def sample(self, series: str, value: float, unit: str = "s", **more: Any) -> None:
        """One measured value of a named series."""
        self.emit("sample", series=series, value=value, unit=unit, **more)

    def thread_lane(self) -> str:
        """The lane of the calling thread: "thread 1", "thread 2" … in order of first use."""
        ident = threading.get_ident()
        lane = self._lanes.get(ident)
        if lane is None:
            with self._lock:
                lane = self._lanes.setdefault(ident, f"thread {len(self._lanes) + 1}")
        return lane

    def close(self) -> None:
        """Say `done`, write everything and stop the writer."""
        self.emit("done")
        self._queue.put(None)
        self._writer.join()

    def _write(self) -> None:
        open_ = True
        while open_:
            batch = [self._queue.get()]
            time.sleep(GATHER_SECONDS)
            while not self._queue.empty() and len(batch) < FLOOD_SIZE:
                batch.append(self._queue.get())
            if None in batch:
                open_ = False
            lines = [orjson.dumps(event) for event in batch if event is not None]
            self._out.write(b"\n".join(lines) + b"\n" if lines else b"")
            self._out.flush()


class SpanTimer:
    """Emits `begin` on entry and `end` on exit, with the CPU seconds this thread used between."""

    __slots__ = ("_at", "_cpu", "_emit", "_id", "_kind", "_lane", "_name")

    def __init__(self, emit: Emitter, id: str, name: str, kind: str, lane: str | None, at: str) -> None:
        self._emit, self._id, self._name = emit, id, name
        self._kind, self._lane, self._at = kind, lane, at
        self._cpu = 0.0

    def __enter__(self) -> None:
        lane = self._lane or self._emit.thread_lane()
        self._emit.emit("begin", id=self._id, lane=lane, name=self._name, kind=self._kind, at=self._at)
        self._cpu = time.thread_time()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        cpu = time.thread_time() - self._cpu
        self._emit.emit("end", id=self._id, cpu=cpu)


def _caller(depth: int) -> str:
    frame = sys._getframe(depth)
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
