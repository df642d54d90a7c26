"""Children of a program that end when it does, even when it is killed: they notice that nobody is at the other end.

One that has no thread to spare is tied by the kernel: `labs.sdk.leash`.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor


def end_with_parent(fd: int = 0) -> None:
    """For a child whose stdin is a pipe from its parent: end at once when that pipe is closed."""

    def wait() -> None:
        while os.read(fd, 1024):
            pass
        os._exit(0)

    threading.Thread(target=wait, name="leash", daemon=True).start()


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
