"""Asks the server from outside, from a process of its own, so that no busy server can hide how long it let one wait.

`/fast` is asked at a fixed rate, whether earlier answers have come or not (open arrivals). Its time counts from the
moment at which it was meant to be sent. Meanwhile `/` is asked once for each way in which it can work.
"""

from __future__ import annotations

import asyncio
import re
import time

from labs.sdk.offspring import end_with_parent
from labs.sdk.together import start_together

HANDSHAKES = 5
TAKEN = re.compile(rb"^x-taken: *([\d.]+)", re.IGNORECASE | re.MULTILINE)

params, emit = start_together()
quiet, rate = params["quiet"], params["rate"]


async def get(path: str) -> float:
    """When the server took the request up, by its clock (it says so in a header)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", params["port"])
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    taken = TAKEN.search(answer)
    if taken is None:
        raise ConnectionError(f"{path} was not answered: {answer[:80]!r}")
    return float(taken[1])


async def clock_offset() -> float:
    """The server's clock minus ours: 0 on one machine, unless its runtimes read different clocks."""
    tries = []
    for _ in range(HANDSHAKES):
        begun = time.perf_counter()
        taken = await get("/fast")
        ended = time.perf_counter()
        tries.append((ended - begun, taken - (begun + ended) / 2))
    took, offset = min(tries)
    return 0.0 if abs(offset) <= took else offset


async def ask(id: str, path: str, lane: str, due: float) -> None:
    """One request: asked at `due`, begun when the server took it up, ended when its answer had come."""
    emit.emit("queued", t=due, id=id, name=id, kind="net", lane="waiting")
    taken = await get(path)
    ended = emit.now()
    emit.emit("begin", t=min(max(due, taken - zero), ended), id=id, name=id, kind="net", lane=lane)
    emit.emit("end", t=ended, id=id)


async def ask_fast(asked: list[asyncio.Task[None]], group: asyncio.TaskGroup) -> None:
    """/fast, /fast, /fast … until cancelled. Keeps how late this process itself was, at worst."""
    global late
    n = 0
    while True:
        due = (n + 0.5) / rate - quiet
        await asyncio.sleep(due - emit.now())
        late = max(late, emit.now() - due)
        n += 1
        asked.append(group.create_task(ask(f"/fast {n}", "/fast", "/fast", due)))


async def probe() -> None:
    """Before, during and after each way of working."""
    global late
    asked: list[asyncio.Task[None]] = []
    async with asyncio.TaskGroup() as group:
        pacer = group.create_task(ask_fast(asked, group))
        due = 0.0
        for way in params["ways"]:
            await asyncio.sleep(due - emit.now())
            late = 0.0
            await ask(f"/ {way}", f"/?{way}", "/", due)
            await asyncio.gather(*asked)
            emit.sample("prober late", 1000 * late, unit="ms", way=way)
            due = emit.now() + quiet
        await asyncio.sleep(due - emit.now())
        pacer.cancel()


async def main() -> None:
    """Agree on a clock and a zero with the server, then ask."""
    global zero
    offset = await clock_offset()
    zero = await get(f"/begin?{quiet}") + quiet
    emit.zero_at(zero - offset)
    await probe()


zero = late = 0.0
end_with_parent()
asyncio.run(main())
emit.finish()
