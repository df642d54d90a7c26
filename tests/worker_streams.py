"""Event streams of the workers lab as any machine would give them, for tests of pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labs.sdk.events import Event

CALM_LAG, GIL_LAG, QUIET, BEAT = 0.0003, 0.005, 0.3, 0.02


def counts(
    part: str, ways: Sequence[str] = ("loop", "thread", "process"), *, tasks: int = 2, workers: int = 2,
    cpus: float = 2, runtime: str = "asyncio", repeat: int = 1, unit: float = 1.0, gil: bool | None = True,
    lags: Mapping[str, float] | None = None, capacity: Mapping[str, float] | None = None, cpu_times: bool = True,
    post: float = 0.001, back: float = 0.001,
) -> list[Event]:  # fmt: skip
    """One part on an ideal machine: workers take turns fairly on the CPUs that their way can use at once.

    `capacity` sets those CPUs for a way, `lags` how late beats are meanwhile. A simulation, exact enough to know the
    right finding; never shown to a learner.
    """
    locked = bool(gil) and runtime == "asyncio"
    lags = {"thread": GIL_LAG if locked else CALM_LAG, **(lags or {})}
    able = {"loop": 1.0, "thread": 1.0 if locked else cpus, **(capacity or {})}
    host: Event = {"e": "host", "t": -2, "part": part, "counts_to": 20_000_000}
    events: list[Event] = [
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": runtime, "label": runtime.capitalize(),
         "repeat": repeat, "cold": repeat == 1, "params": {"ways": list(ways), "tasks": tasks, "workers": workers}},
        {**host, "gil": gil, "switch": 0.005} if runtime == "asyncio" else host,
        {"e": "sample", "t": -1, "part": part, "series": "unit", "value": unit, "when": "before"},
    ]  # fmt: skip
    clock, busy = 0.0, []
    for way in ways:
        lanes = 1 if way == "loop" else min(workers, tasks)
        spans, end = _act(way, clock, tasks, lanes, min(able.get(way, cpus), cpus), unit, post)
        hidden = () if cpu_times else ("cpu",)
        events += [{**{k: v for k, v in event.items() if k not in hidden}, "part": part} for event in spans]
        if way != "loop":
            events += [
                {
                    "e": "sample",
                    "t": end,
                    "part": part,
                    "series": "onmessage",
                    "value": 1000 * back,
                    "id": f"{way} {n + 1}",
                }
                for n in range(tasks)
            ]
        busy.append((way, clock, end))
        clock = end + QUIET
    events += [{**event, "part": part} for event in _beats(busy, clock, lags)]
    return [
        *events,
        {"e": "sample", "t": clock + unit, "part": part, "series": "unit", "value": unit, "when": "after"},
        {"e": "part", "t": clock, "part": part, "state": "end", "seconds": clock},
    ]


def _act(
    way: str, begin: float, tasks: int, lanes: int, cpus: float, unit: float, post: float
) -> tuple[list[Event], float]:
    names = {f"{way} {n + 1}" for n in range(tasks)}
    events: list[Event] = [{"e": "queued", "t": begin, "id": id, "name": id, "kind": "cpu"} for id in sorted(names)]
    clock, waiting = begin + (0 if way == "loop" else post), list(range(1, tasks + 1))
    running: dict[int, tuple[int, float]] = {}
    while waiting or running:
        for lane in range(1, lanes + 1):
            if lane not in running and waiting:
                n = waiting.pop(0)
                running[lane] = (n, unit)
                place = "loop" if way == "loop" else f"worker {lane}"
                events.append({"e": "begin", "t": clock, "id": f"{way} {n}", "lane": place, "kind": "cpu"})
                if way != "loop":
                    wait = max(0.0, clock - begin - post)
                    events.append(
                        {"e": "sample", "t": clock, "series": "post", "value": 1000 * wait, "id": f"{way} {n}"}
                    )
        speed = min(1.0, cpus / len(running))
        step = min(left for _, left in running.values()) / speed
        clock += step
        for lane, (n, left) in list(running.items()):
            running[lane] = (n, left - step * speed)
            if running[lane][1] <= 1e-9:
                events.append({"e": "end", "t": clock, "id": f"{way} {n}", "cpu": unit})
                del running[lane]
    return events, clock


def _beats(busy: list[tuple[str, float, float]], until: float, lags: Mapping[str, float]) -> list[Event]:
    events: list[Event] = []
    clock = -QUIET
    while clock < until:
        due = clock + BEAT
        late = CALM_LAG
        for way, begin, end in busy:
            if begin <= due < end:
                late = max(CALM_LAG, lags.get("loop", end - due)) if way == "loop" else lags.get(way, CALM_LAG)
        clock = due + late
        events.append({"e": "sample", "t": clock, "series": "loop lag", "value": late, "unit": "s"})
    return events
