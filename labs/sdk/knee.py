"""Where does more of something stop paying? For sweeps of a pool, of workers, of anything that is meant to help."""

from __future__ import annotations

from collections.abc import Mapping

from labs.sdk.judge import Measured, paired_ratio

WORTH = 1.10
"""A larger size pays when the work becomes at least this many times faster."""


def knee(totals: Mapping[int, Measured]) -> int | None:
    """The smallest size after which no larger one is surely worth it; None if the noise hides it.

    `totals`: what the work took at each size, repeat by repeat. A larger size is worth it when even the least
    favourable repeat was `WORTH` times faster.
    """
    sizes = sorted(totals)
    for size in sizes:
        larger = [s for s in sizes if s > size]
        gains = [gain for s in larger if (gain := paired_ratio(totals[size].values, totals[s].values))]
        if any(gain.surely_above(WORTH) for gain in gains):
            continue
        return None if any(gain.median > WORTH for gain in gains) else size
    return None
