"""Runs through the real queue and the real runner: every one ends clearly, whatever is killed."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo import MongoClient
from redis import Redis

from dashboard import lab_servers
from dashboard.embedded import MongoDB, Valkey
from labs.sdk.process import tagged
from tests.client import Client
from tests.copy import RunningCopy, horse_of, worker_of
from tests.waiting import wait_until


def whole(events: list[Any]) -> bool:
    """Numbered from 1 without a gap, ended by a last word and nothing after it."""
    numbers = [event["seq"] for event in events]
    over = [event["e"] == "run" and event["state"] != "started" for event in events]
    return numbers == list(range(1, len(events) + 1)) and over.index(True) == len(over) - 1


def test_a_run_from_start_to_archive(copy: RunningCopy, learner: Client, redis: Redis) -> None:
    id = learner.start("hashing", {"kind": "bar", "value": 2.5}, tasks=2, pool=2, repeats=1)
    run = learner.wait(id)
    assert (run["state"], run["reason"], run["number"]) == ("finished", None, 1)
    assert run["prediction"] == {"kind": "bar", "value": 2.5}
    assert run["trust"]["level"] == "single"
    assert [row["name"] for row in run["results"]][:1] == ["total"]
    events = learner.events(id)
    assert whole(events)
    assert run["last"] == len(events)
    redis.delete(f"loopscope:run:{id}:events")  # as if Redis had forgotten it long ago
    assert learner.events(id) == events
    assert learner.events(id, after=7) == events[7:]
    assert tagged(id) == []


def stop(learner: Client, id: str) -> Any:
    """Cancel a run; the run, once it has ended."""
    assert learner.call("POST", f"/api/runs/{id}/cancel").status == 202
    return learner.wait(id)


def test_runs_wait_in_line_and_know_their_place(learner: Client) -> None:
    first = learner.start("hanging")
    second, third = learner.start("steady"), learner.start("steady")
    learner.wait(first, "running")
    wait_until(lambda: [learner.run(id)["ahead"] for id in (second, third)] == [1, 2])
    assert learner.run(third)["wait"] > 0
    stop(learner, first)
    assert [learner.wait(id)["state"] for id in (first, second, third)] == ["cancelled", "finished", "finished"]
    assert learner.run(second)["started"] < learner.run(third)["started"]


def test_cancel_while_it_waits(learner: Client) -> None:
    first, second = learner.start("hanging"), learner.start("steady")
    learner.wait(first, "running")
    answer = learner.call("POST", f"/api/runs/{second}/cancel")
    assert (answer.status, answer.json["run"]["state"]) == (202, "cancelled")
    assert [event["state"] for event in learner.events(second)] == ["cancelled"]
    assert stop(learner, first)["state"] == "cancelled"
    assert learner.run(second)["state"] == "cancelled"


@pytest.mark.parametrize("lab", ["hanging", "ignores-sigterm"])
def test_cancel_while_it_runs_takes_the_whole_tree(lab: str, learner: Client) -> None:
    id = learner.start(lab)
    wait_until(lambda: any(event["e"] == "begin" for event in learner.events(id)))
    run = stop(learner, id)
    assert (run["state"], run["reason"]) == ("cancelled", "stopped by the learner")
    events = learner.events(id)
    assert whole(events)
    assert any(event["e"] == "begin" for event in events)
    assert tagged(id) == []
    assert learner.call("POST", f"/api/runs/{id}/cancel").status == 409


@pytest.mark.parametrize(
    ("lab", "state", "words"),
    [
        ("silent", "failed", "without saying"),
        ("crashing", "failed", "exit code 1"),
        ("ignores-sigterm", "failed", "hung"),
        ("leaves-grandchild", "finished", None),
        ("bad-lines", "finished", None),
    ],
)
def test_a_lab_that_misbehaves_ends_clearly(lab: str, state: str, words: str | None, learner: Client) -> None:
    run = learner.wait(learner.start(lab, seconds=2))
    assert run["state"] == state
    assert words is None or words in run["reason"]
    assert whole(learner.events(run["id"]))
    assert tagged(run["id"]) == []


def test_a_flood_arrives_whole(learner: Client) -> None:
    id = learner.start("flooding", amount=200_000)
    assert learner.wait(id)["state"] == "finished"
    events = learner.events(id)
    assert whole(events)
    assert [event["value"] for event in events if event["e"] == "sample"] == list(range(200_000))


def test_a_flood_beyond_the_limit_is_stopped_and_kept(learner: Client) -> None:
    id = learner.start("flooding", amount=1_000_000)
    run = learner.wait(id)
    assert run["state"] == "failed"
    assert "more than 400,000 events" in run["reason"]
    assert run["last"] > 100_000


def test_the_program_killed(learner: Client) -> None:
    id = learner.start("hanging")
    wait_until(lambda: any(event["e"] == "begin" for event in learner.events(id)))
    for process in tagged(id):
        process.kill()
    run = learner.wait(id)
    assert run["state"] == "failed"
    assert "killed by signal 9" in run["reason"]


def test_what_killed_programs_left_is_taken_away(learner: Client, valkey: Valkey, mongodb: MongoDB) -> None:
    id = learner.start("route-cache", requests=600)
    with (
        Redis.from_url(lab_servers.redis_beside(valkey.url)) as redis,
        MongoClient[dict[str, Any]](lab_servers.mongodb_beside(mongodb.url)) as client,
    ):
        names = client.get_default_database().list_collection_names
        wait_until(lambda: redis.keys(f"lab:rc:{id}:*") and any(id in name for name in names()))
        for process in tagged(id):
            process.kill()
        assert learner.wait(id)["state"] == "failed"
        wait_until(lambda: not redis.keys(f"*{id}*") and not any(id in name for name in names()))


def test_the_horse_killed(copy: RunningCopy, learner: Client) -> None:
    id = learner.start("hanging")
    wait_until(lambda: any(event["e"] == "begin" for event in learner.events(id)))
    horse_of(copy).kill()
    run = learner.wait(id)
    assert run["state"] == "failed"
    assert run["reason"] == "the runner process died in the middle of the run. It was killed by signal 9."
    assert whole(learner.events(id))
    assert tagged(id) == []
    assert learner.wait(learner.start("steady"))["state"] == "finished"


@pytest.mark.leaves_children  # the copy has another worker afterwards
def test_the_worker_killed(copy: RunningCopy, learner: Client) -> None:
    """Its horse and the programs die with it, the run is told lost, another worker goes on with the queue."""
    id = learner.start("ignores-sigterm")
    waiting = learner.start("steady")
    wait_until(lambda: any(event["e"] == "begin" for event in learner.events(id)))
    worker_of(copy).kill()
    run = learner.wait(id)
    assert run["state"] == "failed"
    assert "runner was lost" in run["reason"]
    assert any(event["e"] == "begin" for event in learner.events(id))
    assert learner.wait(waiting)["state"] == "finished"
    assert tagged(id) == []


def test_a_queue_that_was_forgotten_is_told(learner: Client, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    first = learner.start("hanging")
    second = learner.start("steady")
    learner.wait(first, "running")
    for key in redis.keys("rq:queue:*"):
        redis.delete(key)
    redis.delete(f"rq:job:{second}")
    run = learner.wait(second)
    assert run["state"] == "failed"
    assert "forgotten" in run["reason"]
    stop(learner, first)


def test_a_learner_may_have_three_runs_under_way(learner: Client) -> None:
    ids = [learner.start("hanging"), learner.start("steady"), learner.start("steady")]
    answer = learner.call("POST", "/api/runs", {"lab": "steady", "params": {}})
    assert answer.status == 429
    assert "3 runs under way" in answer.json["detail"]
    learner.call("POST", f"/api/runs/{ids[0]}/cancel")
    assert all(learner.wait(id)["state"] != "running" for id in ids)


@pytest.mark.leaves_children  # the copy has another worker afterwards
def test_stopping_the_runner_cancels_its_run(copy: RunningCopy, learner: Client) -> None:
    """Last in this module: the runner is gone afterwards, and a new one takes its place."""
    id = learner.start("hanging")
    wait_until(lambda: any(event["e"] == "begin" for event in learner.events(id)))
    supervisor = copy.runner
    assert supervisor is not None
    supervisor.terminate()
    supervisor.wait(60)
    run = learner.wait(id)
    assert run["state"] == "cancelled"
    assert "Loopscope was stopped" in run["reason"]
    assert tagged(id) == []
    assert learner.get("/api/status")["runner"] is False
    copy.start_runner()
    assert learner.wait(learner.start("steady"))["state"] == "finished"
