"""The power of a size that a time grows with, beside a part of the time that is known and does not grow."""

from __future__ import annotations

import math
from collections.abc import Mapping

LEAST_SIZES = 3
FLATTEST, STEEPEST = -1.0, 3.0
"""Powers are looked for between these; one at either end may lie beyond it."""

FIRST_STEP, FINER, LAST_STEP = 0.25, 2.5, 0.005


def power(points: Mapping[int, tuple[float, float]]) -> float | None:
    """The k of time = floor + b × size^k, by least squares of relative errors. `points`: (time, floor) by size.

    None from fewer than three sizes, and where nothing lies above the floors: then k could be anything.
    """
    known = [(size, time, floor) for size, (time, floor) in sorted(points.items()) if size > 0 and time > 0]
    if len(known) < LEAST_SIZES:
        return None
    base = known[0][0]
    rows = [(math.log(size / base), 1 / time, (time - floor) / time) for size, time, floor in known]
    step, count = FIRST_STEP, round((STEEPEST - FLATTEST) / FIRST_STEP)
    best = min(_fit(rows, FLATTEST + step * n) for n in range(count + 1))
    while step > LAST_STEP:
        step /= FINER
        near = (min(max(best[1] + step * n, FLATTEST), STEEPEST) for n in (-2, -1, 0, 1, 2))
        best = min(_fit(rows, k) for k in near)
    return best[1] if best[2] > 0 else None


def _fit(rows: list[tuple[float, float, float]], k: float) -> tuple[float, float, float]:
    """What is left unexplained with this k, k itself, and the best b."""
    xs = [weight * math.exp(k * far) for far, weight, _ in rows]
    b = max(0.0, sum(x * row[2] for x, row in zip(xs, rows, strict=True)) / sum(x * x for x in xs))
    return sum((row[2] - b * x) ** 2 for x, row in zip(xs, rows, strict=True)), k, b
