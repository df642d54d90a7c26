"""One hash through asyncio: to a pool thread, through hashlib and its binding, down to OpenSSL."""

from __future__ import annotations

import asyncio
import concurrent.futures.thread
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from labs.call_path import ladder
from labs.call_path.ladder import BEAT, OtherThread, keeper, one_hash, timed
from labs.sdk.emitter import start
from labs.sdk.gil import gil_facts

params, emit = start()
hold = params["hold"]["python"]
pool = ThreadPoolExecutor(1, thread_name_prefix="pool")
seen: dict[str, list[str]] = {}


async def await_a_thread(n: int) -> None:
    await asyncio.to_thread(one_hash, n)


async def timed_await(n: int) -> float:
    begun = time.perf_counter()
    await asyncio.to_thread(one_hash, n)
    return time.perf_counter() - begun


def wait_for_a_thread(n: int) -> None:
    pool.submit(one_hash, n).result()


def layers() -> list[ladder.Layer]:
    loop = asyncio.get_running_loop()
    threads = concurrent.futures.thread.__file__
    return [
        {"id": "await", "function": "await asyncio.to_thread", "file": asyncio.threads.__file__,
         "version": f"{ladder.python()}, {type(loop).__name__}", "own": {"of": "await", "less": "pool"}, "act": "await",
         "note": "Copies the context, hands the call to the pool, and has the loop woken up when it is done.",
         "seen": seen.get(threading.main_thread().name, [])},
        {"id": "pool", "function": "ThreadPoolExecutor.submit", "file": threads, "version": ladder.python(),
         "own": {"of": "pool", "less": "direct"}, "act": "await",
         "note": "A queue, and threads that wait for it. Going to another thread and back is most of what this costs.",
         "seen": next((frames for name, frames in seen.items() if name.startswith(("asyncio_", "pool"))), [])},
        *ladder.library_layers(),
    ]  # fmt: skip


def tell_host() -> None:
    emit.host(python=ladder.python(), loop=type(asyncio.get_running_loop()).__name__, layers=layers(), **gil_facts())


async def heartbeat() -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + BEAT
        await asyncio.sleep(BEAT)
        emit.sample("event loop", max(0.0, loop.time() - due))


async def who_can_move() -> None:
    """The same long hash three times, while the loop and another thread want to be called every 4 ms."""
    beating, other = asyncio.create_task(heartbeat()), OtherThread(emit)
    await asyncio.sleep(params["quiet"])
    with emit.span("await", "awaited", lane="pool thread"):
        hashing = asyncio.create_task(await_a_thread(hold))
        await asyncio.sleep(params["quiet"])
        seen.update(ladder.stacks())
        await hashing
    await asyncio.sleep(params["quiet"])
    with emit.span("direct", "on the loop", lane="event loop"):
        one_hash(hold)
    await asyncio.sleep(params["quiet"])
    name, keep = keeper(params["hold_seconds"])
    with emit.span("kept", "GIL kept", lane="event loop"):
        keep(hold)
    emit.emit("mark", text=f"GIL kept: {name}")
    await asyncio.sleep(params["quiet"])
    beating.cancel()
    await asyncio.to_thread(other.end)


async def grow() -> None:
    """Every layer in turn, call by call, so that all of them share the machine's moods."""
    entries = {"pool": wait_for_a_thread, **ladder.direct_entries()}
    names = ["await", *entries]
    for n in params["sizes"]:
        took: dict[str, list[float]] = {entry: [] for entry in names}
        with emit.span(f"{n} iterations", f"{n}", lane="every layer in turn"):
            for turn in range(ladder.turns(len(names), n)):
                for entry in ladder.in_turn(names, turn):
                    took[entry].append(await timed_await(n) if entry == "await" else timed(entries[entry], n))
        ladder.tell(emit, n, took)


async def main() -> None:
    tell_host()
    emit.sample("unit", timed(one_hash, hold), when="before")
    await await_a_thread(1)
    wait_for_a_thread(1)
    emit.zero()
    await who_can_move()
    tell_host()
    await grow()
    emit.sample("unit", timed(one_hash, hold), when="after")


asyncio.run(main())
pool.shutdown()
emit.close()
