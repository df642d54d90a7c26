"""One request, one file read and some hashes, asked for in this order at the same moment by asyncio."""

from __future__ import annotations

import asyncio
import os
import platform
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import pbkdf2_hmac
from typing import Any

from labs.sdk.emitter import start
from labs.sdk.outside import outside
from labs.sdk.slow import slow_server

params, emit = start()
pool = ThreadPoolExecutor(params["pool"])
FILE = __file__


async def get() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", slow.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.read()
    writer.close()


async def request() -> None:
    with outside(emit, "request", "request", kind="net", lane="request 1"):
        await get()


def hop_on_a_thread(name: str, call: Callable[..., Any], *args: Any) -> Any:
    with emit.span(name, name, kind="fs"):
        return call(*args)


async def hop(name: str, call: Callable[..., Any], *args: Any) -> Any:
    emit.queued(name, name, kind="fs")
    return await asyncio.get_running_loop().run_in_executor(pool, hop_on_a_thread, name, call, *args)


async def bare(name: str, call: Callable[..., Any], *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(pool, call, *args)


async def read_file(hop: Callable[..., Any]) -> None:
    file = await hop("open", os.open, FILE, os.O_RDONLY)
    size = (await hop("stat", os.fstat, file)).st_size
    await hop("read", os.read, file, size)
    await hop("close", os.close, file)


def one_hash() -> None:
    pbkdf2_hmac("sha512", b"a", b"b", params["iterations"], 512)


def hash_on_a_thread(n: int) -> None:
    with emit.span(f"hash {n}", f"hash {n}", kind="cpu"):
        one_hash()


async def hash(n: int) -> None:
    emit.queued(f"hash {n}", f"hash {n}", kind="cpu")
    await asyncio.get_running_loop().run_in_executor(pool, hash_on_a_thread, n)


async def alone(when: str) -> None:
    """Each of the three with nothing beside it and nothing reported meanwhile."""
    begun = time.perf_counter()
    await get()
    asked = time.perf_counter()
    await read_file(bare)
    read = time.perf_counter()
    await asyncio.get_running_loop().run_in_executor(pool, one_hash)
    emit.sample("unit", time.perf_counter() - read, when=when)
    emit.sample("request alone", asked - begun, when=when)
    emit.sample("file alone", read - asked, when=when)


async def main() -> None:
    await alone("before")
    emit.zero()
    await asyncio.gather(request(), read_file(hop), *(hash(n + 1) for n in range(params["hashes"])))
    emit.sample("total seen by the loop", emit.now())
    await alone("after")


with asyncio.Runner() as runner:
    loop = type(runner.get_loop()).__name__
    emit.host(python=platform.python_version(), loop=loop, pool=pool._max_workers)
    with slow_server(params["server"], params["latency"]) as slow:
        runner.run(main())
emit.close()
