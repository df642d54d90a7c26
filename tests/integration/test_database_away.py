"""The database dies while a run goes on or as it begins, and comes back: the run goes on, and is archived whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis

from dashboard.embedded import MongoDB, Valkey
from dashboard.runs.stream import RunStream, is_end
from tests.copy import running_copy, worker_of
from tests.fixtures import labs as fixtures
from tests.waiting import wait_until

PATIENCE = 90.0
"""A client of the database gives up after five seconds, a supervisor pauses longer each time, and machines are busy."""


@pytest.mark.leaves_children  # the copy has another worker afterwards; it is stopped with the copy
def test_a_run_outlives_its_database(valkey: Valkey, redis: Redis, tmp_path: Path) -> None:
    with MongoDB(tmp_path / "mongodb", tmp_path / "mongodb.log") as mongodb:
        folder, extra = tmp_path / "copy", {"LOOPSCOPE_EXTRA_LABS": fixtures.NAMED}
        with running_copy(valkey.url, mongodb.url, folder, **extra) as copy:
            learner = copy.client()
            id = learner.start("streaming", amount=50, seconds=2)
            learner.wait(id, "running")
            mongodb.stop()
            newest = RunStream(redis).newest_event
            wait_until(lambda: (last := newest(id)) is not None and is_end(last), PATIENCE)
            mongodb.start()
            mongodb.wait()
            wait_until(lambda: learner.call("GET", f"/api/runs/{id}").status == 200, PATIENCE)
            run = learner.wait(id, seconds=PATIENCE)
            assert (run["state"], run["reason"]) == ("finished", None)
            told = learner.events(id)
            assert [event["seq"] for event in told] == list(range(1, run["last"] + 1))
            assert sum(event["e"] == "sample" for event in told) == 100
            redis.delete(RunStream.key(id))
            assert learner.events(id) == told, "the archive has all of it"
            assert learner.wait(learner.start("steady"), seconds=PATIENCE)["state"] == "finished"


def test_a_run_waits_for_its_database(valkey: Valkey, redis: Redis, tmp_path: Path) -> None:
    with MongoDB(tmp_path / "mongodb", tmp_path / "mongodb.log") as mongodb:
        folder, extra = tmp_path / "copy", {"LOOPSCOPE_EXTRA_LABS": fixtures.NAMED}
        with running_copy(valkey.url, mongodb.url, folder, **extra) as copy:
            worker = worker_of(copy)
            wait_until(lambda: redis.smembers("rq:workers"))  # it has asked MongoDB what was left unfinished
            worker.suspend()  # the run is asked for while nobody can take it …
            learner = copy.client()
            id = learner.start("steady")
            mongodb.stop()
            worker.resume()  # … and taken when it cannot be written down
            wait_until(lambda: f"run {id} waits for MongoDB" in copy.logs(), PATIENCE)
            mongodb.start()
            mongodb.wait()
            wait_until(lambda: learner.call("GET", f"/api/runs/{id}").status == 200, PATIENCE)
            assert learner.wait(id, seconds=PATIENCE)["state"] == "finished"
