"""The managed cluster through the whole product: a learner acts, real processes end and come, everything is told."""

from __future__ import annotations

import os
import signal
from typing import Any

import psutil
import pytest

from labs.processes.lab import RUNTIMES
from labs.sdk.process import tagged
from tests.client import Client
from tests.copy import RunningCopy, horse_of, worker_of
from tests.waiting import wait_until


def latest(learner: Client, run: str, row: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [e for e in learner.events(run) if e["e"] == "process" and e["id"] == row]
    return found[-1] if found else {}


def serving(learner: Client, **params: object) -> str:
    run = learner.start("processes", workers=2, **params)
    wait_until(lambda: latest(learner, run, "worker 2").get("status") == "online")
    return run


def act(learner: Client, run: str, action: str, **params: object) -> None:
    answer = learner.call("POST", f"/api/runs/{run}/actions", {"action": action, "params": params})
    assert answer.status == 202, answer.body


def samples(learner: Client, run: str, series: str) -> list[float]:
    return [e["value"] for e in learner.events(run) if e["e"] == "sample" and e["series"] == series]


def marks(learner: Client, run: str) -> list[str]:
    return [event["act"] for event in learner.events(run) if event["e"] == "mark"]


@pytest.mark.parametrize("server", RUNTIMES)
def test_what_a_learner_does_happens_and_is_told(learner: Client, server: str) -> None:
    run = serving(learner, seconds=120, runtimes=[server])
    victim = latest(learner, run, "worker 1")["pid"]
    act(learner, run, "kill", worker=1)
    wait_until(lambda: not psutil.pid_exists(victim))
    wait_until(lambda: latest(learner, run, "worker 1")["restarts"] == 1)
    wait_until(lambda: latest(learner, run, "worker 1")["status"] == "online")
    assert latest(learner, run, "worker 1")["pid"] != victim
    act(learner, run, "up")
    wait_until(lambda: latest(learner, run, "worker 3").get("status") == "online")
    act(learner, run, "down")
    wait_until(lambda: any(latest(learner, run, f"worker {n}").get("over") for n in (1, 2, 3)))
    act(learner, run, "kill", worker=32)
    wait_until(lambda: "nothing" in marks(learner, run))
    act(learner, run, "finish")
    ended = learner.wait(run)
    assert (ended["state"], ended["reason"]) == ("finished", None)
    assert marks(learner, run) == ["kill", "up", "down", "nothing", "finish"]
    told = {event["id"]: event for event in learner.events(run) if event.get("role") == "finding"}
    assert "nothing" not in told
    assert "Whole again" in told["kill"]["text"]
    assert tagged(run) == []


@pytest.mark.parametrize(("server", "tried"), [("gunicorn", "master"), ("node", "worker 1")])
def test_what_crashes_on_start_is_tried_again_later_and_later(learner: Client, server: str, tried: str) -> None:
    """All of gunicorn ends with a worker that cannot start; of Node's cluster only that worker is missing."""
    run = serving(learner, seconds=120, runtimes=[server])
    before = latest(learner, run, tried)["restarts"]
    other = latest(learner, run, "worker 2")["pid"]
    act(learner, run, "crash", times=2)
    wait_until(lambda: samples(learner, run, "back"))
    assert samples(learner, run, "back-off") == [0.25, 0.5]
    again = 2 if server == "gunicorn" else 3
    wait_until(lambda: latest(learner, run, tried)["restarts"] == before + again)
    assert (latest(learner, run, "worker 2")["pid"] == other) == (server == "node")
    act(learner, run, "finish")
    assert learner.wait(run)["state"] == "finished"


def test_broken_code_gets_no_further_than_one_worker_in_a_reload(learner: Client) -> None:
    """Of Node's cluster: nobody goes before his successor serves, and the crashes outlast the reload."""
    run = serving(learner, seconds=120, runtimes=["node"])
    stays = latest(learner, run, "worker 2")["pid"]
    act(learner, run, "crash", times=5)
    act(learner, run, "reload")
    wait_until(lambda: samples(learner, run, "back"))
    act(learner, run, "finish")
    assert learner.wait(run)["state"] == "finished"
    assert marks(learner, run)[:2] == ["crash", "reload"]
    assert len(samples(learner, run, "crash")) == 5
    assert latest(learner, run, "worker 2")["pid"] == stays


def test_no_process_outlives_a_horse_or_a_worker_that_is_killed(learner: Client, copy: RunningCopy) -> None:
    for victim, server in ((horse_of, "node"), (worker_of, "gunicorn")):
        run = serving(learner, seconds=120, runtimes=[server])
        ends_with(victim(copy), learner, run)


def test_no_busy_worker_of_node_outlives_a_horse_that_is_killed(learner: Client, copy: RunningCopy) -> None:
    """The kernel ties nobody to Node's first process, and a worker that computes hears nothing for seconds."""
    run = learner.start("cluster", runtimes=["node"], workers=2, slow=16, size=1000)
    wait_until(lambda: any(e["e"] == "queued" and e["kind"] == "cpu" for e in learner.events(run)))
    ends_with(horse_of(copy), learner, run)


def ends_with(victim: psutil.Process, learner: Client, run: str) -> None:
    """Kill it: the run has failed, and nothing of it is left."""
    family = [psutil.Process(pid) for pid in (p.pid for p in tagged(run))]
    assert len(family) >= 5, "a program, a first process, two workers, a generator"
    os.kill(victim.pid, signal.SIGKILL)
    assert learner.wait(run)["state"] == "failed"
    wait_until(lambda: not any(_alive(p) for p in family))


def test_a_run_goes_on_when_the_web_process_is_killed(learner: Client, copy: RunningCopy) -> None:
    """Its processes belong to the run and not to the page. Another web process shows it, and takes the next act."""
    home, learner.url = learner.url, copy.start_web()
    copy.urls.pop()
    web = psutil.Process(copy.web.pop().pid)
    run = serving(learner, seconds=120)
    family = [psutil.Process(pid) for pid in (p.pid for p in tagged(run))]
    for process in [web, *web.children(recursive=True)]:
        process.kill()
    learner.url = home
    seen = learner.run(run)["last"]
    wait_until(lambda: learner.run(run)["last"] > seen)
    assert all(_alive(process) for process in family)
    act(learner, run, "kill", worker=1)
    wait_until(lambda: latest(learner, run, "worker 1").get("restarts") == 1)
    act(learner, run, "finish")
    assert learner.wait(run)["state"] == "finished"
    assert [e for e in learner.events(run) if e.get("role") == "finding" and e["id"] == "kill"]
    assert tagged(run) == []
    wait_until(lambda: not any(_alive(process) for process in family))


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
