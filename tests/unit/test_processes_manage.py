"""What the manager answers when there is nothing left to be done."""

from __future__ import annotations

from labs.processes.cluster import GONE
from labs.processes.manage import Manager
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
