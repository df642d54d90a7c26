"""What the server's processes tell the manager: one short JSON line each, into one pipe. And how they end with it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time

import orjson

PR_SET_PDEATHSIG = 1


def tell(what: str, pid: int, **more: int) -> None:
    """`what`: born (and its age), ready, gone, leaking, crashed. The stamp is the machine's clock, one for all."""
    line = orjson.dumps({"what": what, "pid": pid, "t": time.perf_counter(), **more}) + b"\n"
    try:
        os.write(int(os.environ["PROCESSES_NEWS"]), line)
    except BrokenPipeError:
        os._exit(1)  # the manager is gone: nobody looks after this process any more


def end_with_process(parent: int) -> None:
    """Be killed when the parent dies, however it does (Linux; elsewhere gunicorn's workers look once a second)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
