"""One request, one file read and some hashes, asked for in this order at the same moment by gevent."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import pbkdf2_hmac
from typing import Any

import gevent
from gevent import get_hub, socket
from gevent.threadpool import ThreadPool

from labs.sdk.emitter import start
from labs.sdk.outside import outside
from labs.sdk.slow import slow_server

params, emit = start()
pool = ThreadPool(params["pool"])
FILE = __file__


def get() -> None:
    with socket.create_connection(("127.0.0.1", slow.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while connection.recv(4096):
            pass


def request() -> None:
    with outside(emit, "request", "request", kind="net", lane="request 1"):
        get()


def hop_on_a_thread(name: str, call: Callable[..., Any], *args: Any) -> Any:
    with emit.span(name, name, kind="fs"):
        return call(*args)


def hop(name: str, call: Callable[..., Any], *args: Any) -> Any:
    emit.queued(name, name, kind="fs")
    return pool.apply(hop_on_a_thread, (name, call, *args))


def bare(name: str, call: Callable[..., Any], *args: Any) -> Any:
    return pool.apply(call, args)


def read_file(hop: Callable[..., Any]) -> None:
    file = hop("open", os.open, FILE, os.O_RDONLY)
    size = hop("stat", os.fstat, file).st_size
    hop("read", os.read, file, size)
    hop("close", os.close, file)


def one_hash() -> None:
    pbkdf2_hmac("sha512", b"a", b"b", params["iterations"], 512)


def hash_on_a_thread(n: int) -> None:
    with emit.span(f"hash {n}", f"hash {n}", kind="cpu"):
        one_hash()


def hash(n: int) -> None:
    emit.queued(f"hash {n}", f"hash {n}", kind="cpu")
    pool.apply(hash_on_a_thread, (n,))


def alone(when: str) -> None:
    """Each of the three with nothing beside it and nothing reported meanwhile."""
    begun = time.perf_counter()
    get()
    asked = time.perf_counter()
    read_file(bare)
    read = time.perf_counter()
    pool.apply(one_hash)
    emit.sample("unit", time.perf_counter() - read, when=when)
    emit.sample("request alone", asked - begun, when=when)
    emit.sample("file alone", read - asked, when=when)


def main() -> None:
    alone("before")
    emit.zero()
    asked: list[gevent.Greenlet[..., None]] = [gevent.spawn(request), gevent.spawn(read_file, hop)]
    asked += [gevent.spawn(hash, n + 1) for n in range(params["hashes"])]
    gevent.joinall(asked, raise_error=True)
    emit.sample("total seen by the loop", emit.now())
    alone("after")


emit.host(python="gevent " + gevent.__version__, loop=type(get_hub().loop).__module__, pool=pool.maxsize)
with slow_server(params["server"], params["latency"]) as slow:
    main()
emit.close()
