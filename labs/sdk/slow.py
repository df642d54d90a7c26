"""Starts `slow_server.py` for a Python program and ends it again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

COMMAND = (sys.executable, "-I", "-S", str(Path(__file__).with_name("slow_server.py")))
"""A lab hands this to its programs, since Node does not know where Python is."""


@dataclass(frozen=True)
class Slow:
    """Where to find what is slow."""

    port: int
    files: tuple[str, ...]


@contextmanager
def slow_server(command: Sequence[str], latency: float, files: int = 0) -> Iterator[Slow]:
    """Run it for the length of a `with` block. It ends with this process, however that ends."""
    settings = orjson.dumps({"latency": latency, "files": files}).decode()
    with subprocess.Popen([*command, settings], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        if not line:
            raise RuntimeError("the slow server did not start")
        told = orjson.loads(line)
        yield Slow(told["port"], tuple(told["files"]))
