"""Two ways to do the same, in turn, until it is clear whether they differ: for machines on which others work too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement
from math import sqrt
from statistics import median

from tests.bench.others import Others

FEWEST = 12
MOST = 30
SURE = 1.96
"""Standard errors on either side: 95 in 100 such intervals hold the true ratio."""

QUIET = 0.2
"""CPUs that others may use during a pair. With more of it, the pair would tell of them."""

Block = Callable[[], Sequence[float]]
"""Measures for a second or so, and gives one number for each figure."""


class Ratios:
    """One figure: the ratio of each pair. Neighbours share what the machine was like at that moment."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self.disturbed = 0
        """Pairs that were left out."""

    @property
    def middle(self) -> float:
        """Hodges and Lehmann's estimate: the median of the means of any two."""
        return median(self._means())

    @property
    def interval(self) -> tuple[float, float]:
        """Where it may lie: Wilcoxon's signed-rank test turned round (Hollander and Wolfe describe it).

        Narrower than from a sign test. It wants values that lie as far above as below, as logarithms of ratios do:
        which of the two is the numerator is our choice.
        """
        means, n = self._means(), len(self.values)
        rank = max(0, int(n * (n + 1) / 4 - SURE * sqrt(n * (n + 1) * (2 * n + 1) / 24)))
        return means[rank], means[-1 - rank]

    def _means(self) -> list[float]:
        """Geometric means of any two ratios, and each by itself, sorted."""
        return sorted(sqrt(one * other) for one, other in combinations_with_replacement(self.values, 2))

    def within(self, bound: float) -> bool | None:
        """Is the ratio within so much of 1? None: cannot tell, for too few pairs, or an interval over the bound."""
        if len(self.values) < FEWEST:
            return None
        low, high = self.interval
        if 1 - bound <= low and high <= 1 + bound:
            return True
        return False if low > 1 + bound or high < 1 - bound else None

    def __str__(self) -> str:
        without = f", {self.disturbed} disturbed" if self.disturbed else ""
        if not self.values:
            return f"no pair{without}"
        low, high = self.interval
        return f"{self.middle:.3f} ({low:.2f} to {high:.2f}, {len(self.values)} pairs{without})"


def compare(ours: Block, theirs: Block, bound: float, figures: int = 1, others: Others | None = None) -> list[Ratios]:
    """A B, B A, A B … : as many pairs as it takes to tell for every figure, within limits.

    With `others` only pairs count during which they left the machine alone.
    """
    ours()  # a server that has just started is slower
    found = [Ratios() for _ in range(figures)]
    for number in range(MOST):
        if number >= FEWEST and all(figure.within(bound) is not None for figure in found):
            break
        first, second = (theirs, ours) if number % 2 else (ours, theirs)
        if others is not None:
            others.busy()
        told = {first: first(), second: second()}
        disturbed = others is not None and others.busy() > QUIET
        for figure, mine, yours in zip(found, told[ours], told[theirs], strict=True):
            if disturbed:
                figure.disturbed += 1
            else:
                figure.values.append(mine / yours)
    return found
