"""One part read: what each layer cost, and who could move while the long hash ran. Pure functions of a part."""

from __future__ import annotations

from functools import cached_property
from statistics import median
from typing import Any

from labs.call_path.fit import Fit, Points, fit
from labs.sdk.judge import Measured
from labs.sdk.recording import Part

LOOP, OTHER = "event loop", "another thread"
SERIES = (LOOP, OTHER)
"""Whose heartbeats were kept."""

HELD, FREE = 0.8, 0.4
"""Held: somebody was late by more than the first share of the call. Free: never by more than the second one."""

BELOW = ("openssl", "loop")
BRIDGE = "ctypes"


class Climb:
    """Ask `usable` before anything else."""

    def __init__(self, part: Part, iterations: int) -> None:
        self.part = part
        self.iterations = iterations
        told = part.host.get("layers", [])
        self.layers: list[dict[str, Any]] = [one for one in told if isinstance(one, dict) and "id" in one]

    @cached_property
    def fit(self) -> Fit | None:
        calls: dict[str, list[tuple[int, float]]] = {}
        for event in self.part.samples.get("call", []):
            if "entry" in event and "n" in event:
                calls.setdefault(str(event["entry"]), []).append((int(event["n"]), float(event["value"])))
        named: dict[str, Points] = {entry: points for entry, points in calls.items() if entry != BRIDGE}
        return fit(named)

    @cached_property
    def bridge(self) -> float:
        """Seconds that ctypes costs: a call through it that does nothing. It does not grow with the iterations."""
        told = [e["value"] for e in self.part.samples.get("call", []) if e.get("entry") == BRIDGE]
        return median(told) if told else 0.0

    @property
    def usable(self) -> bool:
        return self.fit is not None and self.top in self.fit.fixed

    @property
    def fitted(self) -> Fit:
        assert self.fit is not None
        return self.fit

    @property
    def top(self) -> str:
        """The outermost way in: the first layer's."""
        return next((str(one["own"]["of"]) for one in self.layers if one.get("own") and "of" in one["own"]), "")

    @property
    def total(self) -> float:
        """Seconds of one call, through all layers, with the iterations that were asked for."""
        return self.fitted.total(self.top, self.iterations)

    def seconds(self, layer: dict[str, Any]) -> float | None:
        """What a layer costs by itself; None where that cannot be measured."""
        own = layer.get("own") or {}
        if own.get("slope"):
            return self.fitted.slope * self.iterations
        if own.get("same"):
            return 0.0
        fixed = self.fitted.fixed
        if own.get("of") not in fixed or own.get("less", own["of"]) not in fixed:
            return None
        above = fixed[own["of"]] - (fixed[own["less"]] if "less" in own else 0.0)
        return above + float(own.get("bridge", 0)) * self.bridge

    def share(self, layer: dict[str, Any]) -> float | None:
        """The same as a share (0–1) of one call."""
        seconds = self.seconds(layer)
        return None if seconds is None or self.total <= 0 else seconds / self.total

    @property
    def below(self) -> float:
        """The share of one call that is spent below the binding, as far as it can be told apart."""
        return sum(self.share(layer) or 0.0 for layer in self.layers if layer["id"] in BELOW)

    @property
    def way(self) -> float:
        """Seconds of getting to the binding: of everything above the first way in that needs no other thread."""
        return self.fitted.fixed[self.top] - self.fitted.fixed["direct"]

    def silence(self, act: str, series: str) -> float | None:
        """How late a heartbeat was at worst while the act went on, in times of the act. None if none was seen."""
        span = self.part.spans.get(act)
        beats = self.part.samples.get(series, [])
        if span is None or not span.complete or span.ran <= 0 or not beats:
            return None
        begin, end = span.begin or 0.0, span.end or 0.0
        late = [min(e["t"], end) - max(e["t"] - e["value"], begin) for e in beats
                if e["t"] > begin and e["t"] - e["value"] < end]  # fmt: skip
        return max([0.0, *late]) / span.ran if any(e["t"] >= end for e in beats) else None


def state(silences: Measured | None) -> str:
    """ "held", "free", or "unclear" where the repeats do not agree or nothing was seen."""
    if silences is None:
        return "unclear"
    if silences.surely_above(HELD):
        return "held"
    return "free" if silences.surely_below(FREE) else "unclear"
