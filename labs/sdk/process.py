"""One child program: start it, read its lines without ever being drowned or left waiting, end all of it."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import psutil

from labs.sdk.events import LONGEST_LINE
from labs.sdk.leash import tied
from labs.sdk.tag import TAG

PACE_SECONDS = 0.008
"""Read no more often than this: small events gather in the pipe and travel together."""

CHUNK = 256 * 1024
PIPE_FULL = 60 * 1024
"""A read of this size found the pipe (64 KiB on Linux) full: the program may be waiting, read on at once."""

TERMINATE_SECONDS = 1.0

SECRETS = ("GOOGLE_", "LOOPSCOPE_SECRET", "LOOPSCOPE_S3_")
"""How variables begin that are this copy's alone: no program of a lab needs them."""


@dataclass(frozen=True)
class Lines:
    """Whole lines that came from "stdout" or "stderr"; `cut` counts lines dropped as too long."""

    stream: str
    lines: list[bytes]
    cut: int = 0


IDLE = Lines("stdout", [])
"""Nothing came for a moment."""


class LineBuffer:
    """Cuts a byte stream into lines and forgets a line that grows beyond `longest`."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._rest = b""
        self._skipping = False

    def feed(self, chunk: bytes) -> tuple[list[bytes], int]:
        """Complete lines in `chunk` and how many were dropped."""
        *lines, rest = (self._rest + chunk).split(b"\n")
        cut = 0
        if self._skipping and lines:
            lines.pop(0)
            self._skipping = False
        if len(rest) > self._longest or self._skipping:
            cut = 0 if self._skipping else 1
            self._skipping, rest = True, b""
        kept = [line for line in lines if len(line) <= self._longest]
        self._rest = rest
        return [line for line in kept if line.strip()], cut + len(lines) - len(kept)

    def finish(self) -> list[bytes]:
        """The last line, if it had no line end."""
        rest, self._rest = self._rest, b""
        return [rest] if rest.strip() else []


class ChildProcess:
    """A program in this process group, tagged with its run. Use as a context manager.

    On Linux it is killed when the thread that made this object ends, and so when this process does, however it ends.
    With `listens` its stdin is a pipe, for `send`; otherwise it is empty.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], tag: str, *, listens: bool = False) -> None:
        self._tag = tag
        self._child = subprocess.Popen(
            tied([*command]),
            stdin=subprocess.PIPE if listens else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**_inherited(), **environ, TAG: tag},
            bufsize=0,
        )
        assert self._child.stdout is not None
        assert self._child.stderr is not None
        self._pipes = {"stdout": self._child.stdout, "stderr": self._child.stderr}
        if self._child.stdin is not None:
            os.set_blocking(self._child.stdin.fileno(), False)

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    @property
    def code(self) -> int | None:
        """Exit code; negative: the signal that ended it; None while it runs."""
        return self._child.poll()

    def send(self, line: bytes) -> bool:
        """Put one line (at most 4 KiB) into the program's stdin, whole or not at all; never waits.

        False when nobody can read it: the program has closed its stdin, has ended, or lets the lines pile up.
        """
        assert self._child.stdin is not None
        try:
            return os.write(self._child.stdin.fileno(), line) == len(line)
        except (BlockingIOError, BrokenPipeError):
            return False

    def read(self, deadline: float) -> Iterator[Lines]:
        """Lines as they come, until the program has ended and its pipes are empty; `IDLE` while nothing comes.

        A grandchild that holds the pipes open does not keep this waiting.
        Raises `TimeoutError` when `deadline` (`time.monotonic`) passes first.
        """
        buffers = {name: LineBuffer() for name in self._pipes}
        with selectors.DefaultSelector() as selector:
            for name, pipe in self._pipes.items():
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, selectors.EVENT_READ, name)
            while selector.get_map():
                ended = self._child.poll() is not None
                if not ended and time.monotonic() >= deadline:
                    raise TimeoutError
                ready = selector.select(timeout=0 if ended else 0.05)
                if ended and not ready:
                    break
                if not ready:
                    yield IDLE
                fullest = 0
                for key, _ in ready:
                    chunk = os.read(key.fd, CHUNK)
                    fullest = max(fullest, len(chunk))
                    if chunk:
                        yield Lines(key.data, *buffers[key.data].feed(chunk))
                    else:
                        selector.unregister(key.fileobj)
                if not ended and fullest < PIPE_FULL:
                    time.sleep(PACE_SECONDS)
        yield from (Lines(name, rest) for name, buffer in buffers.items() if (rest := buffer.finish()))
        if self._wait(max(0.0, deadline - time.monotonic())) is None:
            raise TimeoutError

    def end(self) -> None:
        """Terminate, wait, kill: the program and everything it started."""
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            self._wait(TERMINATE_SECONDS)
        end_tagged(self._tag, TERMINATE_SECONDS)
        self._child.wait()
        for pipe in self._pipes.values():
            pipe.close()
        if self._child.stdin is not None:
            self._child.stdin.close()

    def _wait(self, seconds: float) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(seconds)
        return self._child.poll()


def _inherited() -> dict[str, str]:
    """What every program gets of this process' environment."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}


def tagged(tag: str) -> list[psutil.Process]:
    """Every process of this user that carries the tag, but the calling one and its parents."""
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid not in spared and process.environ().get(TAG) == tag:
                found.append(process)
    return found


def end_tagged(tag: str, grace: float = 0.0) -> int:
    """End every process that carries the tag: SIGTERM, up to `grace` seconds, then SIGKILL.

    Works on daemons too (setsid, double fork), because they keep the environment they were born with.
    Returns how many there were.
    """
    found = tagged(tag)
    _signal(found, signal.SIGTERM if grace else signal.SIGKILL)
    _, alive = psutil.wait_procs(found, timeout=grace or 0.5)
    _signal(alive, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=TERMINATE_SECONDS)
    return len(found)


def _signal(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)
