"""The manager on real servers, gunicorn's and Node's: what is done at a bad moment, twice, or both at once."""

from __future__ import annotations

import os
import signal
import subprocess

import orjson
import psutil
import pytest

from labs.load.generator import PROGRAM
from labs.processes import cluster
from labs.processes.lab import RUNTIMES, lab
from tests.family import told
from tests.managed import managed

servers = pytest.mark.parametrize("server", RUNTIMES)


@servers
def test_the_last_worker_stays_however_fast_one_presses(server: str) -> None:
    with managed(server, 2) as one:
        one.act("down")
        one.act("down")
        one.wait(lambda: len(one.marks) == 2)
        one.settled()
        assert one.words == ["one worker fewer", "the last worker stays"]
        assert len(one.pids) == 1


@servers
def test_the_server_itself_keeps_its_last_worker(server: str) -> None:
    with managed(server, 1) as one:
        one.server.signal(signal.SIGTTOU)
        one.act("kill", worker=1)
        one.wait(lambda: one.backs() == ["kill"])
        one.settled()
        assert len(one.pids) == 1


@servers
def test_every_press_of_one_more_is_one_worker_more(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "MOST_WORKERS", 4)
    with managed(server, 2) as one:
        for _ in range(3):
            one.act("up")
        one.wait(lambda: one.backs() == ["up", "up"])
        one.settled()
        assert one.words == ["one worker more", "one worker more", "not more than 4 workers"]
        assert len(one.pids) == 4


@servers
def test_a_reload_under_way_is_not_begun_again(server: str) -> None:
    with managed(server, 2) as one:
        before = one.pids
        one.act("reload")
        one.act("reload")
        one.wait(lambda: one.backs() == ["reload"])
        one.settled()
        assert one.words == ["reload all", "a reload is under way"]
        assert not one.pids & before
        assert [(slot.number, slot.restarts) for slot in one.cluster.slots] == [(1, 1), (2, 1)]


@servers
def test_a_change_waits_for_the_end_of_a_reload(server: str) -> None:
    with managed(server, 2) as one:
        one.act("reload")
        one.act("up")
        assert one.marks == ["reload"]
        one.wait(lambda: one.backs() == ["reload", "up"])
        one.settled()
        assert [slot.number for slot in one.cluster.slots] == [1, 2, 3]


@servers
def test_nobody_is_told_to_go_who_is_too_young_to_hear_it(server: str) -> None:
    """gunicorn's workers begin with the ears of their master: what they are told then is lost."""
    with managed(server, 2) as one:
        one.act("up")
        one.act("reload")
        one.wait(lambda: len(list(one.cluster.slots)) == 3)
        assert one.marks == ["up"]
        young = one.slot(3).pid
        one.wait(lambda: one.backs() == ["up", "reload"])
        one.settled()
        assert young not in one.pids


@servers
def test_who_was_killed_after_scaling_keeps_its_name_and_count(server: str) -> None:
    """Whether the one that went was the last act's or an older one's: nothing of a change stays behind."""
    with managed(server, 2) as one:
        one.act("down")
        one.act("down")
        one.act("reload")
        one.wait(lambda: "reload" in one.backs())
        one.settled()
        slot = next(iter(one.cluster.slots))
        restarts = slot.restarts
        for n in (1, 2):
            one.act("kill", worker=slot.number)
            one.wait(lambda n=n: one.backs().count("kill") == n)  # type: ignore[misc]
            assert slot.restarts == restarts + n


@servers
def test_a_worker_that_goes_and_one_that_is_killed_meanwhile_leave_as_many_as_were_wanted(server: str) -> None:
    with managed(server, 3) as one:
        one.act("down")
        one.act("kill", worker=2)
        one.wait(lambda: "down" in one.backs())
        one.settled()
        assert len(one.pids) == 2


@servers
def test_who_is_killed_while_it_starts_is_replaced_without_a_wait(server: str) -> None:
    with managed(server, 2) as one:
        one.act("kill", worker=1)
        one.wait(lambda: one.slot(1).restarts == 1)
        assert one.slot(1).status == "starting"
        one.act("kill", worker=1)
        one.wait(lambda: one.backs() == ["kill", "kill"])
        one.settled()
        assert one.marks == ["kill", "kill"]
        assert one.slot(1).restarts == 2
        assert not one.samples("crash")


@servers
def test_who_is_dead_already_is_not_killed_again(server: str) -> None:
    """The news of its end are still to come at the second press; a reload waits for who comes in its place."""
    with managed(server, 2) as one:
        one.act("kill", worker=1)
        one.act("kill", worker=1)
        one.act("restart", worker=1)
        one.act("reload")
        assert one.words == ["kill −9 worker 1", "worker 1 is ending", "worker 1 is ending"]
        one.wait(lambda: one.backs() == ["kill", "reload"])
        one.settled()
        assert [(slot.number, slot.restarts) for slot in one.cluster.slots] == [(1, 2), (2, 1)]


@servers
def test_who_still_starts_is_not_asked_to_leak_or_to_end(server: str) -> None:
    with managed(server, 2) as one:
        one.act("kill", worker=1)
        one.wait(lambda: one.slot(1).restarts == 1)
        starting = one.slot(1).pid
        one.act("leak", worker=1)
        one.act("restart", worker=1)
        one.settled()
        assert one.words[1:] == ["worker 1 is still starting"] * 2
        assert one.slot(1).pid == starting
        one.act("restart", worker=1)
        one.act("restart", worker=1)
        one.wait(lambda: one.backs() == ["kill", "restart"])
        assert one.words[3:] == ["restart worker 1", "worker 1 is ending"]


@servers
def test_a_leak_lasts_until_its_worker_ends(server: str) -> None:
    with managed(server, 2) as one:
        one.act("leak", worker=2)
        one.wait(lambda: one.slot(2).status == "leaking")
        one.act("restart", worker=2)
        one.wait(lambda: one.backs() == ["restart"])
        assert one.slot(2).status == "online"


@servers
def test_a_reload_goes_on_when_a_new_worker_is_killed_before_it_serves(server: str) -> None:
    with managed(server, 2) as one:
        before = one.pids
        one.act("reload")
        one.wait(lambda: any(slot.former for slot in one.cluster.slots))
        new = next(slot for slot in one.cluster.slots if slot.former)
        assert new.status == "starting"
        one.act("kill", worker=new.number)
        one.wait(lambda: "reload" in one.backs())
        one.settled()
        assert "halt" not in one.marks
        assert len(one.pids) == 2
        if server == "node":  # gunicorn's master only counts: an old one may stay for the one that was killed
            assert not one.pids & before


@servers
def test_crashes_are_counted_in_tries(server: str) -> None:
    """Of gunicorn every worker of a server fails, and the server is what is tried again."""
    with managed(server, 2) as one:
        one.act("crash", times=2)
        one.wait(lambda: one.backs() == ["crash"])
        one.settled()
        assert [event["value"] for event in one.samples("back-off")] == [0.25, 0.5]
        assert len(one.samples("crash")) == 2


def test_a_server_that_ends_is_asked_for_nothing() -> None:
    """gunicorn's master, between the crash of a worker and its own end."""
    with managed("gunicorn", 2) as one:
        one.act("crash", times=1)
        one.wait(lambda: one.cluster.status == "stopping")
        for name in ("up", "down", "reload"):
            one.act(name)
        assert one.words[1:] == ["the server is not up"] * 3
        one.wait(lambda: one.backs() == ["crash"])
        assert one.cluster.status == "online"


def test_a_crash_is_over_though_its_place_is_no_more() -> None:
    """gunicorn starts anew with one worker, and it was the second one that crashed."""
    with managed("gunicorn", 1) as one:
        one.act("up")
        one.act("down")
        one.wait(lambda: "down" in one.backs())
        one.act("crash", times=1)
        one.wait(lambda: "crash" in one.backs())
        assert [slot.number for slot in one.cluster.slots] == [1]
        assert one.samples("back")[-1]["worker"] == 2


@servers
def test_a_reload_that_meets_broken_code_is_told_to_have_stopped(server: str) -> None:
    with managed(server, 2) as one:
        one.server.deploy(broken=True)
        one.act("reload")
        one.wait(lambda: "halt" in one.marks)
        assert [event.get("stops") for event in one.told.events if event["e"] == "mark"][-1] == "reload"
        one.settled()
        assert one.backs() == []


def test_who_waits_for_another_try_is_no_worker_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Node's: the one that serves is the last one meanwhile; another one may come."""
    with managed("node", 2) as one:
        one.act("crash", times=1)
        one.wait(lambda: one.cluster.slots.waiting == 1)
        one.act("down")
        one.act("up")
        one.wait(lambda: one.backs() == ["up", "crash"] or one.backs() == ["crash", "up"])
        one.settled()
        assert one.words[-2:] == ["the last worker stays", "one worker more"]
        assert len(one.pids) == 3


def test_a_reload_that_finds_nobody_keeps_nobody_waiting() -> None:
    """Of Node's: its only worker could not start, and is to be tried again."""
    with managed("node", 1) as one:
        one.act("crash", times=1)
        one.wait(lambda: one.cluster.slots.waiting == 1)
        one.act("reload")
        one.wait(lambda: one.backs() == ["crash"])
        assert one.words[-1] == "nobody is there to be replaced"


@servers
def test_what_still_waits_when_the_visitors_go_is_answered(server: str) -> None:
    with managed(server, 2) as one:
        one.act("reload", n=1)
        one.act("up", n=2)
        one.cluster.close()
        one.act("kill", n=3, worker=1)
        told = [(event["n"], event["text"]) for event in one.told.events if event["e"] == "mark"]
        assert told == [(1, "reload all"), (2, cluster.GONE), (3, cluster.GONE)]


def test_visitors_who_are_leaving_are_sent_away_once() -> None:
    """Two presses in one write: the program hears both before anything comes of the first."""
    runtime = lab.runtime("node")
    params = lab.params.read({"runtimes": ["node"], "workers": 1})
    settings = {**lab.prepare(params), **lab.plan(params)[0].settings}
    with subprocess.Popen(
        [*runtime.command(), orjson.dumps(settings).decode()], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        told(program, lambda event: event["e"] == "process")
        assert program.stdin is not None
        assert program.stdout is not None
        lines = [orjson.dumps({"n": n, "action": "finish", "params": {}}) + b"\n" for n in (1, 2)]
        program.stdin.write(b"".join(lines))
        program.stdin.flush()
        events = [orjson.loads(line) for line in program.stdout]
        assert program.wait() == 0
    assert [(event["n"], event["act"]) for event in events if event["e"] == "mark"] == [(1, "finish"), (2, "nothing")]


def test_a_load_generator_that_is_killed_is_what_the_run_ends_with() -> None:
    """Not the server, which would be blamed for the silence half a minute after the end."""
    runtime = lab.runtime("node")
    params = lab.params.read({"runtimes": ["node"], "workers": 1})
    settings = {**lab.prepare(params), **lab.plan(params)[0].settings}
    with subprocess.Popen(
        [*runtime.command(), orjson.dumps(settings).decode()],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as program:  # fmt: skip
        assert program.stdout is not None
        assert any(orjson.loads(line)["e"] == "process" for line in program.stdout)
        load = [child for child in psutil.Process(program.pid).children() if str(PROGRAM) in child.cmdline()]
        os.kill(load[0].pid, signal.SIGKILL)
        _, said = program.communicate()
        assert program.returncode == 1
    assert said.splitlines()[-1] == "No visitors come any more: the load generator ended early, with exit code -9"
    assert "GeneratorFailed" not in said
