"""The processes of the Procfile, under honcho."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from signal import SIGTERM

from dashboard.settings import ROOT
from labs.sdk.leash import tied

READY_SECONDS = 60.0
STOP_SECONDS = 8.0  # honcho kills what is left after 5
POLL_SECONDS = 0.05
LOG_LINES = 20
STOPPED = re.compile(r"\b(\w+)\.\d+ stopped \(rc=(-?\d+)\)")


class AppsError(RuntimeError):
    """The processes did not come up, or do not stay up; the message ends with the last lines of their log."""


class Apps:
    """honcho and what it runs, all output in one log file."""

    def __init__(self, log: Path, url: str, environ: Mapping[str, str]) -> None:
        """`url` is where the web process will answer; `environ` is added to our own environment."""
        self.log = log
        self._url = url
        commands = str(Path(sys.executable).parent)
        self._environ = {
            **os.environ,
            **environ,
            "PATH": f"{commands}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONUNBUFFERED": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def alive(self) -> bool:
        """Whether honcho was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start honcho and return at once."""
        command = [
            sys.executable,
            "-m",
            "honcho",
            "-e",
            os.devnull,
            "--no-colour",
            "start",
            "-f",
            str(ROOT / "Procfile"),
        ]
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                tied(command, SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=self._environ,
                start_new_session=True,
            )

    def wait(self, seconds: float = READY_SECONDS) -> None:
        """Return when web and runner are at work. Raises `AppsError` when honcho ends first or `seconds` pass."""
        deadline = time.monotonic() + seconds
        while not self.ready():
            if not self.alive:
                raise AppsError(f"{self.last_words()} while starting.{self.tail()}")
            if time.monotonic() > deadline:
                raise AppsError(f"Loopscope was not ready within {seconds:.0f} s.{self.tail()}")
            time.sleep(POLL_SECONDS)

    def ready(self) -> bool:
        """Whether the web process answers that it has its servers and a runner."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(f"{self._url}/api/status", timeout=2) as answer:
                status = json.load(answer)
        except (OSError, ValueError):
            return False
        return bool(status.get("ready") and status.get("runner"))

    def stop(self) -> None:
        """End honcho, and through it the processes: ask, wait, kill."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def last_words(self) -> str:
        """Which process ended first, and how: honcho then stops the others."""
        first = STOPPED.search(self._logged())
        return f"The {first[1]} process ended (exit code {first[2]})" if first else "The processes ended"

    def tail(self) -> str:
        """The last lines of this start's log, for an error message."""
        lines = [f"Last lines of {self.log}:", *self._logged().splitlines()[-LOG_LINES:]]
        return "".join(f"\n  {line}" for line in lines)

    def _logged(self) -> str:
        with self.log.open("rb") as output:
            output.seek(self._log_start)
            return output.read().decode(errors="replace")
