"""Children of a program that end when it does, even when it is killed: they notice that nobody is at the other end."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor

PR_SET_PDEATHSIG = 1


def end_with_parent(fd: int = 0) -> None:
    """For a child whose stdin is a pipe from its parent: end at once when that pipe is closed."""

    def wait() -> None:
        while os.read(fd, 1024):
            pass
        os._exit(0)

    threading.Thread(target=wait, name="leash", daemon=True).start()


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent dies: for one without a pipe to it, or a thread to spare.

    Linux only; elsewhere such a process is ended by its run's tag, or by itself.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def process_pool() -> ProcessPoolExecutor:
    """A pool of one process, started fresh ("spawn"), that ends with its program.

    It imports the program's file again, so that file must do its work below `if __name__ == "__main__":`.
    """
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _end_with_owner)


def ready() -> None:
    """Submit this to a pool and wait for it: then its worker has been started."""


def _end_with_owner() -> None:
    owner = multiprocessing.parent_process()
    assert owner is not None

    def wait() -> None:
        owner.join()
        os._exit(0)

    threading.Thread(target=wait, name="leash", daemon=True).start()
