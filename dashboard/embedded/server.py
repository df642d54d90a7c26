"""What every embedded server shares: start, wait until it answers, stop, tell what it logged."""

from __future__ import annotations

import os
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from signal import SIGTERM
from types import TracebackType
from typing import Self

from dashboard.embedded.ports import free_port
from labs.sdk.leash import tied

START_SECONDS = 60.0
STOP_SECONDS = 8.0
POLL_SECONDS = 0.01
LOG_LINES = 12


class ServerError(RuntimeError):
    """An embedded server did not start; the message ends with the last lines of its log."""


class Server(ABC):
    """A server process on 127.0.0.1 with its data in `folder` and its output in `log`.

    As a context manager it is started, waited for and stopped. It runs in a session of its own, so a Ctrl-C in the
    terminal is not its business, and tied to it, so it never outlives the process that started it.
    """

    name: str

    def __init__(self, folder: Path, log: Path, *, port: int | None = None, tag: str | None = None) -> None:
        """`tag` is the LOOPSCOPE_HOME_TAG that the process carries, so that a later start can find it."""
        self.folder = folder.absolute()
        self.log = log.absolute()
        self.port = port or free_port()
        self.tag = tag
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that serves `folder` on `port`."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server answers its protocol's own greeting now. Raises OSError when it cannot be reached."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients connect."""

    @property
    def pid(self) -> int:
        """The server's process id. Raises ServerError when it was not started."""
        if self._process is None:
            raise ServerError(f"{self.name} was not started")
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and return at once; `wait` says when it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        tag = {"LOOPSCOPE_HOME_TAG": self.tag} if self.tag else {}
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                tied(self.command(), SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=os.environ | tag,
                start_new_session=True,
            )

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Return when the server answers. Raises ServerError when it ends first or `seconds` pass."""
        deadline = time.monotonic() + seconds
        while not self._answers():
            if not self.alive:
                code = self._process.returncode if self._process else None
                raise ServerError(f"{self.name} ended while starting (exit code {code}).{self._logged()}")
            if time.monotonic() > deadline:
                self.stop()
                raise ServerError(f"{self.name} did not answer within {seconds:.0f} s.{self._logged()}")
            time.sleep(POLL_SECONDS)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End the process: ask, wait up to `seconds`, kill. Does nothing when it has ended."""
        self._terminate()
        self._wait_for_end(seconds)

    def __enter__(self) -> Self:
        """Start and wait; nothing stays behind when that fails."""
        self.start()
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the process."""
        self.stop()

    def _terminate(self) -> None:
        if self._process is not None and self.alive:
            self._process.terminate()

    def _wait_for_end(self, seconds: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            return self.alive and self.answers()
        except OSError:
            return False

    def _logged(self) -> str:
        with self.log.open("rb") as output:
            output.seek(self._log_start)
            lines = output.read().decode(errors="replace").splitlines()[-LOG_LINES:]
        return "".join(f"\n  {line}" for line in [f"Last lines of {self.log}:", *lines])
