"""Keeps one worker alive on this host: starts it, starts it again when it dies, stops it when told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from types import FrameType

from redis import Redis
from redis.exceptions import RedisError

from dashboard.runs.ending import identity
from dashboard.runs.queue import RunQueue
from dashboard.settings import Settings

LOOK_SECONDS = 0.5
LONGEST_PAUSE = 10.0
STOP_SECONDS = 4.0


class Supervisor:
    """One step a look: is the worker alive, does Redis know?"""

    def __init__(self, queue: RunQueue, name: str, command: list[str]) -> None:
        self._queue = queue
        self._name = name
        self._command = command
        self._stopping = threading.Event()
        self._pause = 0.0
        self.worker: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        while not self._stopping.is_set():
            self.step()
            self._stopping.wait(LOOK_SECONDS + self._pause)
        self._stop_worker()
        return 0

    def step(self) -> None:
        """Look once."""
        if self.worker is None or self.worker.poll() is not None:
            if self.worker is not None:
                print(f"worker ended with {self.worker.returncode}, starting another", flush=True)
                self._pause = min(LONGEST_PAUSE, self._pause * 2 or LOOK_SECONDS)
            self.worker = subprocess.Popen(self._command)
            return
        self._pause = 0.0
        try:
            self._queue.runner_is_here(self._name)
        except RedisError as error:
            print(f"Redis does not answer: {error}", flush=True)

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _stop_worker(self) -> None:
        if self.worker is not None:
            self.worker.terminate()
            try:
                self.worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.worker.kill()
                self.worker.wait()
        try:
            self._queue.runner_is_gone(self._name)
        except RedisError:
            print("Redis does not answer; it will forget this runner by itself", flush=True)


def main() -> int:
    """`loopscope runner`."""
    import os

    settings = Settings.from_environment()
    queue = RunQueue(Redis.from_url(settings.redis_url))
    command = [sys.executable, "-m", "dashboard.runs.runner"]
    supervisor = Supervisor(queue, identity(os.getpid()), command)
    signal.signal(signal.SIGTERM, supervisor.stop)
    signal.signal(signal.SIGINT, supervisor.stop)
    return supervisor.run()
