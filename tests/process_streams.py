"""Events of a managed cluster as a machine of any shape would give them; a simulation, never shown to a learner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labs.sdk.events import Event
from labs.sdk.recording import Recording


def mark(act: str, t: float, **more: Any) -> Event:
    return {"e": "mark", "t": t, "act": act, "text": act, "severity": "info", **more}


def sample(series: str, t: float, value: float, **more: Any) -> Event:
    return {"e": "sample", "t": t, "series": series, "value": value, **more}


def lost(t: float, value: float = 0.05, error: str = "closed") -> Event:
    return sample("lost request", t, value, error=error)


def late(t: float, value: float) -> Event:
    return sample("late request", t, value)


def back(act: str, t: float, value: float, worker: int | None = None) -> Event:
    return sample("back", t, value, act=act, **({} if worker is None else {"worker": worker}))


def memory(worker: int, values: Iterable[float], *, begin: float = 0.0, pid: int = 100) -> list[Event]:
    """One value a second."""
    name = f"memory, worker {worker}"
    return [sample(name, begin + n, value, pid=pid + worker) for n, value in enumerate(values)]


def cluster(
    *happened: Event | list[Event], cpus: int = 2, quiet: bool = True, held_up: bool = False, requests: int = 1000,
    label: str = "gunicorn",
) -> Recording:  # fmt: skip
    """A finished run of one part in which this happened."""
    inside: list[Event] = []
    for one in happened:
        inside += one if isinstance(one, list) else [one]
    gone = sum(event.get("series") == "lost request" for event in inside)
    part = f"{label}-1"
    inside += [
        sample("all requests", 60.0, requests, lost=gone),
        sample("wait p50", 60.0, 0.11),
        sample("generator held up", 60.0, float(held_up)),
    ]
    return Recording([
        {"e": "run", "t": 0, "state": "started", "params": {"mode": "hands", "repeats": 1, "runtimes": ["gunicorn"]}},
        {"e": "host", "t": 0, "cpus": cpus, "quiet": quiet, "busy": 0.0 if quiet else 0.9},
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": "gunicorn", "label": label, "repeat": 1,
         "params": {}, "cold": True},
        *({**event, "part": part} for event in inside),
        {"e": "part", "t": 61, "part": part, "state": "end", "seconds": 61},
    ])  # fmt: skip
