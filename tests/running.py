"""A real copy of Loopscope, started with `loopscope up` as its own process, for the tests that need all of it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from dashboard.up import strays
from tests.waiting import wait_until

READY_SECONDS = 180.0
STOP_SECONDS = 90.0
NOT_INHERITED = ("REDIS_URL", "MONGODB_URL")


class Running:
    """`with Running(folder) as copy:` has a copy that is ready at `copy.url` and stops it in the end."""

    def __init__(self, folder: Path, environ: Mapping[str, str] | None = None, arguments: tuple[str, ...] = ()) -> None:
        """`folder` gets the copy's var folder and its terminal output; `environ` is added to a clean environment."""
        self.folder = folder
        self.var = folder / "var"
        self._arguments = arguments
        clean = {key: value for key, value in os.environ.items() if not self._is_setting(key)}
        self._environ = {**clean, "LOOPSCOPE_VAR": str(self.var), **(environ or {})}
        self._output = folder / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a process group of its own as a shell does; return at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [str(Path(sys.executable).with_name("loopscope")), "up", *self._arguments]
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self._environ,
                start_new_session=True,
            )

    def wait_ready(self, times: int = 1) -> None:
        """Wait until it said `times` times that it is ready; AssertionError with its output when it ends instead."""
        wait_until(lambda: len(self._ready()) >= times or self._ended(), READY_SECONDS)
        assert len(self._ready()) >= times, self.output

    def finish(self, number: signal.Signals | None = None, seconds: float = STOP_SECONDS) -> int:
        """Send `number` to its process group, if given, and wait for the end; the exit code."""
        assert self.process is not None
        if number is not None:
            os.killpg(self.process.pid, number)
        return self.process.wait(seconds)

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._ready()[-1]

    @property
    def output(self) -> str:
        """All that it has printed."""
        return self._output.read_text()

    def processes(self) -> list[psutil.Process]:
        """Every process that belongs to it, but for `loopscope up` itself."""
        return [one for one in strays.find(str(self.var)) if _words(one)]

    def process_named(self, word: str) -> psutil.Process:
        """The oldest of its processes whose command line has `word`, once there is one."""
        found = wait_until(lambda: [one for one in self.processes() if word in _words(one)])
        return min(found, key=lambda one: one.create_time())

    def __enter__(self) -> Self:
        """Start and wait until it is ready; nothing stays behind when it never is."""
        self.start()
        try:
            self.wait_ready()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it, if the test has not."""
        self._end()

    def _end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.finish(signal.SIGTERM)

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def _ready(self) -> list[str]:
        return re.findall(r"^Loopscope is ready: (\S+)", self.output, re.MULTILINE)

    @staticmethod
    def _is_setting(name: str) -> bool:
        return name in NOT_INHERITED or (name.startswith("LOOPSCOPE_") and name != "LOOPSCOPE_CHROMIUM")


def _words(process: psutil.Process) -> str:
    """Its command line; empty for one that is gone."""
    with contextlib.suppress(psutil.Error, OSError):
        if process.status() != psutil.STATUS_ZOMBIE:
            return " ".join(process.cmdline())
    return ""
