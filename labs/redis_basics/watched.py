"""How many reads a second the server answers while nobody watches, and while one client says MONITOR."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from labs.sdk import servers
from labs.sdk.emitter import Emitter

SECONDS = 1.0
BATCH = 500
"""Reads that are sent at once, so that the server has always something to do."""
WATCHER = Path(__file__).with_name("watcher.py")


def run(emit: Emitter, way: str, key: str) -> None:
    """One second of GETs of one key that is there: they change nothing and tell nobody but MONITOR."""
    with servers.redis_client() as client:
        client.set(key, "x" * 16, ex=60)
        connection: Any = client.connection_pool.get_connection()
        asked = b"".join(connection.pack_command("GET", key)) * BATCH
        with watching(way) as seen:
            emit.zero()
            with emit.span("1", f"GETs, {way}", kind="cache", lane="load"):
                begun = time.perf_counter()
                done = _ask(connection._sock, asked, begun + SECONDS)
                elapsed = time.perf_counter() - begun
        emit.sample("GETs", done / elapsed, "GETs/s", way=way, seen=seen.get("lines", 0), megabytes=seen.get("mb", 0.0))
        client.connection_pool.release(connection)
        client.delete(key)


def _ask(socket: Any, asked: bytes, until: float) -> int:
    """Send and read until then; how many were answered."""
    answer = len(b"$16\r\n" + b"x" * 16 + b"\r\n") * BATCH
    done = 0
    while time.perf_counter() < until:
        socket.sendall(asked)
        left = answer
        while left > 0:
            found = len(socket.recv(1 << 18))
            if not found:
                raise ConnectionError("Redis hung up")
            left -= found
        done += BATCH
    return done


@contextmanager
def watching(way: str) -> Iterator[dict[str, Any]]:
    """With a watcher or without; afterwards what it saw."""
    seen: dict[str, Any] = {}
    if way != "watched":
        yield seen
        return
    with subprocess.Popen([sys.executable, "-P", str(WATCHER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        if child.stdout.readline() != b"watching\n":
            raise RuntimeError("this server does not let us MONITOR")
        yield seen
        child.stdin.close()
        seen.update(json.loads(child.stdout.readline()))
