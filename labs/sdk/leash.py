"""A process that ends when its parent does, however that ends: the kernel sees to it, the process need not look.

As a program this ties another one before it begins, whatever language that is in::

    python -I -S leash.py PARENT SIGNAL COMMAND …

It becomes that command. The kernel keeps the tie over the change. Only the standard library, and little of it: this
runs before every program, and takes less than 10 ms. The kernel ties a child to the *thread* that started it: such a
thread must live as long as the child is wanted.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
SIGKILL, SIGTERM = 9, 15
IGNORED_BY_PYTHON = (13, 25)
"""SIGPIPE and SIGXFSZ of Linux: what is ignored stays ignored in the program that comes next."""


def tied(command: list[str], end: int = SIGKILL) -> list[str]:
    """The command that starts this one as a child of the calling process, tied to it (on Linux).

    `end`: the signal that it gets when that process dies; SIGTERM for a server that has something to put away.
    """
    if sys.platform != "linux":
        return command
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(end)), *command]


def die_with_parent(parent: int, end: int = SIGKILL) -> None:
    """From now on the death of the parent sends this process `end`; if that has died already, end now.

    `parent`: its process id, as it said itself: only so one that died meanwhile is noticed. Linux only; elsewhere such
    a process is ended by its run's tag, or by itself.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, end, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]), int(sys.argv[2]))
    for number in IGNORED_BY_PYTHON:
        ctypes.CDLL(None).signal(number, 0)  # SIG_DFL; the module `signal` would take longer than all of this
    try:
        os.execvp(sys.argv[3], sys.argv[3:])
    except OSError as error:
        sys.exit(f"{sys.argv[3]}: {error.strerror}")
