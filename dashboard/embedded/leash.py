"""Start a command so that it ends when the process that started it does, however that one ended.

Run as a script, ``python leash.py PARENT COMMAND…``: asks the kernel for a SIGTERM on the parent's death, then becomes
the command, so the process id stays the same. Linux only; elsewhere the command just runs. The kernel counts the
*thread* that started us as the parent, so start leashed commands from the main thread.

It stands alone (standard library only, no site-packages) because that keeps it at a few milliseconds.
"""

from __future__ import annotations

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def leashed(command: list[str]) -> list[str]:
    """`command` as it is to be started from this process: on a leash."""
    if sys.platform != "linux":
        return command
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main(parent: int, command: list[str]) -> None:
    """Become `command`, unless `parent` is already gone."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
