"""Where does more of something stop paying? For sweeps of a pool, of workers, of anything that is meant to help."""

from __future__ import annotations

from collections.abc import Mapping

from labs.sdk.events import Event
from labs.sdk.judge import ENOUGH_REPEATS, Measured, finding, paired_ratio

WORTH = 1.10
"""A larger size pays when the work becomes at least this many times faster."""

UNKNOWN_KNEE = "Where it stops paying: cannot tell"


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


def workers_knee(
    key: str, label: str, totals: Mapping[int, Measured], repeats: int, cites: list[dict[str, str]]
) -> int | Event:
    """The knee of a sweep over workers, or the finding (`key`) that says why this run cannot tell it.

    `repeats`: the fewest that any size has; `label` begins the sentence.
    """
    if len(totals) < 2:
        return finding(key, "cannot-tell", "One worker only", "A sweep needs two workers or more.", cites)
    if repeats < ENOUGH_REPEATS:
        text = f"{label}: fewer than three repeats cannot tell a difference from chance."
        return finding(key, "cannot-tell", UNKNOWN_KNEE, text, cites)
    found = knee(totals)
    if found is None:
        text = f"{label}: the repeats differ too much to say where more workers stop paying."
        return finding(key, "cannot-tell", UNKNOWN_KNEE, text, cites)
    return found
