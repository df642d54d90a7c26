"""The orders that came up when a program was run again and again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from labs.sdk.recording import Part

Order = tuple[str, ...]

ENOUGH_PASSES = 10
"""Fewer cannot tell whether another order is possible."""


@dataclass(frozen=True)
class Orders:
    """Orders with how often each came up, the most frequent first, over all parts of one runtime."""

    counts: dict[Order, int]
    by_part: tuple[dict[Order, int], ...]

    @classmethod
    def of(cls, parts: list[Part]) -> Orders:
        told = tuple({tuple(e["order"]): int(e["value"]) for e in part.samples.get("order", [])} for part in parts)
        counts: Counter[Order] = Counter()
        for one in told:
            counts.update(one)
        return cls(dict(counts.most_common()), told)

    @property
    def passes(self) -> int:
        return sum(self.counts.values())

    @property
    def same(self) -> bool:
        return len(self.counts) == 1

    @property
    def usual(self) -> Order:
        return next(iter(self.counts))

    def swapped(self) -> list[tuple[str, str, int]]:
        """Pairs that came in both orders: (first, second, how often the other way round)."""
        usual = self.usual
        found = []
        for i, first in enumerate(usual):
            for second in usual[i + 1 :]:
                other = sum(n for order, n in self.counts.items() if _before(order, second, first))
                if other:
                    found.append((first, second, other))
        return found


def _before(order: Order, first: str, second: str) -> bool:
    return first in order and second in order and order.index(first) < order.index(second)


def watched(part: Part) -> Order:
    """The order of the watched pass."""
    return tuple(span.id for span in part.complete())
