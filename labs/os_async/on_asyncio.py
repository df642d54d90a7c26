"""Requests, slow reads or hashes, all asked for at the same moment by asyncio."""

from __future__ import annotations

import asyncio
import os
import platform
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import pbkdf2_hmac

from labs.sdk.emitter import start
from labs.sdk.outside import outside
from labs.sdk.slow import slow_server

params, emit = start()
kind, tasks = params["kind"], params["tasks"]
pool = ThreadPoolExecutor(params["pool"])


async def get() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", slow.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.read()
    writer.close()


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


async def ask(n: int) -> None:
    loop = asyncio.get_running_loop()
    if kind == "requests":
        with outside(emit, str(n), f"request {n}", kind="net", lane=f"request {n}"):
            await get()
    elif kind == "reads":
        emit.queued(str(n), f"read {n}", kind="fs")
        await loop.run_in_executor(pool, read_on_a_thread, n)
    else:
        emit.queued(str(n), f"hash {n}", kind="cpu")
        await loop.run_in_executor(pool, hash_on_a_thread, n)


async def alone(when: str) -> None:
    """The same work once, with nothing beside it and nothing reported meanwhile."""
    begun = time.perf_counter()
    if kind == "requests":
        await get()
    else:
        await asyncio.get_running_loop().run_in_executor(pool, read if kind == "reads" else hash, 1)
    emit.sample("unit" if kind == "hashes" else "alone", time.perf_counter() - begun, when=when)


async def main() -> None:
    await alone("before")

    emit.zero()
    cpu = time.process_time()
    await asyncio.gather(*(ask(n + 1) for n in range(tasks)))
    total, cpu = emit.now(), time.process_time() - cpu

    emit.sample("total seen by the loop", total)
    emit.sample("CPU time", cpu)
    await alone("after")


with asyncio.Runner() as runner:
    loop = type(runner.get_loop()).__name__
    emit.host(python=platform.python_version(), loop=loop, pool=pool._max_workers)
    with slow_server(params["server"], params["latency"], tasks if kind == "reads" else 0) as slow:
        files = [os.open(path, os.O_RDONLY | os.O_NOCTTY) for path in slow.files]
        runner.run(main())
emit.close()
