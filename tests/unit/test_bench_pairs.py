"""The bench's judge of pairs: it decides when it can, and says when it cannot."""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Callable

from tests.bench import pairs
from tests.bench.figure import Figure
from tests.bench.others import Others
from tests.bench.pairs import Ratios, compare

BOUND = 0.05


def block(seed: int, middle: float, noise: float) -> Callable[[], list[float]]:
    dice = random.Random(seed)
    return lambda: [middle * dice.lognormvariate(0, noise)]


def told(factor: float, noise: float) -> Ratios:
    return compare(block(1, factor, noise), block(2, 1.0, noise), BOUND)[0]


def test_a_quiet_machine_needs_few_pairs() -> None:
    same = told(1.0, 0.01)
    assert same.within(BOUND) is True
    assert len(same.values) == pairs.FEWEST
    assert told(1.2, 0.01).within(BOUND) is False
    assert told(0.8, 0.01).within(BOUND) is False


def test_a_noisy_machine_needs_more_or_cannot_tell() -> None:
    assert len(told(1.0, 0.1).values) > pairs.FEWEST
    hopeless = told(1.0, 0.6)
    assert hopeless.within(BOUND) is None
    assert len(hopeless.values) == pairs.MOST
    assert "cannot tell" in str(Figure("f", str(hopeless), "within 5%", hopeless.within(BOUND)))


def test_a_machine_that_drifts_does_not_change_the_ratio() -> None:
    """Twice as slow in the end as in the beginning: neighbours share it, and who comes first changes."""
    step = iter(range(1000))

    def drifting() -> list[float]:
        return [1 + next(step) / 50]

    def other() -> list[float]:
        return [1 + next(step) / 50]

    ratio = compare(drifting, other, BOUND)[0]
    assert ratio.within(BOUND) is True


class Neighbours(Others):
    """Others that are busy as told."""

    def __init__(self, *busy: float) -> None:
        super().__init__()
        self._busy = itertools.cycle(value for during in busy for value in (0.0, during))

    def busy(self) -> float:
        return next(self._busy)


def test_pairs_that_others_disturbed_do_not_count() -> None:
    ours = iter([1.0, *([1.0, 9.0] * pairs.MOST)])
    ratio = compare(lambda: [next(ours)], lambda: [1.0], BOUND, 1, Neighbours(0.0, 1.5))[0]
    assert ratio.within(BOUND) is True
    assert (len(ratio.values), ratio.disturbed) == (12, 11)
    never = compare(lambda: [1.0], lambda: [1.0], BOUND, 1, Neighbours(1.5))[0]
    assert never.within(BOUND) is None
    assert str(never) == f"no pair, {pairs.MOST} disturbed"


def test_others_are_everybody_but_this_process() -> None:
    others = Others()
    begun = time.process_time()
    while time.process_time() < begun + 0.3:
        pass
    assert 0 <= others.busy() < (os.cpu_count() or 1)


def test_the_interval_holds_the_true_ratio_about_95_times_in_100() -> None:
    dice = random.Random(7)
    held = 0
    for _ in range(400):
        ratios = Ratios()
        ratios.values = [dice.lognormvariate(0, 0.3) for _ in range(20)]
        low, high = ratios.interval
        held += low <= 1 <= high
    assert held > 0.9 * 400
