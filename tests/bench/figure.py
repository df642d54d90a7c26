"""One row of the bench: what was measured, against which goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Figure:
    """`met` is None for a figure without a goal, and where the machine was too noisy to tell."""

    name: str
    measured: str
    goal: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        mark = {True: "met", False: "NOT MET", None: "cannot tell" if self.goal else ""}[self.met]
        return f"  {self.name:58} {self.measured:34} {self.goal:26} {mark}"


def percentile(values: Sequence[float], percent: int) -> float:
    """With linear interpolation between the values."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]
