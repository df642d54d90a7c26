"""How a time grows with a size: the exponent of a power, with what the repeats leave open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from labs.sdk.judge import Measured

LEAST_SIZES = 3
HARDLY = 0.3
"""Ten times as many documents, less than twice the time."""


def exponent(points: Mapping[int, float]) -> float | None:
    """The slope of log(time) over log(size), by least squares; None from fewer than three sizes."""
    known = [(math.log(size), math.log(value)) for size, value in points.items() if size > 0 and value > 0]
    if len(known) < LEAST_SIZES:
        return None
    middle_x = sum(x for x, _ in known) / len(known)
    middle_y = sum(y for _, y in known) / len(known)
    wide = sum((x - middle_x) ** 2 for x, _ in known)
    return sum((x - middle_x) * (y - middle_y) for x, y in known) / wide if wide else None


def exponents(repeats: Sequence[Mapping[int, float]]) -> Measured | None:
    """One exponent a repeat."""
    return Measured.of(found for points in repeats if (found := exponent(points)) is not None)


def words(found: Measured | None) -> tuple[str, str]:
    """A verdict and what it means: "grows in proportion to the number of documents"."""
    if found is None:
        return "cannot-tell", "fewer than three sizes cannot tell how it grows"
    if len(found.values) < 3:
        return "cannot-tell", "fewer than three repeats cannot tell how it grows"
    if found.high < HARDLY:
        return "yes", "hardly grows at all"
    if found.low > 0.75 and found.high < 1.25:
        return "yes", "grows in proportion to the number of documents"
    if found.low > HARDLY and found.high < 0.75:
        return "no", "grows, but more slowly than the number of documents"
    if found.low > 1.25:
        return "no", "grows faster than the number of documents"
    if found.low > 0.75:
        return "yes", "grows at least in proportion to the number of documents"
    if found.high < 0.75:
        return "yes", "grows more slowly than the number of documents, if at all"
    return "cannot-tell", "the repeats differ too much to say how it grows"
