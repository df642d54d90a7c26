"""Fixtures that every test may use: real servers, settings that point to them, a look for what a test left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis as redis_client

from dashboard.embedded import MongoDB, Valkey, ports
from dashboard.settings import Settings
from tests import leaks
from tests.keyspace import app_client
from tests.served import Served, serving

# No deadline: a busy machine is no failure. Derandomised: the same commit gives the same verdict everywhere;
# `--hypothesis-profile=default` explores.
hypothesis.settings.register_profile("here", deadline=None, derandomize=True)
hypothesis.settings.load_profile("here")

# A shell's `&` and some build servers start programs that ignore Ctrl-C. Children inherit that; tests interrupt theirs.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Two processes of the tests never choose the same port between the look for a free one and its use.
worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
ports.CHOICE = ports.CHOICE[worker % 2 :: 2]

LEAK_SECONDS = 15.0
"""How long a test's processes and threads may take to end once it is over."""


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the session's servers keep data and logs."""
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def valkey(server_folder: Path) -> Iterator[Valkey]:
    """A real embedded Valkey, one for the whole session; empty again after each test that used it."""
    with Valkey(server_folder / "valkey", server_folder / "valkey.log") as server:
        yield server


@pytest.fixture(scope="session")
def mongodb(server_folder: Path) -> Iterator[MongoDB]:
    """A real embedded MongoDB-protocol server, one for the whole session; empty again after each test that used it."""
    with MongoDB(server_folder / "mongodb", server_folder / "mongodb.log") as server:
        yield server


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running copy with servers of its own, one for the whole session."""
    with serving(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture
def app(valkey: Valkey) -> Iterator[Any]:
    """A client with all rights on the labs' database of the Valkey that the test uses."""
    with app_client(valkey) as client:
        yield client


@pytest.fixture
def settings(valkey: Valkey, mongodb: MongoDB, tmp_path: Path) -> Settings:
    """Settings of a copy whose data is in the test's own folder and whose servers are the session's."""
    return Settings(redis_url=valkey.url, mongodb_url=mongodb.url, var=tmp_path / "var", secret="test")


@pytest.fixture
def redis(valkey: Valkey) -> Iterator[redis_client.Redis]:
    """A client of database 0, answering in bytes."""
    with redis_client.Redis.from_url(valkey.url) as client:
        yield client


@pytest.fixture(autouse=True)
def clean_servers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the servers after a test that used them. What learners touch (every Redis database but 0) must be empty."""
    used = set(request.fixturenames)
    servers = [request.getfixturevalue(name) for name in ("valkey", "mongodb") if name in used]
    yield
    for server in servers:
        if isinstance(server, MongoDB):
            leaks.empty_mongodb(server.url)
        elif left := leaks.empty_redis(server.url):
            pytest.fail(f"left behind in Redis: {', '.join(left)}")


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest, clean_servers: None) -> Iterator[None]:
    """Fail a test that leaves a process, a thread or a greenlet behind.

    Fixtures of a wider scope are set up before this one, so what they start is not the test's.
    """
    before = leaks.Living.now()
    yield
    if request.node.get_closest_marker("leaves_children"):
        return
    if left := before.wait_for_others(LEAK_SECONDS):
        pytest.fail(f"left behind: {', '.join(left)}")
