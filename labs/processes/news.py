"""What the server's processes tell the manager: one short JSON line each, into one pipe."""

from __future__ import annotations

import os
import time

import orjson


def tell(what: str, pid: int, **more: int) -> None:
    """`what`: born (and its age), ready, gone, leaking, crashed. The stamp is the machine's clock, one for all."""
    line = orjson.dumps({"what": what, "pid": pid, "t": time.perf_counter(), **more}) + b"\n"
    try:
        os.write(int(os.environ["PROCESSES_NEWS"]), line)
    except BrokenPipeError:
        os._exit(1)  # the manager is gone: nobody looks after this process any more
