"""One copy for each var folder: a file lock that the kernel lets go of however its holder ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class AlreadyRunning(RuntimeError):
    """Another copy holds the lock; the message says where it is."""


class Lock:
    """Holds `path` locked inside a `with`; the file names the holder and goes away with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Take the lock. Raises `AlreadyRunning`."""
        while self._file is None:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(file, 1000, 0).decode()
                os.close(file)
                raise AlreadyRunning(_in_words(holder)) from None
            if self._is_current(file):
                self._file = file
            else:  # the last holder removed it between our open and our lock
                os.close(file)
        self.note("")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the file, then let go of it."""
        if self._file is not None:
            self.path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def note(self, url: str) -> None:
        """Write down who we are and where we answer, for a second copy to say."""
        assert self._file is not None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n{url}\n".encode(), 0)

    def _is_current(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), os.stat(self.path))
        except FileNotFoundError:
            return False


def _in_words(holder: str) -> str:
    pid, _, url = holder.strip().partition("\n")
    where = f"running at {url}" if url else "starting"
    return f"Loopscope is already {where} (pid {pid or 'unknown'})."
