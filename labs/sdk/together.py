"""Several processes of one run that report on one stdout, in one time (together.mjs for Node).

A pipe takes a write of up to `PIPE_BUF` bytes in one piece. So the lines of several processes never mix, as long as
each write is whole lines and no longer than that. The clock is the machine's: every process on it reads the same one.
"""

from __future__ import annotations

import os
import select
import sys
import time
from typing import Any, BinaryIO, cast

import orjson

from labs.sdk.emitter import Emitter

PIPE_BUF = getattr(select, "PIPE_BUF", 512)


def start_together() -> tuple[dict[str, Any], SharedEmitter]:
    """Parameters of this program (JSON in its first argument) and an emitter that shares stdout with others."""
    params = orjson.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    return params, SharedEmitter()


class WholeLines:
    """Writes to a pipe in pieces that are whole lines and small enough to stay in one piece."""

    def __init__(self, fd: int, largest: int = PIPE_BUF) -> None:
        self._fd = fd
        self._largest = largest

    def write(self, data: bytes) -> int:
        """Write everything. A line that is longer than a piece goes alone."""
        begin = 0
        while begin < len(data):
            end = len(data)
            if end - begin > self._largest:
                end = data.rfind(b"\n", begin, begin + self._largest) + 1 or data.find(b"\n", begin) + 1 or end
            self._write_all(data[begin:end])
            begin = end
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def _write_all(self, piece: bytes) -> None:
        while piece:
            piece = piece[os.write(self._fd, piece) :]


class SharedEmitter(Emitter):
    """An emitter whose stdout other processes write to as well, and whose zero can be any moment, also one to come."""

    def __init__(self, fd: int = 1) -> None:
        super().__init__(cast(BinaryIO, WholeLines(fd)), time.perf_counter)
        self._lead = 0.0

    def zero_at(self, stamp: float) -> None:
        """t = 0 is at this reading of `time.perf_counter`; before it t is negative."""
        self.zero()
        self._lead = stamp - time.perf_counter()

    def now(self) -> float:
        """Seconds since zero."""
        return super().now() - self._lead

    def finish(self) -> None:
        """Write everything and stop the writer, without a word: only the program itself says `done`."""
        self._queue.put(None)
        self._writer.join()
