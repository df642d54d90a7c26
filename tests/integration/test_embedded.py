"""The embedded servers: they answer, keep their data, end when told to and when their parent dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pymongo
import pytest
import redis as redis_client
from pymongo.collection import Collection

from dashboard.embedded import MongoDB, Server, ServerError, Valkey
from dashboard.embedded.ports import CHOICE, free_port, is_taken
from tests.family import alive
from tests.waiting import wait_until

KINDS = [pytest.param(Valkey, id="valkey"), pytest.param(MongoDB, id="mongodb")]


def make(kind: type[Server], folder: Path, **options: object) -> Server:
    return kind(folder / "data", folder / "log" / "server.log", **options)  # type: ignore[arg-type]


@contextmanager
def documents(server: Server) -> Iterator[Collection[dict[str, str]]]:
    client: pymongo.MongoClient[dict[str, str]] = pymongo.MongoClient(server.url)
    with client:
        yield client.test.kept


def remember(server: Server, value: str) -> None:
    if isinstance(server, Valkey):
        with redis_client.Redis.from_url(server.url) as client:
            client.set("kept", value)
    else:
        with documents(server) as collection:
            collection.insert_one({"value": value})


def recall(server: Server) -> str | None:
    if isinstance(server, Valkey):
        with redis_client.Redis.from_url(server.url, decode_responses=True) as client:
            return str(client.get("kept"))
    with documents(server) as collection:
        kept = collection.find_one()
        return kept["value"] if kept else None


@pytest.mark.parametrize("kind", KINDS)
class TestServer:
    def test_keeps_its_data_and_leaves_nothing_running(self, kind: type[Server], tmp_path: Path) -> None:
        with make(kind, tmp_path) as server:
            assert server.answers()
            pid = server.pid
            remember(server, "yes")
        assert not psutil.pid_exists(pid)
        assert not server.alive
        with make(kind, tmp_path) as again:
            assert recall(again) == "yes"

    def test_comes_back_on_its_port_after_a_kill(self, kind: type[Server], tmp_path: Path) -> None:
        with make(kind, tmp_path) as server:
            remember(server, "before")
            url = server.url
            os.kill(server.pid, signal.SIGKILL)
            wait_until(lambda: not server.alive)
            server.start()
            server.wait()
            assert server.url == url
            assert server.answers()
            if kind is Valkey:
                assert recall(server) == "before"

    def test_only_this_machine_can_reach_it(self, kind: type[Server], tmp_path: Path) -> None:
        with make(kind, tmp_path) as server:
            listening = [one for one in psutil.Process(server.pid).net_connections("tcp") if one.status == "LISTEN"]
            assert {one.laddr.ip for one in listening} == {"127.0.0.1"}

    def test_carries_the_tag(self, kind: type[Server], tmp_path: Path) -> None:
        with make(kind, tmp_path, tag="/somewhere/var") as server:
            assert psutil.Process(server.pid).environ()["LOOPSCOPE_HOME_TAG"] == "/somewhere/var"

    def test_shows_its_log_when_it_cannot_start(self, kind: type[Server], tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as squatter:
            server = make(kind, tmp_path, port=squatter.getsockname()[1])
            with pytest.raises(ServerError, match=r"(?s)ended while starting.*server\.log.*[Aa]ddress already in use"):
                server.__enter__()

    def test_dies_with_the_process_that_started_it(self, kind: type[Server], tmp_path: Path) -> None:
        program = f"""
            from pathlib import Path
            from dashboard.embedded import {kind.__name__}
            with {kind.__name__}(Path("data"), Path("server.log")) as server:
                print(server.pid, flush=True)
                input()
            """
        parent = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": os.getcwd()},
            text=True,
        )
        with parent:
            assert parent.stdout is not None
            child = psutil.Process(int(parent.stdout.readline()))
            parent.kill()
        wait_until(lambda: not alive(child))


def test_a_server_that_never_answers_is_stopped(tmp_path: Path) -> None:
    class Silent(Valkey):
        def answers(self) -> bool:
            return False

    server = make(Silent, tmp_path)
    server.start()
    with pytest.raises(ServerError, match="did not answer within 0 s"):
        server.wait(seconds=0)
    assert not server.alive


def test_free_ports_are_free_and_keep_clear_of_the_systems_own() -> None:
    port = free_port()
    assert port in CHOICE
    assert not is_taken(port)
    with socket.create_server(("127.0.0.1", port)):
        assert is_taken(port)


def test_a_port_of_a_foreign_address_is_an_error() -> None:
    with pytest.raises(OSError, match="assign"):
        is_taken(8000, "192.0.2.1")
