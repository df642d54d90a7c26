"""The same first page by redis-commander, which lists with a full SCAN: on the same server, over its own HTTP API.

It comes from npm, of one version, into a folder of its own below `var`, the first time this bench runs.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from dashboard.embedded.ports import free_port
from dashboard.settings import ROOT
from labs.sdk.lab import node_binary
from tests.bench.figure import Figure, percentile
from tests.client import Client
from tests.copy import RunningCopy
from tests.million import Million
from tests.waiting import wait_until

VERSION = "0.9.0"
FOLDER = ROOT / "var" / "bench" / f"redis-commander-{VERSION}"
PROGRAM = FOLDER / "node_modules" / "redis-commander" / "bin" / "redis-commander.js"
BIN = Path(sys.executable).parent
TIMES = 3
START_SECONDS = 60
INSTALL_SECONDS = 300
PATIENCE_SECONDS = 300


def figures(million: Million, copy: RunningCopy) -> Iterator[Figure]:
    """Whole requests over HTTP: ours a few times; theirs once, since it is thousands of SCANs and may take a minute."""
    try:
        _install()
    except (OSError, subprocess.SubprocessError) as error:
        yield Figure("k  redis-commander, first level", f"cannot be installed here: {type(error).__name__}")
        return
    with _running(million) as theirs:
        ours = copy.client()
        connection = theirs.get("/connections")["connections"][0]["conId"]
        level = f"/apiv2/keystree/{quote(connection, safe='')}/"
        our = percentile([_milliseconds(ours, "/api/keys?cursor=0&filter=") for _ in range(TIMES)], 50)
        their = _milliseconds(theirs, level)
    yield Figure("k  first page over HTTP, 100 rows with facts, median", f"{our:.0f} ms")
    yield Figure(f"k  redis-commander {VERSION}, its first level", f"{their:.0f} ms, {their / our:.0f} × ours")


def _install() -> None:
    if PROGRAM.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command = [str(BIN / "npm"), "install", "--prefix", str(FOLDER), *options, f"redis-commander@{VERSION}"]
    environ = {**os.environ, "NODE_USE_SYSTEM_CA": "1", "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(command, check=True, env=environ, timeout=INSTALL_SECONDS, capture_output=True, cwd=FOLDER)


@contextlib.contextmanager
def _running(million: Million) -> Iterator[Client]:
    """On loopback, connected to the learners' database. Not through the wrapper of `node`, whose death it survives."""
    port = free_port()
    redis = {"label": "bench", "host": "127.0.0.1", "port": million.server.port, "dbIndex": 9, "username": "app",
             "password": million.server.password}  # fmt: skip
    config = {"server": {"address": "127.0.0.1", "port": port}, "noSave": True, "connections": [redis]}
    environ = {**os.environ, "NODE_CONFIG": json.dumps(config)}
    with (FOLDER / "log").open("wb") as log:
        process = subprocess.Popen([node_binary(), str(PROGRAM)], env=environ, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log, cwd=FOLDER)  # fmt: skip
    try:
        client = Client(f"http://127.0.0.1:{port}")
        wait_until(lambda: _connected(process, client), START_SECONDS)
        yield client
    finally:
        process.kill()  # while it scans it hears no SIGTERM
        process.wait()


def _connected(process: subprocess.Popen[bytes], client: Client) -> bool:
    assert process.poll() is None, (FOLDER / "log").read_text()[-2000:]
    try:
        return bool(client.get("/connections")["connections"])
    except OSError:
        return False


def _milliseconds(client: Client, path: str) -> float:
    begun = time.perf_counter()
    with urllib.request.urlopen(client.url + path, timeout=PATIENCE_SECONDS) as answer:
        answer.read()
    return (time.perf_counter() - begun) * 1000
