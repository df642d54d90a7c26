"""Programs that start processes of their own: however a program is ended, they end too, without anybody's help."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from typing import Any

import orjson
import psutil
import pytest

from labs.blocked_loop.lab import lab as blocked_loop
from labs.cluster.lab import lab as cluster
from labs.cluster.server import FOLDER, Server, ServerFailed
from labs.processes.lab import lab as processes
from labs.sdk.hash_size import iterations_for
from labs.sdk.lab import Lab, Runtime
from labs.workers.lab import lab as workers
from tests.waiting import wait_until

PROGRAMS = [(lab, runtime) for lab in (blocked_loop, workers, cluster) for runtime in lab.runtimes]

ASKED: dict[str, dict[str, Any]] = {
    "blocked-loop": {"ways": ["process"]},
    "workers": {"ways": ["process"]},
    "cluster": {"workers": 2, "size": 100, "where": "loop"},
}
ENDLESS: dict[str, dict[str, Any]] = {
    "blocked-loop": {"slices": 100_000},
    "workers": {"tasks": 3000},
    "cluster": {"slow": 20_000},
}
"""More than a learner may ask for: work that is not over by itself while the test waits for its end."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize(("lab", "runtime"), PROGRAMS, ids=[f"{lab.slug}-{r.key}" for lab, r in PROGRAMS])
def test_nothing_outlives_its_program(lab: Lab, runtime: Runtime, number: signal.Signals) -> None:
    """Killed while a process of its own is in the middle of minutes of work."""
    params = lab.params.read({"runtimes": [runtime.key], **ASKED[lab.slug]})
    settings = {**lab.prepare(params), **lab.plan(params)[0].settings, **ENDLESS[lab.slug]}
    command = [*runtime.command(), orjson.dumps(settings).decode()]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ})
    assert program.stdout is not None
    with program.stdout:
        for line in program.stdout:
            event = orjson.loads(line)
            if event["e"] == ("queued" if lab is cluster else "begin") and event["kind"] == "cpu":
                break
        children = psutil.Process(program.pid).children(recursive=True)
        assert children
        program.send_signal(number)
        program.wait(60)
        wait_until(lambda: not any(_alive(child) for child in children))


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_of_a_cluster_outlives_its_manager(number: signal.Signals) -> None:
    """Master, workers, the server behind them, the load generator: killed in the middle of serving."""
    params = processes.params.read({"workers": 3})
    settings = {**processes.prepare(params), **processes.plan(params)[0].settings}
    command = [*processes.runtimes[0].command(), orjson.dumps(settings).decode()]
    manager = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={**os.environ})
    assert manager.stdout is not None
    with manager.stdout:
        for line in manager.stdout:
            event = orjson.loads(line)
            if event["e"] == "sample" and event["series"] == "answered" and event["value"] > 0:
                break
        children = psutil.Process(manager.pid).children(recursive=True)
        assert len(children) == 6
        manager.send_signal(number)
        manager.wait(60)
        wait_until(lambda: not any(_alive(child) for child in children))


def test_a_busy_worker_does_not_outlive_its_server_when_only_the_primary_is_killed() -> None:
    """Nobody is left to tell it, and it hears nothing until its hash is done, in half a minute."""
    settings = {"workers": 1, "where": "loop", "iterations": 300 * iterations_for(0.1)}
    with (
        Server(FOLDER / "on_node.mjs", settings) as server,
        socket.create_connection(("127.0.0.1", server.port)) as ask,
    ):
        ((_, pid),) = server.workers
        worker, before = psutil.Process(pid), psutil.Process(pid).cpu_times().user
        primary = worker.parent()
        assert primary is not None
        ask.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: worker.cpu_times().user > before + 0.2)
        server.check()
        primary.kill()
        wait_until(lambda: "exit code -9" in _checked(server))
        assert _alive(worker)
        server.close()
        wait_until(lambda: not _alive(worker))


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))


def _checked(server: Server) -> str:
    try:
        server.check()
    except ServerFailed as problem:
        return str(problem)
    return ""
