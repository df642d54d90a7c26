"""How much work makes so many seconds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from labs.sdk.calibrate import node_rounds_for, rounds_for

LABS = Path(__file__).parents[2] / "labs"


def _sleep(rounds: int) -> None:
    time.sleep(rounds * 0.001)


def test_rounds_follow_the_seconds() -> None:
    assert 60 <= rounds_for(0.1, _sleep) <= 100


def test_there_is_always_some_work() -> None:
    assert rounds_for(1e-9, _sleep) == 1


@pytest.mark.parametrize(("module", "more"), [("blocked_loop/work.mjs", ["hash"]), ("workers/counting.mjs", [])])
def test_node_is_asked_as_well(module: str, more: list[str]) -> None:
    assert node_rounds_for(1.0, LABS / module, *more) > 10
