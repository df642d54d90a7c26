"""Counting on the event loop of asyncio, in threads, processes and sub-interpreters. How is the loop meanwhile?"""

from __future__ import annotations

import asyncio
import platform
import time
from concurrent.futures import Executor, ThreadPoolExecutor

from labs.sdk.gil import gil_facts
from labs.sdk.offspring import process_pool, ready
from labs.sdk.together import start_together
from labs.workers.counting import IN_A_ROUND, count, counted, timed
from labs.workers.interpreters import interpreter_pool

BEAT = 0.02

WORKERS = {"thread": lambda: ThreadPoolExecutor(1), "process": process_pool, "interpreter": interpreter_pool}
Free = asyncio.Queue[tuple[int, Executor]]


def on_this_thread(id: str, name: str, lane: str) -> float:
    with emit.span(id, name, lane=lane):
        count(rounds)
    return time.perf_counter()


async def on_the_loop(id: str, name: str) -> None:
    on_this_thread(id, name, "loop")


async def beside_the_loop(way: str, id: str, name: str, free: Free) -> None:
    asked = time.perf_counter()
    number, worker = await free.get()
    lane = f"worker {number}"
    emit.sample("post", 1000 * (time.perf_counter() - asked), unit="ms", id=id)
    loop = asyncio.get_running_loop()
    if way == "thread":
        ended = await loop.run_in_executor(worker, on_this_thread, id, name, lane)
    else:
        about = {"id": id, "name": name, "lane": lane, "kind": "cpu"}
        ended = await loop.run_in_executor(worker, counted, rounds, about, zero)
    emit.sample("onmessage", 1000 * (time.perf_counter() - ended), unit="ms", id=id)
    free.put_nowait((number, worker))


async def count_all(way: str) -> None:
    """All the counts in one way, on fresh workers that have been started before."""
    global zero
    workers = [WORKERS[way]() for _ in range(params["workers"])] if way != "loop" else []
    free: Free = asyncio.Queue()
    for number, worker in enumerate(workers, 1):
        await asyncio.get_running_loop().run_in_executor(worker, ready)
        free.put_nowait((number, worker))
    if not zero:
        zero = time.perf_counter() + params["quiet"]
        emit.zero_at(zero)
        beating.append(asyncio.create_task(heartbeat()))
    await asyncio.sleep(params["quiet"])
    emit.emit("mark", text=f"begins ({way})")
    counts = [(f"{way} {n}", f"{way} ({n})") for n in range(1, params["tasks"] + 1)]
    for id, name in counts:
        emit.queued(id, name)
    await asyncio.gather(*(on_the_loop(*c) if way == "loop" else beside_the_loop(way, *c, free) for c in counts))
    emit.emit("mark", text=f"ends ({way})")
    await asyncio.gather(*(asyncio.to_thread(worker.shutdown) for worker in workers))


async def heartbeat() -> None:
    """The loop lag: how late a timer is that wants to be called every 20 ms."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + BEAT
        await asyncio.sleep(BEAT)
        emit.sample("loop lag", max(0.0, loop.time() - due))


async def main() -> None:
    loop = type(asyncio.get_running_loop()).__name__
    emit.host(python=platform.python_version(), loop=loop, counts_to=rounds * IN_A_ROUND, **gil_facts())
    emit.sample("unit", timed(rounds), when="before")
    for way in params["ways"]:
        await count_all(way)
    await asyncio.sleep(params["quiet"])
    beating.pop().cancel()
    emit.sample("unit", timed(rounds), when="after")


if __name__ == "__main__":
    params, emit = start_together()
    rounds = params["rounds"]["asyncio"]
    zero, beating = 0.0, list[asyncio.Task[None]]()  # both from when the first way begins
    asyncio.run(main())
    emit.close()
