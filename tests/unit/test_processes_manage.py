"""What the manager answers when there is nothing left to be done, and what it says when it cannot go on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from labs.load import Generator
from labs.processes.cluster import GONE
from labs.processes.manage import Manager, Unfinished
from labs.sdk.listen import Act
from tests.managed import Kept


def test_an_act_after_the_last_visitor_is_answered_at_once_or_at_the_end() -> None:
    told = Kept()
    told.finish()
    manager = Manager({"latency": 100, "workers": 1}, told)
    manager._act(Act(1, "kill", {"worker": 1}))
    manager._over = True
    manager._act(Act(2, "reload"))
    assert [(event["n"], event["text"]) for event in told.events] == [(2, GONE)]
    manager._answer_the_rest()
    assert [(event["n"], event["text"]) for event in told.events[1:]] == [(1, GONE)]


class Killed(Generator):
    """A load generator that was killed in the middle of a line."""

    def __init__(self) -> None:
        self._loads = 1
        process: Any = SimpleNamespace(stdout=[b'{"r": "tick"}\n', b'{"r": "req'], wait=lambda: -9)
        self._process = process


def test_a_load_generator_that_is_killed_ends_the_run_in_words() -> None:
    told = Kept()
    told.finish()
    manager = Manager({"latency": 100, "workers": 1}, told)
    manager._read(Killed())
    with pytest.raises(Unfinished, match=r"^No visitors come any more: the load generator ended early, .* -9$"):
        manager._answer_the_rest()
