"""Event streams of the labs os-async and multitask as a machine of any shape would give them.

Simulations, exact enough to know the right finding; never shown to a learner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from labs.multitask.story import HOPS
from labs.sdk.events import Event
from labs.sdk.recording import Recording
from tests.streams import UNIT, burst, run

PLENTY = 10_000
"""CPUs or threads that never run out: work that only waits needs none."""


def batch(
    kind: str, *, tasks: int, pool: int, cpus: float = 2, alone: float = UNIT, runtime: str = "gevent",
    repeat: int = 1, in_pool: bool | None = None, told: bool | None = None, cpu: float = 0.01, variant: str = "",
) -> list[Event]:  # fmt: skip
    """One part of os-async: requests, reads or hashes, asked for together.

    `in_pool`: do they need its threads; `told`: is only the end seen, not the thread. Both as they are by default.
    """
    in_pool = kind != "requests" if in_pool is None else in_pool
    told = kind == "requests" or (kind == "reads" and runtime == "node") if told is None else told
    part = f"{runtime}-{kind}{variant}-{repeat}"
    events = burst(
        part, tasks=tasks, pool=pool if in_pool else PLENTY, cpus=cpus if kind == "hashes" else PLENTY, unit=alone,
        runtime=runtime, repeat=repeat,
    )  # fmt: skip
    one = kind.rstrip("s") if kind != "hashes" else "hash"
    for event in events:
        if event["e"] == "part" and event["state"] == "begin":
            event |= {"label": f"{runtime}, {kind}", "params": {"kind": kind, "tasks": tasks, "pool": pool}}
        if event["e"] == "sample" and kind != "hashes":
            event["series"] = "alone"
        if "id" in event and "name" in event:
            event["name"] = f"{one} {event['id']}"
        if told and event["e"] == "begin":
            event |= {"t": 0.0, "lane": f"{one} {event['id']}", "name": f"{one} {event['id']}"}
    if told:
        events = [event for event in events if event["e"] != "queued"]
    events.insert(-1, {"e": "sample", "t": 0, "part": part, "series": "CPU time", "value": cpu})
    return events


@dataclass
class Machine:
    """A pool of threads on a few CPUs that takes its work in the order in which it is asked."""

    pool: int
    cpus: float
    clock: float = 0.0
    queue: list[tuple[str, float]] = field(default_factory=list)
    running: dict[int, list[Any]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def ask(self, id: str, work: float) -> None:
        self.events.append({"e": "queued", "t": self.clock, "id": id, "name": id, "kind": _kind(id)})
        self.queue.append((id, work))
        self.take()

    def take(self) -> None:
        for lane in range(1, self.pool + 1):
            if self.queue and lane not in self.running:
                id, work = self.queue.pop(0)
                self.running[lane] = [id, work]
                self.events.append({"e": "begin", "t": self.clock, "id": id, "name": id, "lane": f"thread {lane}",
                                    "kind": _kind(id)})  # fmt: skip

    def until(self, limit: float) -> str | None:
        """Run on until something has ended, or to the limit; says what ended."""
        hashes = sum(_kind(id) == "cpu" for id, _ in self.running.values())
        speed = {lane: min(1.0, self.cpus / hashes) if _kind(id) == "cpu" else 1.0
                 for lane, (id, _) in self.running.items()}  # fmt: skip
        step = min((left / speed[lane] for lane, (_, left) in self.running.items()), default=float("inf"))
        step = min(step, limit - self.clock)
        self.clock += step
        for lane, task in self.running.items():
            task[1] -= step * speed[lane]
        ended = next((lane for lane, (_, left) in self.running.items() if left <= 1e-9), None)
        if ended is None:
            return None
        id = str(self.running.pop(ended)[0])
        self.events.append({"e": "end", "t": self.clock, "id": id, "cpu": 0.0})
        self.take()
        return id


def _kind(id: str) -> str:
    return "cpu" if id.startswith("hash") else "fs"


def story(
    *, hashes: int, pool: int, cpus: float = 2, unit: float = UNIT, latency: float = 0.2, runtime: str = "gevent",
    repeat: int = 1, told: bool | None = None, hop: float = 0.0001, slow_hop: float | None = None,
    loop: float = 0.0002, free_threads: int = 0, request_after: str | None = None, sizes: list[float] | None = None,
) -> list[Event]:  # fmt: skip
    """One part of multitask.

    `slow_hop`: seconds of "read", as of a slow disk. `loop`: seconds until the program hears of an end.
    `free_threads`: so many more than the program says. `request_after`: a piece of work whose end the request awaits.
    `sizes`: the work of each hash in units.
    """
    told = runtime == "node" if told is None else told
    part = f"{runtime}-p{pool}-{repeat}"
    machine = Machine(pool + free_threads, cpus)
    machine.ask("open", hop)
    for n in range(hashes):
        machine.ask(f"hash {n + 1}", unit * (sizes[n] if sizes else 1.0))
    asks: list[tuple[float, str]] = []
    while machine.running or asks:
        ended = machine.until(asks[0][0] if asks else float("inf"))
        if ended in HOPS[:-1]:
            asks.append((machine.clock + loop, HOPS[HOPS.index(ended) + 1]))
        elif ended is None and asks:
            _, id = asks.pop(0)
            machine.ask(id, slow_hop if id == "read" and slow_hop else hop)
    ends = {e["id"]: e["t"] for e in machine.events if e["e"] == "end"}
    answered = latency + (ends[request_after] if request_after else 0.0)
    events: list[Event] = [
        *machine.events,
        {"e": "begin", "t": 0.0, "id": "request", "name": "request", "kind": "net", "lane": "request 1"},
        {"e": "end", "t": answered, "id": "request"},
    ]
    if told:
        for event in events:
            if event["id"] in HOPS and event["e"] != "queued":
                event |= {"t": ends[event["id"]] + loop} | ({"lane": "file"} if event["e"] == "begin" else {})
    samples = [(series, value, when) for when in ("before", "after")
               for series, value in (("unit", unit), ("file alone", 4 * hop), ("request alone", latency))]  # fmt: skip
    return [
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": runtime, "repeat": repeat, "cold": repeat == 1,
         "label": f"{runtime}, pool of {pool}", "params": {"hashes": hashes, "pool": pool}},
        *({"e": "sample", "t": -1, "part": part, "series": s, "value": v, "when": w} for s, v, w in samples),
        *({**event, "part": part} for event in events),
        {"e": "part", "t": 9, "part": part, "state": "end", "seconds": 9},
    ]  # fmt: skip


def stories(*, pools: tuple[int, ...] = (1, 4, 5), repeats: int = 3, runtimes: tuple[str, ...] = ("gevent",),
            **shape: Any) -> Recording:  # fmt: skip
    """A finished run of multitask, every repeat the same."""
    parts = [story(pool=pool, repeat=n + 1, runtime=runtime, **shape)
             for n in range(repeats) for pool in pools for runtime in runtimes]  # fmt: skip
    return run(parts, cpus=int(shape.get("cpus", 2)), mode="sides", runtimes=list(runtimes), repeats=repeats,
               hashes=shape["hashes"], pool=4 if 4 in pools else pools[-1])  # fmt: skip
