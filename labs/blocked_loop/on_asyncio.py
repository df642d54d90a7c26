"""A small HTTP server on asyncio. `/` works for a while, `/fast` answers at once. Who keeps whom waiting?"""

from __future__ import annotations

import asyncio
import json
import platform
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from labs.blocked_loop.work import timed, work, work_in_a_process
from labs.sdk.gil import gil_facts
from labs.sdk.offspring import process_pool, ready
from labs.sdk.together import start_together

BEAT = 0.02


async def on_the_loop() -> None:
    with emit.span("work loop", "work on the loop", lane="loop"):
        work(kind, rounds)


async def in_slices() -> None:
    for n in range(1, slices + 1):
        with emit.span(f"slice {n}", f"slice {n}", lane="loop"):
            work(kind, rounds // slices)
        await asyncio.sleep(0)  # whoever is ready gets a turn


async def in_a_thread() -> None:
    emit.queued("work thread", "work in a thread")
    await asyncio.get_running_loop().run_in_executor(thread, on_the_thread)


def on_the_thread() -> None:
    with emit.span("work thread", "work in a thread", lane="thread 1"):
        work(kind, rounds)


async def in_a_process() -> None:
    emit.queued("work process", "work in a process")
    await asyncio.get_running_loop().run_in_executor(process, work_in_a_process, kind, rounds, zero)


WAYS = {"loop": on_the_loop, "slices": in_slices, "thread": in_a_thread, "process": in_a_process}


async def answer(path: str, query: str, taken: float) -> None:
    global zero
    if path == "/":
        emit.emit("mark", text=f"/ begins ({query})", severity="warn")
        await WAYS[query]()
        emit.emit("mark", text=f"/ ends ({query})")
    elif path == "/begin":
        zero = taken + float(query)
        emit.zero_at(zero)
        beating.append(asyncio.create_task(heartbeat()))


async def heartbeat() -> None:
    """The loop lag: how late a timer is that wants to be called every 20 ms."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + BEAT
        await asyncio.sleep(BEAT)
        emit.sample("loop lag", max(0.0, loop.time() - due))


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    taken = time.perf_counter()
    path, _, query = head.split()[1].decode().partition("?")
    await answer(path, query, taken)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\nX-Taken: %.9f\r\n\r\nok\n" % taken)
    await writer.drain()
    writer.close()


async def main() -> None:
    loop = asyncio.get_running_loop()
    emit.host(python=platform.python_version(), loop=type(loop).__name__, **gil_facts())
    await loop.run_in_executor(thread, ready)
    await loop.run_in_executor(process, ready)
    emit.sample("unit", timed(kind, rounds), when="before")

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=512)
    port = server.sockets[0].getsockname()[1]
    prober = await asyncio.create_subprocess_exec(
        sys.executable, "-P", str(Path(__file__).with_name("prober.py")), json.dumps({**params, "port": port}),
        stdin=asyncio.subprocess.PIPE,
    )  # fmt: skip
    if await prober.wait():
        raise RuntimeError("the prober failed")
    beating.pop().cancel()
    server.close()

    emit.sample("unit", timed(kind, rounds), when="after")


if __name__ == "__main__":
    params, emit = start_together()
    kind, rounds, slices = params["work"], params["rounds"]["python"], params["slices"]
    zero, beating = 0.0, list[asyncio.Task[None]]()  # both from when the prober begins
    thread, process = ThreadPoolExecutor(1), process_pool()
    asyncio.run(main())
    process.shutdown()
    emit.close()
