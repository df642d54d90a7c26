"""Servers with workers, and what is beside them: however their program is ended, they end too."""

from __future__ import annotations

import socket
from signal import SIGKILL, SIGTERM, Signals

import psutil
import pytest

from labs.cluster.lab import lab as cluster
from labs.cluster.server import FOLDER, Server, ServerFailed
from labs.processes.lab import lab as processes
from labs.sdk.hash_size import iterations_for
from labs.sdk.lab import Runtime
from tests.family import alive, all_end_with, started, told
from tests.waiting import wait_until

LONG = {"slow": 1500}
"""More than a learner may ask for: work that is not over by itself while the test waits for its end."""


@pytest.mark.parametrize("runtime", cluster.runtimes, ids=lambda runtime: runtime.key)
def test_no_process_of_a_cluster_outlives_its_program(runtime: Runtime) -> None:
    """Killed while every worker computes and hears nothing."""
    with started(cluster, runtime, {"workers": 2, "size": 100, "where": "loop"}, **LONG) as program:
        told(program, lambda event: event["e"] == "begin" and event["kind"] == "cpu")
        assert len(all_end_with(program, SIGKILL)) == 4, "a first process, two workers, a load generator"


@pytest.mark.parametrize("number", [SIGTERM, SIGKILL], ids=lambda number: number.name)
@pytest.mark.parametrize("runtime", processes.runtimes, ids=lambda runtime: runtime.key)
def test_no_process_of_a_cluster_outlives_its_manager(runtime: Runtime, number: Signals) -> None:
    """Master, workers, the server behind them, the load generator: ended in the middle of serving."""
    with started(processes, runtime, {"workers": 3}) as manager:
        told(manager, lambda event: event["e"] == "sample" and event["series"] == "answered" and event["value"] > 0)
        assert len(all_end_with(manager, number)) == 6


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
        assert alive(worker)
        server.close()
        wait_until(lambda: not alive(worker))


def _checked(server: Server) -> str:
    try:
        server.check()
    except ServerFailed as problem:
        return str(problem)
    return ""
