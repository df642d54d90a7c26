"""A burst of hashes on gevent's own kind of thread pool."""

from __future__ import annotations

import time
from hashlib import pbkdf2_hmac

import gevent
from gevent import get_hub
from gevent.threadpool import ThreadPool

from labs.sdk.emitter import start

params, emit = start()
pool = ThreadPool(params["pool"])


def one_hash() -> None:
    pbkdf2_hmac("sha512", b"a", b"b", params["iterations"], 512)


def timed_alone() -> float:
    begun = time.perf_counter()
    one_hash()
    return time.perf_counter() - begun


def on_a_thread(n: str) -> None:
    with emit.span(n, f"hash {n}"):
        one_hash()


def ask(n: str) -> None:
    emit.queued(n, f"hash {n}")
    pool.apply(on_a_thread, (n,))


loop = get_hub().loop
emit.host(python="gevent " + gevent.__version__, loop=type(loop).__module__, pool=pool.maxsize)
emit.sample("unit", pool.apply(timed_alone), when="before")

emit.zero()
cpu = time.process_time()
gevent.joinall([gevent.spawn(ask, str(n + 1)) for n in range(params["tasks"])], raise_error=True)
total, cpu = emit.now(), time.process_time() - cpu

emit.sample("total seen by the loop", total)
emit.sample("CPU time", cpu)
emit.sample("unit", pool.apply(timed_alone), when="after")
emit.close()
