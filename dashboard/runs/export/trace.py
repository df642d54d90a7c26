"""Chrome's Trace Event Format, as Perfetto and chrome://tracing open it.

Each part is a "process", each lane a "thread" with its name. Work on a lane is a complete event (`X`): a lane runs one
thing at a time. Waiting overlaps, so it is an asynchronous pair (`b`, `e`) with an id of its own.
Times are microseconds; parts follow each other on the one time axis, as far apart as the run's clock says.
Source: Trace Event Format, Google.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from labs.sdk.recording import Part, Recording, Span

MICRO = 1e6


def write(run: dict[str, Any], events: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Metadata with the names first in each part, then its work."""
    recording, offsets = Recording(), {}
    for event in events:
        recording.apply(event)
        if event["e"] == "part" and event["state"] == "begin":
            offsets[event["part"]] = event["t"]
    about = {"run": run["id"], "lab": run["lab"], "measured": True}
    yield b'{"displayTimeUnit":"ms","otherData":' + orjson.dumps(about) + b',"traceEvents":[\n'
    first = True
    for pid, part in enumerate(recording.parts.values(), start=1):
        for event in _part(part, pid, offsets[part.id]):
            yield (b"" if first else b",\n") + orjson.dumps(event)
            first = False
    yield b"\n]}\n"


def _part(part: Part, pid: int, offset: float) -> Iterator[dict[str, Any]]:
    """`offset` keeps the program's own zero right of the moment it was started."""
    spans = part.complete()
    lanes = {lane: tid for tid, lane in enumerate(part.lanes(), start=1)}
    yield _name("process_name", f"{part.label}, repeat {part.repeat}", pid)
    yield {"ph": "M", "name": "process_sort_index", "pid": pid, "tid": 0, "args": {"sort_index": pid}}
    for lane, tid in lanes.items():
        yield _name("thread_name", lane, pid, tid)
    for span in spans:
        yield _ran(span, pid, lanes[span.lane], offset)
        if span.queued is not None and span.waited > 0:
            yield from _waited(span, part, pid, offset)


def _ran(span: Span, pid: int, tid: int, offset: float) -> dict[str, Any]:
    return {
        "ph": "X", "name": span.name, "cat": span.kind, "pid": pid, "tid": tid,
        "ts": (offset + (span.begin or 0.0)) * MICRO, "dur": span.ran * MICRO,
        "args": {"waited_s": span.waited, "cpu_s": span.cpu},
    }  # fmt: skip


def _waited(span: Span, part: Part, pid: int, offset: float) -> Iterator[dict[str, Any]]:
    same = {"name": f"{span.name} waits", "cat": "waiting", "id": f"{part.id}/{span.id}", "pid": pid, "tid": 0}
    yield {**same, "ph": "b", "ts": (offset + (span.queued or 0.0)) * MICRO}
    yield {**same, "ph": "e", "ts": (offset + (span.begin or 0.0)) * MICRO}


def _name(what: str, name: str, pid: int, tid: int = 0) -> dict[str, Any]:
    return {"ph": "M", "name": what, "pid": pid, "tid": tid, "args": {"name": name}}
