"""The labs in a terminal, as a person types them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import orjson
import psutil
import pytest

from dashboard.settings import ROOT
from tests.family import all_end_with, told
from tests.waiting import wait_until

LOOPSCOPE = [sys.executable, "-m", "dashboard"]


def loopscope(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LOOPSCOPE, *words], capture_output=True, text=True, cwd=ROOT, check=False)


def test_labs_are_listed() -> None:
    told = loopscope("labs")
    assert told.returncode == 0
    assert "hashing" in told.stdout
    assert "gevent, asyncio, node" in told.stdout


def test_a_run_draws_lanes_and_findings() -> None:
    told = loopscope("run", "hashing", "--tasks", "3", "--pool", "2", "--runtime", "node", "--repeats", "1")
    assert told.returncode == 0, told.stderr
    assert "thread 2" in told.stdout
    assert "waiting" in told.stdout
    assert "2 wide" in told.stdout
    assert "usable CPU" in told.stdout
    assert "[1/1] Node.js, repeat 1" in told.stderr


def test_json_prints_the_events_and_nothing_else() -> None:
    told = loopscope("run", "hashing", "--tasks", "1", "--repeats", "1", "--json")
    events = [orjson.loads(line) for line in told.stdout.splitlines()]
    assert (events[0]["state"], events[-1]["state"]) == ("started", "finished")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run"], "LAB"),
        (["run", "nope"], "invalid choice: 'nope'"),
        (["run", "hashing", "--tasks", "99"], "--tasks must be from 1 to 64"),
        (["run", "hashing", "--tasks", "five"], "--tasks must be a whole number"),
        (["run", "hashing", "--runtime", "deno"], "--runtime must be one of"),
        (["run", "hashing", "--nonsense"], "unrecognized arguments"),
    ],
)
def test_bad_arguments_are_told_without_a_traceback(words: list[str], told: str) -> None:
    answer = loopscope(*words)
    assert answer.returncode == 2
    assert told in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_leaves_nothing(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [*LOOPSCOPE, "run", "hashing", "--repeats", "9", "--tasks", "64"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, env={**os.environ},
    )  # fmt: skip
    assert process.stderr is not None
    with process.stderr:
        wait_until(lambda: psutil.Process(process.pid).children())
        children = psutil.Process(process.pid).children()
        process.send_signal(number)
        assert process.wait(60) == 130
        assert b"Traceback" not in process.stderr.read()
    assert not any(child.is_running() for child in children)


@pytest.mark.skipif(sys.platform != "linux", reason="only there the kernel ties a child to its parent")
@pytest.mark.parametrize(
    ("words", "family"),
    [
        (["hashing", "--runtime", "gevent"], 1),
        (["hashing", "--runtime", "node"], 1),
        (["blocked-loop", "--runtime", "gevent", "--ways", "process"], 2),
        (["cluster", "--runtime", "gunicorn", "--workers", "2"], 5),
        (["cluster", "--runtime", "node", "--mode", "arrivals"], 4),
        (["processes", "--runtime", "gunicorn", "--workers", "2"], 6),
        (["processes", "--runtime", "node", "--workers", "2"], 6),
    ],
    ids=lambda value: " ".join(value[:3:2]) if isinstance(value, list) else str(value),
)
def test_nothing_outlives_a_runner_that_is_killed(words: list[str], family: int) -> None:
    """The program is stopped first, so that it cannot end by itself: only the kernel can end it."""
    command = [*LOOPSCOPE, "run", *words, "--json"]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as runner:
        told(runner, lambda event: "part" in event and event["e"] in ("queued", "process"))
        for program in psutil.Process(runner.pid).children():
            program.suspend()
        assert len(all_end_with(runner, signal.SIGKILL)) >= family
