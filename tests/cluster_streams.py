"""Event streams of the cluster lab as a server on any machine would give them, for tests of pure functions."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any

from labs.sdk.events import Event
from labs.sdk.judge import count

UNIT, FAST = 0.25, 0.002
LOAD_UNIT = 0.01
Request = tuple[str, float, float, float, str]
"""Id, and when it was due, begun and answered; its lane."""


def part(
    requests: Iterable[Request], *, mode: str, workers: int = 1, runtime: str = "gunicorn", repeat: int = 1,
    where: str = "loop", unit: float = UNIT, lost: int = 0, sent: Iterable[float] = (),
    memory: dict[str, float] | None = None, bottleneck: str | None = None, id: str | None = None, cpu: float = 1.0,
    problems: dict[str, int] | None = None,
) -> list[Event]:  # fmt: skip
    """One part with these requests; `lost` more are never answered, for these `problems`.

    `memory`: megabytes of each worker, by kind. `cpu`: share of their time in which working workers had a CPU.
    """
    id = id or f"{runtime}-{repeat}"
    label = {"gunicorn": "gunicorn", "node": "Node.js"}[runtime] + (
        f", {count(workers, 'worker')}" if mode == "sweep" else ""
    )
    settings = {"mode": mode, "workers": workers, "where": where}
    events: list[Event] = [
        {"e": "part", "t": 0, "part": id, "state": "begin", "runtime": runtime, "label": label, "repeat": repeat,
         "params": settings, "cold": repeat == 1},
        {"e": "sample", "t": -1, "part": id, "series": "unit", "value": unit, "when": "before"},
    ]  # fmt: skip
    end = 0.0
    for name, due, begun, done, lane in requests:
        end = max(end, done)
        events += [
            {"e": "queued", "t": due, "part": id, "id": name, "name": name, "kind": "cpu"},
            {"e": "begin", "t": begun, "part": id, "id": name, "name": name, "kind": "cpu", "lane": lane},
            {"e": "end", "t": done, "part": id, "id": name, "worked": done - begun, "cpu": cpu * (done - begun)},
        ]
    events += [
        {"e": "queued", "t": end, "part": id, "id": f"/ {900 + n}", "name": "/", "kind": "cpu"} for n in range(lost)
    ]
    events += [{"e": "sample", "t": end, "part": id, "series": "open, as sent", "value": value} for value in sent]
    for kind, megabytes in (memory or {}).items():
        events += [
            {"e": "sample", "t": end, "part": id, "series": kind, "value": megabytes, "worker": f"worker {n + 1}"}
            for n in range(workers)
        ]
    return [
        *events,
        {
            "e": "sample",
            "t": end,
            "part": id,
            "series": "load generator",
            "value": 0.1,
            "bottleneck": bottleneck,
            "errors": problems or {},
        },
        {"e": "sample", "t": end, "part": id, "series": "unit", "value": unit, "when": "after"},
        {"e": "part", "t": end, "part": id, "state": "end", "seconds": end},
    ]


def among(
    *,
    slow: int = 1,
    workers: int = 1,
    where: str = "loop",
    unit: float = UNIT,
    stuck: int = 0,
    blocks: bool = True,
    on: int = 0,
) -> list[Request]:
    """Slow requests at 0, one a worker in turn, and /fast ten times in a hash.

    On a blocked loop /fast waits for the end of its worker's hashes; a free worker answers at once, but `stuck` of
    them are with a busy one all the same. `blocks=False`: a loop that goes on although the work is said to be on it.
    `on`: so many workers get the slow ones, all of them where it is 0.
    """
    ends = dict.fromkeys(range(1, workers + 1), 0.0)
    requests: list[Request] = []
    for n in range(slow):
        worker = n % (on or workers) + 1
        begun = ends[worker]
        ends[worker] = begun + unit
        requests.append((f"/ {n + 1}", 0.0, begun + 1e-4, ends[worker], f"worker {worker}"))
    free = [worker for worker, end in ends.items() if end == 0.0]
    for n in range(30):
        due = (n - 10 + 0.5) * unit / 10
        waits = blocks and where == "loop" and 0 <= due < max(ends.values())
        if waits and (not free or stuck > 0):
            stuck -= 1
            worker = next(w for w, end in ends.items() if end > due)
            requests.append((f"/fast {n + 1}", due, ends[worker], ends[worker] + FAST, f"worker {worker}"))
        else:
            worker = free[0] if free else 1
            requests.append((f"/fast {n + 1}", due, due, due + FAST, f"worker {worker}"))
    return requests


def queueing(
    load: str, dues: Callable[[int], float], *, requests: int, workers: int, cpus: float,
    unit: float = LOAD_UNIT, noise: float = 1.0, zero: float = 0.0, preferred: int = 0,
) -> list[Request]:  # fmt: skip
    """First come, first served by `workers`, which share the CPUs. `dues(n)`: when request n is due.

    `preferred`: so many of ten go to worker 1, whether it is busy or not.
    """
    took = unit * noise * max(1.0, workers / cpus)
    free = [(zero, n) for n in range(1, workers + 1)]
    found: list[Request] = []
    for n in range(requests):
        due = zero + dues(n)
        at, worker = heapq.heappop(free)
        begun = max(due, at)
        heapq.heappush(free, (begun + took, worker))
        lane = 1 if n % 10 < preferred else worker
        found.append((f"{load} {n + 1}", due, begun, begun + took, f"worker {lane}"))
    return found


def closed(*, visitors: int = 50, requests: int = 200, **shape: Any) -> list[Request]:
    """Each visitor asks again when the answer is there."""
    workers, cpus, unit = shape["workers"], shape["cpus"], shape.get("unit", LOAD_UNIT)
    took = unit * shape.get("noise", 1.0) * max(1.0, workers / cpus)

    def due(n: int) -> float:
        return 0.0 if n < visitors else ((n - visitors) // workers + 1) * took

    return queueing("closed", due, requests=requests, **shape)


def opened(*, rate: float, requests: int = 200, **shape: Any) -> list[Request]:
    """At a rate, whatever the server does."""
    return queueing("open", lambda n: n / rate, requests=requests, **shape)
