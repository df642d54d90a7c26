"""A small HTTP server on gevent. `/` works for a while, `/fast` answers at once. Who keeps whom waiting?"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from gevent import get_hub
from gevent.pywsgi import WSGIServer
from gevent.subprocess import PIPE, Popen
from gevent.threadpool import ThreadPool

from labs.blocked_loop.work import timed, work, work_in_a_process
from labs.sdk.gil import gil_facts
from labs.sdk.offspring import process_pool, ready
from labs.sdk.together import start_together

BEAT = 0.02


def on_the_loop() -> None:
    with emit.span("work loop", "work on the loop", lane="loop"):
        work(kind, rounds)


def in_slices() -> None:
    for n in range(1, slices + 1):
        with emit.span(f"slice {n}", f"slice {n}", lane="loop"):
            work(kind, rounds // slices)
        gevent.sleep(1e-6)  # sleep(0) would only let ready greenlets run, and never look at sockets or timers


def in_a_thread() -> None:
    emit.queued("work thread", "work in a thread")
    thread.apply(on_the_thread)


def on_the_thread() -> None:
    with emit.span("work thread", "work in a thread", lane="thread 1"):
        work(kind, rounds)


def in_a_process() -> None:
    emit.queued("work process", "work in a process")
    get_hub().threadpool.apply(process.submit(work_in_a_process, kind, rounds, zero).result)


WAYS = {"loop": on_the_loop, "slices": in_slices, "thread": in_a_thread, "process": in_a_process}


def answer(path: str, query: str, taken: float) -> None:
    global zero, beating
    if path == "/":
        emit.emit("mark", text=f"/ begins ({query})", severity="warn")
        WAYS[query]()
        emit.emit("mark", text=f"/ ends ({query})")
    elif path == "/begin":
        zero = taken + float(query)
        emit.zero_at(zero)
        beating = gevent.spawn(heartbeat)


def heartbeat() -> None:
    """The loop lag: how late a timer is that wants to be called every 20 ms."""
    while True:
        due = time.perf_counter() + BEAT
        gevent.sleep(BEAT)
        emit.sample("loop lag", max(0.0, time.perf_counter() - due))


def serve(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    taken = time.perf_counter()
    answer(environ["PATH_INFO"], environ["QUERY_STRING"], taken)
    start_response("200 OK", [("X-Taken", f"{taken:.9f}")])
    return [b"ok\n"]


def main() -> None:
    emit.host(python="gevent " + gevent.__version__, loop=type(get_hub().loop).__module__, **gil_facts())
    thread.apply(ready)
    process.submit(ready).result()
    emit.sample("unit", timed(kind, rounds), when="before")

    server = WSGIServer(("127.0.0.1", 0), serve, backlog=512, log=None)
    server.start()
    settings = json.dumps({**params, "port": server.server_port})
    prober = Popen([sys.executable, "-P", str(Path(__file__).with_name("prober.py")), settings], stdin=PIPE)
    if prober.wait():
        raise RuntimeError("the prober failed")
    beating.kill()
    server.stop()

    emit.sample("unit", timed(kind, rounds), when="after")


if __name__ == "__main__":
    params, emit = start_together()
    kind, rounds, slices = params["work"], params["rounds"]["python"], params["slices"]
    zero, beating = 0.0, gevent.Greenlet()  # both from when the prober begins
    thread, process = ThreadPool(1), process_pool()
    main()
    process.shutdown()
    emit.close()
