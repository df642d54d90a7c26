"""A lab's program as a process of its own, and everything that it started: for tests about who outlives whom."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import psutil

from labs.sdk.events import Event
from labs.sdk.lab import Lab, Runtime
from tests.waiting import wait_until

END_SECONDS = 60


@contextlib.contextmanager
def started(lab: Lab, runtime: Runtime, asked: dict[str, Any], **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The program of the first part. `more` are settings over those that a learner may ask for."""
    params = lab.params.read({"runtimes": [runtime.key], **asked})
    settings = {**lab.prepare(params), **lab.plan(params)[0].settings, **more}
    command = [*runtime.command(), orjson.dumps(settings).decode()]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ}
    ) as program:
        yield program


def told(program: subprocess.Popen[bytes], wanted: Callable[[Event], bool]) -> None:
    """Read what it says up to an event that is wanted."""
    assert program.stdout is not None
    assert any(wanted(orjson.loads(line)) for line in program.stdout), "it ended before"


def all_end_with(program: subprocess.Popen[bytes], number: signal.Signals) -> list[psutil.Process]:
    """Send it this signal, and wait until nothing that it started is left. What that was."""
    children = psutil.Process(program.pid).children(recursive=True)
    assert children
    program.send_signal(number)
    program.wait(END_SECONDS)
    wait_until(lambda: not any(map(alive, children)))
    return children


def alive(process: psutil.Process) -> bool:
    """There, and not only waiting for its parent to ask how it ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
