"""Requests, slow reads or hashes, all asked for at the same moment by gevent."""

from __future__ import annotations

import os
import time
from hashlib import pbkdf2_hmac

import gevent
from gevent import get_hub, socket
from gevent.threadpool import ThreadPool

from labs.sdk.emitter import start
from labs.sdk.outside import outside
from labs.sdk.slow import slow_server

params, emit = start()
kind, tasks = params["kind"], params["tasks"]
pool = ThreadPool(params["pool"])


def get() -> None:
    with socket.create_connection(("127.0.0.1", slow.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while connection.recv(4096):
            pass


def read(n: int) -> None:
    os.read(files[n - 1], 1)


def hash(n: int) -> None:
    pbkdf2_hmac("sha512", b"a", b"b", params["iterations"], 512)


def read_on_a_thread(n: int) -> None:
    with emit.span(str(n), f"read {n}", kind="fs"):
        read(n)


def hash_on_a_thread(n: int) -> None:
    with emit.span(str(n), f"hash {n}", kind="cpu"):
        hash(n)


def ask(n: int) -> None:
    if kind == "requests":
        with outside(emit, str(n), f"request {n}", kind="net", lane=f"request {n}"):
            get()
    elif kind == "reads":
        emit.queued(str(n), f"read {n}", kind="fs")
        pool.apply(read_on_a_thread, (n,))
    else:
        emit.queued(str(n), f"hash {n}", kind="cpu")
        pool.apply(hash_on_a_thread, (n,))


def alone(when: str) -> None:
    """The same work once, with nothing beside it and nothing reported meanwhile."""
    begun = time.perf_counter()
    if kind == "requests":
        get()
    else:
        pool.apply(read if kind == "reads" else hash, (1,))
    emit.sample("unit" if kind == "hashes" else "alone", time.perf_counter() - begun, when=when)


def main() -> None:
    alone("before")

    emit.zero()
    cpu = time.process_time()
    gevent.joinall([gevent.spawn(ask, n + 1) for n in range(tasks)], raise_error=True)
    total, cpu = emit.now(), time.process_time() - cpu

    emit.sample("total seen by the loop", total)
    emit.sample("CPU time", cpu)
    alone("after")


emit.host(python="gevent " + gevent.__version__, loop=type(get_hub().loop).__module__, pool=pool.maxsize)
with slow_server(params["server"], params["latency"], tasks if kind == "reads" else 0) as slow:
    files = [os.open(path, os.O_RDONLY | os.O_NOCTTY) for path in slow.files]
    main()
emit.close()
