"""The cluster under test, started from outside: its port, its workers by name, their memory, its end."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import psutil

from labs.sdk.lab import node_binary

FOLDER = Path(__file__).parent


class ServerFailed(RuntimeError):
    """The server ended before its workers were there."""


def command(file: Path) -> list[str]:
    """How the server in this file is started."""
    if file.suffix == ".mjs":
        return [node_binary(), str(file)]
    conf = str(FOLDER / "gunicorn_conf.py")
    return [sys.executable, "-P", "-m", "gunicorn", "--config", conf, f"labs.cluster.{file.stem}:app"]


class Server:
    """Use as a context manager. Entered, it has all its workers and its `port`."""

    def __init__(self, file: Path, settings: dict[str, Any]) -> None:
        self.port = 0
        self.about: dict[str, str] = {}
        self._wanted = int(settings["workers"])
        self._workers: dict[int, psutil.Process] = {}
        environ = {"CLUSTER_SETTINGS": json.dumps({**settings, "parent": os.getpid()}), "UV_THREADPOOL_SIZE": "1"}
        self._process = subprocess.Popen(
            command(file), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **environ}
        )

    def __enter__(self) -> Server:
        assert self._process.stdout is not None
        while not self.port or len(self._workers) < self._wanted:
            line = self._process.stdout.readline()
            if not line:
                self.close()
                raise ServerFailed(f"the server ended with exit code {self._process.returncode} before it was ready")
            fact = orjson.loads(line)
            self.port = fact.get("port", self.port)
            self.about.update(fact.get("about", {}))
            if "worker" in fact:
                self._meet(fact["worker"])
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def lane(self, pid: str | None) -> str:
        """ "worker 1", "worker 2" … by process id, which is the order in which they were forked."""
        known = {str(known): n for n, known in enumerate(sorted(self._workers), 1)}
        return f"worker {known[pid]}" if pid in known else "another worker"

    @property
    def workers(self) -> list[tuple[str, int]]:
        """Name and process id of each."""
        return [(self.lane(str(pid)), pid) for pid in sorted(self._workers)]

    def memory(self) -> list[tuple[str, dict[str, float]]]:
        """Megabytes of each worker: RSS everywhere, USS and PSS where the system tells them."""
        return [(name, _megabytes(pid)) for name, pid in self.workers]

    def _meet(self, pid: int) -> None:
        with contextlib.suppress(psutil.Error):
            self._workers[pid] = psutil.Process(pid)

    def check(self) -> None:
        """Raises `ServerFailed` when it has ended meanwhile."""
        if (code := self._process.poll()) is not None:
            raise ServerFailed(f"the server ended in the middle of the run, with exit code {code}")

    def close(self) -> None:
        """End it and its workers, at once: nobody is served any more.

        Its workers are known, and ended even if their master is gone: a busy one of Node's would finish its work first.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        for process in [*_family(self._process.pid), *self._workers.values()]:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


def _family(pid: int) -> list[psutil.Process]:
    """Master first: it must not start a new worker while the others are being ended."""
    with contextlib.suppress(psutil.Error):
        master = psutil.Process(pid)
        return [master, *master.children(recursive=True)]
    return []


def _megabytes(pid: int) -> dict[str, float]:
    try:
        told = psutil.Process(pid).memory_full_info()
    except psutil.Error:
        return {}
    return {name.upper(): getattr(told, name) / 1e6 for name in ("rss", "pss", "uss") if hasattr(told, name)}
