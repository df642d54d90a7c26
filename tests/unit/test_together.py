"""Lines of several processes on one pipe, in one time."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import orjson
from hypothesis import given
from hypothesis import strategies as st

from labs.sdk.together import PIPE_BUF, SharedEmitter, WholeLines


class Recorder(WholeLines):
    """Keeps the pieces instead of writing them."""

    def __init__(self, largest: int) -> None:
        super().__init__(-1, largest)
        self.pieces: list[bytes] = []

    def _write_all(self, piece: bytes) -> None:
        self.pieces.append(piece)


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), min_size=1))
def test_pieces_are_whole_lines_and_small(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    out = Recorder(40)
    assert out.write(data) == len(data)
    assert b"".join(out.pieces) == data
    assert all(piece.endswith(b"\n") and len(piece) <= 40 for piece in out.pieces)


def test_a_line_that_is_too_long_goes_alone() -> None:
    out = Recorder(8)
    out.write(b"1\n" + b"x" * 20 + b"\n2\n")
    assert out.pieces == [b"1\n", b"x" * 20 + b"\n", b"2\n"]


WRITER = """
import sys
from labs.sdk.together import SharedEmitter
emit = SharedEmitter()
for n in range(2000):
    emit.sample(sys.argv[1], n)
emit.finish()
"""


def test_two_writers_never_cut_each_others_lines() -> None:
    """Two processes write thousands of events to one pipe, in batches that are larger than a piece."""
    read, write = os.pipe()
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name], stdout=write) for name in ("one", "other")]
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        events = [orjson.loads(line) for line in pipe]
    assert [writer.wait() for writer in writers] == [0, 0]
    for name in ("one", "other"):
        assert [e["value"] for e in events if e["series"] == name] == list(range(2000))


def test_zero_may_be_a_moment_to_come() -> None:
    read, write = os.pipe()
    emit = SharedEmitter(write)
    zero = time.perf_counter() + 10
    emit.zero_at(zero)
    assert -10 < emit.now() < -9
    emit.sample("before", 1)
    emit.zero_at(zero - 20)
    assert 10 < emit.now() < 11
    emit.close()
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        first, last = (orjson.loads(line) for line in pipe.read().splitlines())
    assert -10 < first["t"] < -9
    assert last["e"] == "done"


def test_finish_says_nothing() -> None:
    read, write = os.pipe()
    SharedEmitter(write).finish()
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        assert pipe.read() == b""


def test_pieces_fit_the_pipe() -> None:
    assert PIPE_BUF >= 512
