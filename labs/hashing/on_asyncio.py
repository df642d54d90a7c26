"""A burst of hashes on the standard library's thread pool, asked for by asyncio."""

from __future__ import annotations

import asyncio
import platform
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import pbkdf2_hmac

from labs.sdk.emitter import start

params, emit = start()
pool = ThreadPoolExecutor(params["pool"])


def one_hash() -> None:
    pbkdf2_hmac("sha512", b"a", b"b", params["iterations"], 512)


def timed_alone() -> float:
    begun = time.perf_counter()
    one_hash()
    return time.perf_counter() - begun


def on_a_thread(n: str) -> None:
    with emit.span(n, f"hash {n}"):
        one_hash()


async def ask(n: str) -> None:
    emit.queued(n, f"hash {n}")
    await asyncio.get_running_loop().run_in_executor(pool, on_a_thread, n)


async def main() -> None:
    loop = asyncio.get_running_loop()
    emit.host(python=platform.python_version(), loop=type(loop).__name__, pool=pool._max_workers)
    emit.sample("unit", await loop.run_in_executor(pool, timed_alone), when="before")

    emit.zero()
    cpu = time.process_time()
    await asyncio.gather(*(ask(str(n + 1)) for n in range(params["tasks"])))
    total, cpu = emit.now(), time.process_time() - cpu

    emit.sample("total seen by the loop", total)
    emit.sample("CPU time", cpu)
    emit.sample("unit", await loop.run_in_executor(pool, timed_alone), when="after")


asyncio.run(main())
emit.close()
