"""Event streams of the call path lab as any machine would give them, for tests of pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labs.sdk.events import Event

SIZES = (1, 4, 13, 46, 167, 600)
HOLD, BEAT, CALM = 0.15, 0.004, 0.0003
PYTHON: Mapping[str, float] = {"await": 160e-6, "pool": 80e-6, "direct": 10e-6, "openssl": 11e-6, "ctypes": 3e-6}
NODE: Mapping[str, float] = {"promise": 60e-6, "callback": 58e-6, "direct": 12e-6}
"""What a call costs at each way in, however little it does, in seconds."""

PYTHON_LAYERS: list[dict[str, Any]] = [
    {"id": "await", "function": "await to_thread", "own": {"of": "await", "less": "pool"}, "act": "await"},
    {"id": "pool", "function": "submit", "own": {"of": "pool", "less": "direct"}, "act": "await"},
    {"id": "hashlib", "function": "hashlib.pbkdf2_hmac", "own": {"same": True}, "act": "direct"},
    {
        "id": "binding",
        "function": "_hashlib.pbkdf2_hmac",
        "own": {"of": "direct", "less": "openssl", "bridge": 1},
        "act": "direct",
    },
    {"id": "openssl", "function": "PKCS5_PBKDF2_HMAC", "own": {"of": "openssl", "bridge": -1}, "act": "kept"},
    {"id": "loop", "function": "HMAC", "own": {"slope": True}, "act": "kept"},
]
NODE_LAYERS: list[dict[str, Any]] = [
    {"id": "promise", "function": "promisify", "own": {"of": "promise", "less": "callback"}, "act": "await"},
    {"id": "js", "function": "pbkdf2", "own": None, "act": "await"},
    {"id": "binding", "function": "PBKDF2Job", "own": {"of": "direct"}, "act": "direct"},
    {"id": "pool", "function": "uv_queue_work", "own": {"of": "callback", "less": "direct"}, "act": "await"},
    {"id": "openssl", "function": "PKCS5_PBKDF2_HMAC", "own": None, "act": None},
    {"id": "loop", "function": "HMAC", "own": {"slope": True}, "act": None},
]

Lags = Mapping[tuple[str, str], float]
"""(act, whose heartbeat) → how late it was, in parts of the act."""

WITH_GIL: Lags = {
    ("direct", "event loop"): 0.98,
    ("kept", "event loop"): 0.98,
    ("kept", "another thread"): 0.98,
}


def climb(
    part: str, *, runtime: str = "asyncio", repeat: int = 1, slope: float = 1e-6,
    fixed: Mapping[str, float] | None = None, slopes: Mapping[str, float] | None = None, lags: Lags = WITH_GIL,
    gil: bool | None = True, layers: list[dict[str, Any]] | None = None,
) -> list[Event]:  # fmt: skip
    """One part. `slopes` sets the slope of a way in, where something else took part. Never shown to a learner."""
    node = runtime == "node"
    fixed = fixed or (NODE if node else PYTHON)
    told = layers if layers is not None else NODE_LAYERS if node else PYTHON_LAYERS
    events: list[Event] = [
        {"e": "part", "t": 0, "part": part, "state": "begin", "runtime": runtime, "label": runtime, "repeat": repeat,
         "cold": repeat == 1, "params": {}},
        {"e": "host", "t": -1, "gil": gil, "layers": told},
        {"e": "sample", "t": -1, "series": "unit", "value": HOLD, "when": "before"},
    ]  # fmt: skip
    clock = 0.1
    for act in ("await", "direct") if node else ("await", "direct", "kept"):
        events += _act(act, clock, lags)
        clock += HOLD + 0.1
    for n in SIZES:
        events.append({"e": "begin", "t": clock, "id": f"{n} iterations", "lane": "every layer", "kind": "cpu"})
        clock += 0.1
        events.append({"e": "end", "t": clock, "id": f"{n} iterations"})
        events += [
            {"e": "sample", "t": clock, "series": "call", "entry": entry, "n": n, "of": 50,
             "value": cost + n * (0 if entry == "ctypes" else (slopes or {}).get(entry, slope))}
            for entry, cost in fixed.items()
        ]  # fmt: skip
    end: Event = {"e": "part", "t": clock, "state": "end", "seconds": clock}
    return [{**event, "part": part} for event in [*events, end]]


def _act(act: str, begin: float, lags: Lags) -> list[Event]:
    end = begin + HOLD
    events: list[Event] = [
        {"e": "begin", "t": begin, "id": act, "name": act, "lane": "event loop", "kind": "cpu"},
        {"e": "end", "t": end, "id": act},
    ]
    for series in ("event loop", "another thread"):
        late = lags.get((act, series), 0.01) * HOLD
        events += [
            {"e": "sample", "t": begin + 0.0001 + late, "series": series, "value": late},
            {"e": "sample", "t": end + BEAT, "series": series, "value": CALM},
        ]
    return events


def ended(runtimes: list[str], *parts: list[Event], iterations: int = 100, cpus: int = 2) -> list[Event]:
    """A whole run of these parts."""
    params = {"iterations": iterations, "runtimes": runtimes, "repeats": len(parts) // len(runtimes)}
    return [
        {"e": "run", "t": 0, "state": "started", "params": params},
        {"e": "host", "t": 0, "cpus": cpus, "quiet": True},
        *(event for part in parts for event in part),
    ]
