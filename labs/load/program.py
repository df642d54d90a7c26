"""The process that sends: `python program.py '{"port": 40123, "loads": [{"name": "visitors", "path": "/", …}]}'`.

It prints one JSON object a line; `labs.load.generator` says which. A line on standard input makes it stop sending and
wait for what is under way; the end of standard input, which is also the end of its parent, ends it at once.
"""

from __future__ import annotations

import gc
import os
import select
import selectors
import sys
from time import perf_counter

import orjson

from labs.load.bottleneck import Effort, complaint
from labs.load.load import Load
from labs.load.stream import Report, Stream

TICK_SECONDS = 0.1
ROUGH_SECONDS = 0.01
"""A wait of this length or more may come back up to a millisecond late, once: it is only for the next tick."""

LEAD_SECONDS = 0.05
"""Between the start of the program and its zero, so that nothing is due before it can be noticed."""


class Program:
    """One loop over sockets and due times."""

    def __init__(self, port: int, loads: list[Load]) -> None:
        self._selector = selectors.DefaultSelector()
        self._reports: list[bytes] = []
        self._streams = [Stream(load, port, self._selector, self._tell) for load in loads]
        self._selector.register(0, selectors.EVENT_READ)

    def run(self) -> None:
        """From the first request to the summaries."""
        zero = perf_counter() + LEAD_SECONDS
        self._tell({"r": "zero", "t": zero})
        for stream in self._streams:
            stream.start(zero)
        self._wait_until(zero)
        before, tick = Effort.now(), zero + TICK_SECONDS
        while not all(stream.over for stream in self._streams):
            now = perf_counter()
            due = min(tick, *(stream.next_due for stream in self._streams))
            self._wait(due - now)
            now = perf_counter()
            for stream in self._streams:
                if stream.next_due <= now:
                    stream.tick(now)
            if now >= tick:
                tick = now + TICK_SECONDS
                self._report(now)
            for stream in self._streams:
                stream.go_on()
        self._report(perf_counter())
        effort = Effort.now().since(before)
        for stream in self._streams:
            self._tell(summary(stream, effort, before.wall))
            stream.close()
        self._flush()

    def _wait_until(self, zero: float) -> None:
        """Idle, so that this time counts as nobody's effort."""
        while (left := zero - perf_counter()) > 0:
            self._wait(left)

    def _wait(self, seconds: float) -> None:
        """Wait for the sockets, or for so long. A selector alone would round up to whole milliseconds."""
        if 0 < seconds < ROUGH_SECONDS:
            select.select([self._selector], [], [], seconds)
            seconds = 0.0
        for key, events in self._selector.select(max(0.0, seconds)):
            if key.data is None:
                self._hear()
            else:
                key.data.ready(events)

    def _hear(self) -> None:
        if not os.read(0, 1024):
            os._exit(0)
        for stream in self._streams:
            stream.stop()

    def _report(self, now: float) -> None:
        for stream in self._streams:
            stream.give_up(now)
            stream.report_tick(now)
        self._flush()

    def _tell(self, report: Report) -> None:
        self._reports.append(orjson.dumps(report))

    def _flush(self) -> None:
        data = b"\n".join([*self._reports, b""])
        self._reports.clear()
        while data:
            data = data[os.write(1, data) :]


def summary(stream: Stream, effort: dict[str, float | None], since: float) -> Report:
    """What became of a load, and whether this process could keep up. `effort` is about the time from `since` on."""
    seconds = max(0.0, stream.finished - stream.began)
    n = stream.from_due.n
    late, middle = stream.late.percentile(90), stream.from_sent.percentile(50)
    return {
        "r": "summary", "load": stream.load.name, "n": n, "errors": dict(stream.errors),
        "began": stream.began, "seconds": seconds, "rate": n / seconds if seconds else 0.0,
        "from_due": stream.from_due.summary(), "from_sent": stream.from_sent.summary(),
        "histogram": {"from_due": stream.from_due.encoded(), "from_sent": stream.from_sent.encoded()},
        "generator": {**effort, "since": since, "late": late,
                      "bottleneck": complaint(effort["cpu"] or 0.0, effort["starved"], late, middle)},
    }  # fmt: skip


if __name__ == "__main__":
    given = orjson.loads(sys.argv[1])
    gc.disable()  # the program is short, and a collection would be a pause of its own
    Program(given["port"], [Load.of(raw) for raw in given["loads"]]).run()
