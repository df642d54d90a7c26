"""One hash through gevent: to a thread of its native pool, through hashlib and its binding, down to OpenSSL."""

from __future__ import annotations

import threading

import gevent
import gevent.threadpool
from gevent import get_hub
from gevent.threadpool import ThreadPool

from labs.call_path import ladder
from labs.call_path.ladder import BEAT, OtherThread, keeper, one_hash, timed
from labs.sdk.emitter import start
from labs.sdk.gil import gil_facts

params, emit = start()
hold = params["hold"]["python"]
pool = ThreadPool(1)
seen: dict[str, list[str]] = {}


def through_the_pool(n: int) -> None:
    pool.apply(one_hash, (n,))


def layers() -> list[ladder.Layer]:
    loop = type(get_hub().loop)
    others = (threading.main_thread().name, "emitter", "another thread")
    return [
        {"id": "await", "function": "ThreadPool.apply", "file": gevent.threadpool.__file__,
         "version": f"gevent {gevent.__version__}, {loop.__module__}", "own": {"of": "await", "less": "direct"},
         "act": "await",
         "note": "The greenlet waits, a thread of the pool works, and wakes the hub up. gevent offers no way in "
                 "between, so going to the thread and waking the hub are one share.",
         "seen": next((frames for name, frames in seen.items() if name not in others), [])},
        *ladder.library_layers(),
    ]  # fmt: skip


def tell_host() -> None:
    emit.host(python=ladder.python(), loop=type(get_hub().loop).__module__, layers=layers(), **gil_facts())


def heartbeat() -> None:
    while True:
        due = emit.now() + BEAT
        gevent.sleep(BEAT)
        emit.sample("event loop", max(0.0, emit.now() - due))


def who_can_move() -> None:
    """The same long hash three times, while the loop and another thread want to be called every 4 ms."""
    beating, other = gevent.spawn(heartbeat), OtherThread(emit)
    gevent.sleep(params["quiet"])
    with emit.span("await", "awaited", lane="pool thread"):
        hashing = gevent.spawn(through_the_pool, hold)
        gevent.sleep(params["quiet"])
        seen.update(ladder.stacks())
        hashing.get()
    gevent.sleep(params["quiet"])
    with emit.span("direct", "on the loop", lane="event loop"):
        one_hash(hold)
    gevent.sleep(params["quiet"])
    name, keep = keeper(params["hold_seconds"])
    with emit.span("kept", "GIL kept", lane="event loop"):
        keep(hold)
    emit.emit("mark", text=f"GIL kept: {name}")
    gevent.sleep(params["quiet"])
    beating.kill()
    pool.apply(other.end)


def grow() -> None:
    """Every layer in turn, call by call, so that all of them share the machine's moods."""
    entries = {"await": through_the_pool, **ladder.direct_entries()}
    for n in params["sizes"]:
        took: dict[str, list[float]] = {entry: [] for entry in entries}
        with emit.span(f"{n} iterations", f"{n}", lane="every layer in turn"):
            for turn in range(ladder.turns(len(entries), n)):
                for entry in ladder.in_turn(list(entries), turn):
                    took[entry].append(timed(entries[entry], n))
        ladder.tell(emit, n, took)


tell_host()
emit.sample("unit", timed(one_hash, hold), when="before")
through_the_pool(1)
emit.zero()
who_can_move()
tell_host()
grow()
emit.sample("unit", timed(one_hash, hold), when="after")
emit.close()
