"""Where more stops paying."""

from __future__ import annotations

import pytest

from labs.sdk.judge import Measured
from labs.sdk.knee import knee


def _totals(cpus: int, sizes: range, noise: tuple[float, ...] = (1, 1, 1)) -> dict[int, Measured]:
    return {k: Measured(tuple(8 / min(k, cpus) * (factor if k == 3 else 1) for factor in noise)) for k in sizes}


@pytest.mark.parametrize("cpus", [1, 2, 4])
def test_more_than_the_cpus_do_not_pay(cpus: int) -> None:
    assert knee(_totals(cpus, range(1, 9))) == cpus


def test_the_largest_size_may_still_pay() -> None:
    assert knee(_totals(16, range(1, 5))) == 4


def test_noise_hides_the_knee() -> None:
    assert knee(_totals(2, range(1, 5), noise=(1.0, 0.5, 0.6))) is None


def test_nothing_has_no_knee() -> None:
    assert knee({}) is None
