"""The slow server: as slow as asked, for any number at once, and gone when its parent is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import psutil
import pytest

from labs.sdk.lab import node_binary
from labs.sdk.slow import COMMAND, Slow, slow_server
from tests.family import alive
from tests.waiting import wait_until

LATENCY = 0.2
EARLY = 0.02
"""A timer of the system may fire a tick early."""

ROOT = Path(__file__).parent.parent.parent
PYTHON_PARENT = """
from labs.sdk.slow import COMMAND, slow_server
import time
with slow_server(COMMAND, 0.1, 1) as slow:
    print(slow.port, flush=True)
    time.sleep(60)
"""
NODE_PARENT = """
const { slowServer } = await import(process.argv[1]);
const slow = await slowServer(JSON.parse(process.argv[2]), 0.1, 1);
console.log(slow.port);
setTimeout(() => {}, 60_000);
"""


@pytest.fixture(scope="module")
def slow() -> Iterator[Slow]:
    with slow_server(COMMAND, LATENCY, files=3) as found:
        yield found


def get(slow: Slow) -> tuple[float, bytes]:
    """Seconds and answer of one request."""
    begun = time.perf_counter()
    with socket.create_connection(("127.0.0.1", slow.port), timeout=60) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    return time.perf_counter() - begun, answer


def read(path: str) -> tuple[float, bytes]:
    """Seconds and bytes of one read, the opening not counted."""
    file = os.open(path, os.O_RDONLY | os.O_NOCTTY)
    try:
        begun = time.perf_counter()
        got = os.read(file, 1)
        return _since(begun), got
    finally:
        os.close(file)


def _since(begun: float) -> float:
    return time.perf_counter() - begun


def test_a_request_is_answered_after_the_latency(slow: Slow) -> None:
    seconds, answer = get(slow)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"hello\n")
    assert seconds >= LATENCY - EARLY


def test_fifty_requests_wait_side_by_side(slow: Slow) -> None:
    with ThreadPoolExecutor(50) as pool:
        begun = time.perf_counter()
        answers = list(pool.map(lambda _: get(slow), range(50)))
        total = _since(begun)
    assert all(seconds >= LATENCY - EARLY for seconds, _ in answers)
    assert total < 0.9 * 50 * LATENCY, "one after the other"


def test_a_client_that_hangs_up_harms_nobody(slow: Slow) -> None:
    for words in (b"", b"GET /", b"GET / HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", slow.port)) as connection:
            connection.sendall(words)
    assert get(slow)[1].startswith(b"HTTP/1.1 200")


def test_a_read_waits_for_the_latency_each_time(slow: Slow) -> None:
    assert len(set(slow.files)) == 3
    for _ in range(2):
        seconds, got = read(slow.files[0])
        assert got == b""
        assert seconds >= LATENCY - EARLY


def test_the_wait_begins_with_the_read_and_not_before(slow: Slow) -> None:
    """So one thread needs as many latencies as there are files, and as many threads as files need one."""
    for threads, rounds in ((1, 3), (3, 1)):
        with ThreadPoolExecutor(threads) as pool:
            begun = time.perf_counter()
            list(pool.map(read, slow.files))
            assert _since(begun) >= rounds * (LATENCY - EARLY)


def test_the_server_ends_with_the_block() -> None:
    before = {child.pid for child in psutil.Process().children()}
    with slow_server(COMMAND, LATENCY) as slow:
        [server] = [child for child in psutil.Process().children() if child.pid not in before]
        assert slow.files == ()
    assert not server.is_running()
    with pytest.raises(ConnectionRefusedError):
        get(slow)


def test_a_server_that_does_not_start_is_told() -> None:
    with pytest.raises(RuntimeError, match="did not start"), slow_server([sys.executable, "-c", "pass"], LATENCY):
        pass


@pytest.mark.parametrize("runtime", ["python", "node"])
def test_the_server_ends_when_its_parent_is_killed(runtime: str) -> None:
    if runtime == "python":
        command = [sys.executable, "-c", PYTHON_PARENT]
    else:
        module = (ROOT / "labs" / "sdk" / "slow.mjs").as_uri()
        command = [node_binary(), "--input-type=module", "-e", NODE_PARENT, module, orjson.dumps(COMMAND).decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        assert int(parent.stdout.readline()) > 0
        [server] = psutil.Process(parent.pid).children()
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not alive(server))
