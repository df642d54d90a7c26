"""A running copy of the product: real web processes and a real runner on the session's servers."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from dashboard.embedded.ports import free_port
from dashboard.settings import ROOT
from tests.client import Client
from tests.waiting import wait_until

START_SECONDS = 120
STOP_SECONDS = 60


class RunningCopy:
    """Web processes (one port each) and runners. Logs go to files: an unread pipe fills up."""

    def __init__(self, redis_url: str, mongodb_url: str, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.mongodb_url = mongodb_url
        self._environ = {
            **os.environ,
            "REDIS_URL": redis_url,
            "MONGODB_URL": mongodb_url,
            "LOOPSCOPE_VAR": str(folder / "var"),
            "LOOPSCOPE_SECRET": "test",
            **environ,
        }
        self._processes: list[subprocess.Popen[bytes]] = []
        self.urls: list[str] = []
        self.web: list[subprocess.Popen[bytes]] = []
        """Masters of the web processes, in the order of `urls`."""
        self.runner: subprocess.Popen[bytes] | None = None
        """The supervisor that was started last."""

    @property
    def url(self) -> str:
        return self.urls[0]

    def start_web(self) -> str:
        url, process = self._serve(free_port())
        self.urls.append(url)
        self.web.append(process)
        return url

    def start_web_again(self) -> None:
        """The first web process has ended: another one on its port, as `loopscope up` starts it."""
        _, self.web[0] = self._serve(int(self.url.rpartition(":")[2]))

    def _serve(self, port: int) -> tuple[str, subprocess.Popen[bytes]]:
        conf = str(ROOT / "dashboard" / "gunicorn_conf.py")
        command = [sys.executable, "-m", "gunicorn", "-c", conf, "dashboard:create_app()"]
        process = self._start(command, f"web-{port}", LOOPSCOPE_PORT=str(port))
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: self._answers(process, url), START_SECONDS)
        return url, process

    def start_runner(self) -> None:
        """The supervisor with its worker; returns when the web process knows it."""
        process = self._start([sys.executable, "-m", "dashboard", "runner"], f"runner-{len(self._processes)}")
        wait_until(lambda: self._alive(process) and psutil.Process(process.pid).children(), START_SECONDS)
        wait_until(lambda: self.client().get("/api/status")["runner"], START_SECONDS)
        self.runner = process

    def client(self) -> Client:
        """A new learner at the first web process."""
        return Client(self.url)

    def stop(self) -> None:
        for process in reversed(self._processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self._processes):
            process.wait(STOP_SECONDS)

    def _start(self, command: list[str], name: str, **environ: str) -> subprocess.Popen[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT, env={**self._environ, **environ}
            )
        self._processes.append(process)
        return process

    def _answers(self, process: subprocess.Popen[bytes], url: str) -> bool:
        self._alive(process)
        try:
            return bool(Client(url).get("/api/status")["ready"])
        except OSError:
            return False

    def _alive(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.poll() is None, f"ended early:\n{self.logs()}"
        return True

    def logs(self) -> str:
        return "\n".join(f"== {log.name}\n{log.read_text()[-3000:]}" for log in sorted(self.folder.glob("*.log")))


@contextlib.contextmanager
def running_copy(redis_url: str, mongodb_url: str, folder: Path, **environ: Any) -> Iterator[RunningCopy]:
    """One web process and one runner, stopped afterwards."""
    copy = RunningCopy(redis_url, mongodb_url, folder, **environ)
    try:
        copy.start_web()
        copy.start_runner()
        yield copy
    finally:
        copy.stop()


def worker_of(copy: RunningCopy) -> psutil.Process:
    """The RQ worker below the supervisor, once it is there."""
    assert copy.runner is not None
    return _child_of(psutil.Process(copy.runner.pid))


def horse_of(copy: RunningCopy) -> psutil.Process:
    """The process that performs the run, once there is one."""
    return _child_of(worker_of(copy))


def _child_of(process: psutil.Process) -> psutil.Process:
    return wait_until(process.children)[0]
