"""`loopscope up` as a person meets it: the real processes, started, watched, stopped and killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from dashboard.embedded import MongoDB, Valkey
from dashboard.embedded.ports import free_port
from tests.running import Running
from tests.waiting import wait_until


def status(copy: Running) -> dict[str, Any]:
    with urllib.request.urlopen(f"{copy.url}/api/status", timeout=60) as answer:
        return dict(json.load(answer))


def ends(folder: Path, environ: dict[str, str]) -> tuple[int, str]:
    """Exit code and output of a copy that cannot start."""
    copy = Running(folder, environ)
    copy.start()
    return copy.finish(), copy.output


def test_it_starts_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with Running(tmp_path, {"LOOPSCOPE_PORT": str(free_port())}) as copy:
        found = status(copy)
        assert (found["redis"]["name"], found["mongodb"]["name"]) == ("Valkey", "SecantusDB")

        code, said = ends(tmp_path / "second", {"LOOPSCOPE_VAR": str(copy.var)})
        assert copy.process is not None
        assert (code, said) == (1, f"Loopscope is already running at {copy.url} (pid {copy.process.pid}).\n")

        os.killpg(copy.process.pid, signal.SIGINT)
        wait_until(lambda: "Stopping" in copy.output)
        assert copy.finish(signal.SIGINT) == 0, "a second Ctrl-C does no harm"
        assert copy.processes() == []
        assert not (copy.var / "up.lock").exists()
        assert "Traceback" not in copy.output
        assert "\x1b" not in copy.output, "colours are for terminals"


def test_it_uses_the_servers_it_is_given_and_a_free_port(valkey: Valkey, mongodb: MongoDB, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        default = squatter.getsockname()[1]
        with Running(tmp_path, {"REDIS_URL": valkey.url, "MONGODB_URL": mongodb.url}) as copy:
            assert status(copy)["ready"]
            assert not (copy.var / "valkey").exists()
            assert not (copy.var / "mongodb").exists()
            assert copy.finish(signal.SIGTERM) == 0
            assert copy.processes() == []
        code, said = ends(tmp_path / "taken", {"LOOPSCOPE_PORT": str(default)})
    assert code == 1
    assert said.startswith(f"Port {default} is taken.")
    assert said.count("\n") == 1


def test_what_is_killed_comes_back_and_a_killed_copy_leaves_nothing(tmp_path: Path) -> None:
    environ = {"LOOPSCOPE_PORT": str(free_port())}
    with Running(tmp_path, environ) as copy:
        database = copy.process_named("valkey-server")
        port = next(one.laddr.port for one in database.net_connections("tcp") if one.status == "LISTEN")
        password = (tmp_path / "var" / "valkey" / "password").read_text().strip()
        with Redis(port=port, username="app", password=password) as client:
            client.set("kept", "yes")
            assert client.execute_command("WAITAOF", 1, 0, 60_000)[0] == 1, "written to disk"
            database.kill()
            wait_until(lambda: "Valkey ended unexpectedly" in copy.output)
            wait_until(lambda: copy.process_named("valkey-server"))

        copy.process_named("gunicorn").kill()
        wait_until(lambda: "The web process ended (exit code -9) unexpectedly" in copy.output)
        copy.wait_ready(times=2)
        assert status(copy)["ready"]
        with Redis(port=port, username="app", password=password) as client:
            assert client.get("kept") == b"yes"

        assert copy.process is not None
        copy.process.kill()
        wait_until(lambda: not copy.processes())

    with Running(tmp_path, environ) as again:
        assert status(again)["ready"]


@pytest.mark.parametrize(
    "urls",
    [
        {"REDIS_URL": "redis://127.0.0.1:{port}", "MONGODB_URL": "mongodb://me:hidden@127.0.0.1:{port}"},
        {"REDIS_URL": "127.0.0.1:6379", "MONGODB_URL": "http://me:hidden@127.0.0.1"},
    ],
    ids=["dead", "malformed"],
)
def test_servers_that_are_not_there_are_named(urls: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    code, said = ends(tmp_path, {variable: url.format(port=port) for variable, url in urls.items()})
    assert code == 2
    assert [line.split("=")[0] for line in said.splitlines()] == list(urls), said
    assert "hidden" not in said
    assert not (tmp_path / "var" / "up.lock").exists()
