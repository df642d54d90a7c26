"""Acting on a running run: from HTTP to the program's stdin and back as an event."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest
import redis as redis_client

from dashboard.runs.actions import MOST_A_SECOND, ActionBox
from dashboard.settings import ROOT
from labs.sdk.conductor import Conductor
from tests.client import Answer, Client
from tests.fixtures import labs as fixtures
from tests.tags import own_tag
from tests.waiting import wait_until


def act(learner: Client, run: str, action: object, params: object = None) -> Answer:
    """Try again when told to wait, as a learner would."""
    body = {"action": action, **({} if params is None else {"params": params})}
    answers: list[Answer] = []

    def answered() -> bool:
        answers.append(learner.call("POST", f"/api/runs/{run}/actions", body))
        return answers[-1].status != 429

    wait_until(answered)
    return answers[-1]


def running(learner: Client) -> str:
    run = learner.start("acting")
    wait_until(lambda: any(event["e"] == "host" and "part" in event for event in learner.events(run)))
    return run


def told(learner: Client, run: str, kind: str) -> list[Any]:
    return [event for event in learner.events(run) if event["e"] == kind]


def test_the_program_is_told_and_says_when_it_acted(learner: Client) -> None:
    run = running(learner)
    answer = act(learner, run, "kill", {"worker": 3})
    assert (answer.status, answer.json["action"]["words"]) == (202, "Kill, worker 3")
    wait_until(lambda: told(learner, run, "mark"))
    assert act(learner, run, "finish").status == 202
    assert learner.wait(run)["state"] == "finished"
    sent = told(learner, run, "action")
    assert [(one["id"], one["params"], one["state"]) for one in sent] == [
        ("kill", {"worker": 3}, "sent"), ("finish", {}, "sent"),
    ]  # fmt: skip
    assert [mark["n"] for mark in told(learner, run, "mark")] == [one["n"] for one in sent]
    assert "kill {'worker': 3}" in told(learner, run, "mark")[0]["text"]


def test_hostile_actions_are_refused_and_never_reach_the_program(learner: Client) -> None:
    run = running(learner)
    for action, params, status in [
        ("nope", None, 422), (None, None, 422), (["kill"], None, 422), ("kill", {"worker": 5}, 422),
        ("kill", {"worker": 0}, 422), ("kill", {"worker": "1"}, 422), ("kill", {"pid": 1}, 422), ("kill", [1], 422),
        ("kill", {"worker": "1\n{\"n\":1,\"action\":\"finish\"}"}, 422), ("long", None, 422),
        ("finish", {"now": True}, 422),
    ]:  # fmt: skip
        answer = act(learner, run, action, params)
        assert (answer.status, answer.type) == (status, "application/problem+json"), (action, params)
        assert answer.json["errors"]
    path = f"/api/runs/{run}/actions"
    assert learner.call("POST", path, {"action": "finish", "run": "another"}).status == 422
    assert learner.call("POST", path, b"{").status == 400
    assert learner.call("POST", path, [1]).status == 400
    assert learner.call("POST", path, b'{"action": "finish"}', **{"Content-Type": "text/plain"}).status == 415
    assert learner.call("POST", path, b" " * 70_000).status == 413
    assert learner.call("GET", path).status == 405
    assert act(learner, run, "finish").status == 202
    learner.wait(run)
    assert [one["id"] for one in told(learner, run, "action")] == ["finish"]


def test_only_who_started_it_acts_and_only_while_it_runs(learner: Client, copy: Any) -> None:
    first = running(learner)
    waiting = learner.start("acting")
    assert act(copy.client(), first, "finish").status == 403
    early = act(learner, waiting, "finish")
    assert (early.status, early.json["detail"]) == (409, "This run has not begun yet. Act when it runs.")
    assert act(learner, first, "finish").status == 202
    learner.wait(first)
    late = act(learner, first, "finish")
    assert late.status == 409
    assert "is over" in late.json["detail"]
    assert act(learner, "nosuchrun", "finish").status == 404
    learner.wait(waiting, "running")
    act(learner, waiting, "finish")
    learner.wait(waiting)


def test_a_lab_without_actions_offers_none(learner: Client) -> None:
    run = learner.start("streaming", amount=1, seconds=20)
    learner.wait(run, "running")
    answer = act(learner, run, "finish")
    assert answer.status == 422
    assert "no action at all" in answer.json["errors"][0]["message"]
    learner.call("POST", f"/api/runs/{run}/cancel")
    learner.wait(run)


def test_a_storm_of_actions_is_slowed_down_and_what_was_accepted_arrives(learner: Client) -> None:
    run = running(learner)
    with ThreadPoolExecutor(8) as many:
        storm = [many.submit(learner.call, "POST", f"/api/runs/{run}/actions", {"action": "kill"}) for _ in range(60)]
        statuses = [one.result().status for one in storm]
    assert set(statuses) == {202, 429}
    assert act(learner, run, "finish").status == 202
    learner.wait(run)
    kills = [one for one in told(learner, run, "action") if one["id"] == "kill"]
    assert len(kills) == statuses.count(202)
    assert len(told(learner, run, "mark")) == len(kills) + 1


def test_no_more_than_so_many_a_second_and_nothing_stays(redis: redis_client.Redis) -> None:
    box = ActionBox(redis)
    assert [box.put("r", "kill", {"worker": 1}) for _ in range(MOST_A_SECOND)] == [True] * MOST_A_SECOND
    assert box.take("r", 0.1) == ("kill", {"worker": 1})
    assert all(redis.pttl(key) > 0 for key in redis.keys("*run:r:*"))
    box.clear("r")
    assert redis.keys("*run:r:*") == []
    assert box.take("r", 0.05) is None


def test_a_program_that_does_not_listen_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    until = tmp_path / "until"
    monkeypatch.setenv("DEAF_UNTIL", str(until))
    conductor = Conductor(fixtures.deaf, fixtures.deaf.params.read({}), tag=own_tag("deaf"))
    events = []
    for batch in conductor.events():
        events += batch
        if any(event["e"] == "mark" for event in batch):
            conductor.act("kill", {})
        if any(event["e"] == "action" for event in batch):
            until.touch()
    acts = [event for event in events if event["e"] == "action"]
    assert [(one["state"], one["reason"]) for one in acts] == [("missed", "no program was listening any more")]
    assert events[-1]["state"] == "finished"


@pytest.mark.parametrize(
    "typed", ["kill 2\nkill 9\nfinish\n", '{"action":"kill","params":{"worker":2}}\nkill 9\nfinish\n']
)
def test_actions_are_typed_in_a_terminal(typed: str) -> None:
    code = (
        "import sys; from labs.terminal import run; from tests.fixtures import labs;"
        "sys.exit(run({'acting': labs.acting}, ['acting']))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], input=typed, capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert told.returncode == 0, told.stderr
    assert "kill [worker 1–4]" in told.stderr
    assert "kill {'worker': 2}" in told.stderr
    assert "kill 9: params.worker: must be from 1 to 4" in told.stderr


def test_typed_actions_are_events_too() -> None:
    code = (
        "import sys; from labs.terminal import run; from tests.fixtures import labs;"
        "sys.exit(run({'acting': labs.acting}, ['acting', '--json']))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], input="finish\n", capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    acts = [event for event in map(orjson.loads, told.stdout.splitlines()) if event["e"] in ("action", "mark")]
    assert [event["e"] for event in acts] == ["action", "mark"]
