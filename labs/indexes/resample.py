"""How sure a run is of a quantity: what it would have said had chance picked other ones of its own measurements."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from labs.sdk.judge import ENOUGH_REPEATS

DRAWS = 80
"""Of each repeat: its measurements, drawn again from themselves."""

MEDIANS = 2000
"""Of as many repeats as there were, each one drawn from all of them."""

OUTSIDE = 0.025
"""The share of these medians that lies below the interval; as many lie above it."""

STUDENT = {3: 2.20, 4: 1.62, 5: 1.42, 6: 1.31, 7: 1.25, 8: 1.21, 9: 1.18}
"""By repeats: how much farther than the intervals of many repeats those of so few must reach (Student's t for a normal
spread, 95 %). Three repeats may agree by luck; drawing again from them cannot know it."""

SEED = 7

Middle = Callable[[Sequence[float]], float]
"""The median of measurements, or of measurements drawn again from these."""

Repeat = TypeVar("Repeat")


@dataclass(frozen=True)
class Interval:
    """A quantity and the range that the run leaves open for it; without an end where the run sets none."""

    low: float
    middle: float
    high: float

    def inside(self, low: float, high: float) -> bool:
        return low < self.low and self.high < high

    def exp(self) -> Interval:
        """Of a quantity whose logarithm this is."""
        return Interval(*(math.exp(value) for value in (self.low, self.middle, self.high)))

    def words(self, digits: int = 2) -> str:
        """As text: "0.98 (0.91 to 1.06)"."""
        return f"{_number(self.middle, digits)} ({_number(self.low, digits)} to {_number(self.high, digits)})"


def interval(repeats: Sequence[Repeat], value: Callable[[Repeat, Middle], float | None]) -> Interval | None:
    """The median over the repeats of what `value` makes of each, and how far chance may have moved it.

    `value` asks for the middle of its measurements by the function that it is given. None from it means "could be
    anything". None comes back from fewer than three repeats: they do not tell how much repeats differ.
    """
    if len(repeats) < ENOUGH_REPEATS:
        return None
    known = [found for repeat in repeats if (found := value(repeat, median)) is not None]
    if not known:
        return Interval(-math.inf, math.nan, math.inf)
    dice = random.Random(SEED)

    def again(values: Sequence[float]) -> float:
        return median(dice.choices(values, k=len(values)))

    drawn = [[value(repeat, again) for _ in range(DRAWS)] for repeat in repeats]
    picked = [[dice.choice(dice.choice(drawn)) for _ in repeats] for _ in range(MEDIANS)]
    low, high = (
        sorted(median(unknown if one is None else one for one in row) for row in picked)
        for unknown in (-math.inf, math.inf)
    )
    outside, middle = round(OUTSIDE * MEDIANS), median(known)
    farther = STUDENT.get(len(repeats), 1.0)
    return Interval(
        middle - farther * (middle - low[outside]), middle, middle + farther * (high[-1 - outside] - middle)
    )


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "unknown"
