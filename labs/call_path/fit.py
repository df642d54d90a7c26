"""Time of one call = what it costs however little it does + iterations × slope. Pure functions of measured points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Points = Sequence[tuple[int, float]]
"""(iterations, seconds)"""


@dataclass(frozen=True)
class Fit:
    """`fixed` and `own_slope` in seconds, by way in. `slope` is the one that all ways in share."""

    fixed: Mapping[str, float]
    slope: float
    own_slope: Mapping[str, float]

    def total(self, entry: str, n: int) -> float:
        """Seconds of one call with n iterations, as fitted."""
        return self.fixed[entry] + n * self.slope

    @property
    def disagreement(self) -> float:
        """The widest difference between the slopes of the ways in, relative: they do the same work."""
        slopes = self.own_slope.values()
        return (max(slopes) - min(slopes)) / self.slope if self.slope > 0 else float("inf")


@dataclass(frozen=True)
class _Sums:
    """Weighted means of n and t, and the moments around them."""

    n: float
    t: float
    nn: float
    nt: float


def fit(calls: Mapping[str, Points]) -> Fit | None:
    """Least squares of relative errors: the small calls say what is fixed, the large ones what grows.

    None without two different sizes for each way in, or where more work took no more time.
    """
    sums = {entry: found for entry, points in calls.items() if (found := _sums(points)) is not None}
    if not calls or len(sums) < len(calls):
        return None
    slope = sum(found.nt for found in sums.values()) / sum(found.nn for found in sums.values())
    if slope <= 0:
        return None
    fixed = {entry: found.t - slope * found.n for entry, found in sums.items()}
    return Fit(fixed, slope, {entry: found.nt / found.nn for entry, found in sums.items()})


def _sums(points: Points) -> _Sums | None:
    weighted = [(1 / t**2, n, t) for n, t in points if t > 0]
    if len({n for _, n, _ in weighted}) < 2:
        return None
    whole = sum(w for w, _, _ in weighted)
    mean_n = sum(w * n for w, n, _ in weighted) / whole
    mean_t = sum(w * t for w, _, t in weighted) / whole
    nn = sum(w * (n - mean_n) ** 2 for w, n, _ in weighted)
    nt = sum(w * (n - mean_n) * (t - mean_t) for w, n, t in weighted)
    return _Sums(mean_n, mean_t, nn, nt)
