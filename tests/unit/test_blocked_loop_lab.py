"""What the blocked-loop lab offers and plans."""

from __future__ import annotations

from typing import Any

import pytest

from labs.blocked_loop.lab import lab
from labs.sdk.lab import in_turn
from labs.sdk.params import ParamsError


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"duration": 499}, "duration", "must be from 500 to 10000"),
        ({"duration": 10_001}, "duration", "must be from 500 to 10000"),
        ({"ways": []}, "ways", "needs at least one"),
        ({"ways": ["loop", "loop"]}, "ways", "names loop twice"),
        ({"ways": ["fork"]}, "ways", "must be one of"),
        ({"work": "sleep"}, "work", "must be one of"),
        ({"rate": 26}, "rate", "must be from 2 to 25"),
        ({"slice": 0}, "slice", "must be from 1 to 500"),
    ],
)
def test_wrong_parameters_are_refused_in_words(given: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ParamsError) as refused:
        lab.params.read(given)
    assert [name for name, _ in refused.value.errors] == [field]
    assert words in refused.value.errors[0][1]


def test_the_first_way_stays_first_and_the_others_change_places() -> None:
    ways = ["loop", "slices", "thread", "process"]
    assert in_turn(ways, 1) == ways
    assert in_turn(ways, 2) == ["loop", "thread", "process", "slices"]
    assert in_turn(ways, 4) == ways
    assert in_turn(["thread"], 3) == ["thread"]


def test_every_runtime_has_a_turn_in_every_repeat() -> None:
    params = lab.params.read(
        {"runtimes": ["gevent", "node"], "repeats": 2, "ways": ["slices"], "duration": 1000, "slice": 30}
    )
    steps = lab.plan(params)
    assert [step.part for step in steps] == ["gevent-1", "node-1", "node-2", "gevent-2"]
    assert {step.settings["slices"] for step in steps} == {34}
    assert all(step.seconds > 3 for step in steps)


def test_the_work_is_measured_for_each_language_that_takes_part() -> None:
    def rounds(**given: Any) -> dict[str, int]:
        found: dict[str, int] = lab.prepare(lab.params.read(given))["rounds"]
        return found

    both = rounds(runtimes=["asyncio", "node"], duration=1000)
    assert set(both) == {"python", "node"}
    assert both["node"] > both["python"] > 10
    assert set(rounds(runtimes=["gevent"], work="hash")) == {"python"}
