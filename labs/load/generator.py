"""Starts the load generator and reads what it reports.

Stamps are readings of `time.perf_counter`, which on one machine is the same clock in every process. Reports:

========= ====================================================================================================
r         carries
========= ====================================================================================================
zero      t: when the loads begin (their own `begin` counts from here)
asked     load, n, due: of loads that report `each`, when a request was due
request   load, n, due, sent, done (stamps), status, error, headers: of loads that report `each`, when it has ended
tick      load, t, done, errors, slowest (seconds), open: ten times a second; what happened since the last one
summary   load, n, errors (by kind), began, seconds, rate, from_due, from_sent (mean, low, p50, p90, high, p99 from a
          thousand answers on), histogram (HdrHistogram, base64, microseconds), generator
========= ====================================================================================================

`from_due` counts from when a request was meant to be sent, `from_sent` from when it was. The two differ when a request
had to wait for a free connection. In closed arrivals they are the same: there nobody means to send before an answer.

Errors: "refused", "reset", "closed" (before the answer), "timeout", "unreadable", "status 503", "no connection: …".

`generator`: since (stamp: what follows is about the time from then on), cpu (share of one CPU), starved (share of the
time it was ready and had no CPU; null where the system does not tell), late (seconds within which nine requests in ten
were noticed), bottleneck (null, or why the generator and not the server may have been the limit, in words).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from labs.load.load import Load
from labs.load.stream import Report

PROGRAM = Path(__file__).with_name("program.py")
PATIENCE = 5.0


class GeneratorFailed(RuntimeError):
    """The load generator ended without its summaries."""


class Generator:
    """Use as a context manager: leaving it ends the process. It also ends when this process does."""

    def __init__(self, port: int, loads: Sequence[Load]) -> None:
        given = orjson.dumps({"port": port, "loads": [asdict(load) for load in loads]}).decode()
        self._loads = len(loads)
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(PROGRAM), given], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Generator:
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """Send nothing new. Reports go on until the last answer, then come the summaries. It may have ended."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            os.write(self._process.stdin.fileno(), b"stop\n")

    def reports(self) -> Iterator[Report]:
        """As they come, the summaries (one a load) last. Raises `GeneratorFailed` when they do not come."""
        assert self._process.stdout is not None
        summaries = 0
        for line in self._process.stdout:
            if not line.endswith(b"\n"):  # it was killed in the middle of it
                break
            report = orjson.loads(line)
            summaries += report["r"] == "summary"
            yield report
        if summaries < self._loads:
            raise GeneratorFailed(f"the load generator ended early, with exit code {self._process.wait()}")
