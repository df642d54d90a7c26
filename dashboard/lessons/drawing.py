"""The small picture on a card of the catalogue: lanes, bars and a guess, different for each lab, telling no result."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

LANES = 4
LEFT, WIDTH = 16, 328


@dataclass(frozen=True)
class Bar:
    """One bar, in the units of the picture (360 × 118)."""

    x: int
    lane: int
    width: int
    waits: bool

    @property
    def y(self) -> int:
        return 8 + 28 * self.lane

    @property
    def hatching(self) -> str:
        """An SVG path of slanted lines inside the bar."""
        return "".join(f"M{x} {self.y + 18}l12-16" for x in range(self.x + 6, self.x + self.width - 14, 10))


@dataclass(frozen=True)
class Drawing:
    """Bars in lanes, and where the guess stands."""

    bars: tuple[Bar, ...]
    guess: int


def of(slug: str) -> Drawing:
    """Always the same picture for the same lab."""
    dice = list(hashlib.sha256(slug.encode()).digest())
    bars = []
    for lane in range(LANES):
        start = LEFT + dice.pop() % 3 * 22
        first = 56 + dice.pop() % 96
        bars.append(Bar(start, lane, first, waits=lane == LANES - 1))
        second = 30 + dice.pop() % 60
        if dice.pop() % 3 == 0 and start + first + second + 20 < LEFT + WIDTH:
            bars.append(Bar(start + first + 3, lane, second, waits=False))
    return Drawing(tuple(bars), guess=190 + dice.pop() % 110)
