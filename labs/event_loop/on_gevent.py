"""A program made of blocks on gevent's loop over libuv: once with the loop watched, then many times without."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from hashlib import pbkdf2_hmac
from time import perf_counter
from typing import Any

import gevent
from gevent import get_hub
from gevent.event import AsyncResult
from gevent.libuv._corecffi import ffi, lib  # type: ignore[import-not-found]
from gevent.threadpool import ThreadPool

from labs.event_loop.diary import PATIENCE, Diary, tally
from labs.sdk.emitter import start
from labs.sdk.slow import slow_server

Call = Callable[..., None]
Block = dict[str, Any]

params, emit = start()
pool = ThreadPool(params["pool"])
loop: Any = get_hub().loop
READ = 1
ENDLESS = 1 << 31
"""The longest wait that libuv knows is less, in milliseconds; −1 means no limit."""
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Watch:
    """Notes the turns of gevent's loop, with a prepare and a check handle of libuv's own to see inside it.

    gevent calls its queue of callbacks, lets libuv take one turn, and then calls the watchers that libuv found due.
    """

    def __init__(self, diary: Diary) -> None:
        self.diary = diary
        self.in_libuv = self.in_callbacks = self.seen_due = False
        self.limit = 0
        self.waiting: float | None = None
        self.calls = loop._run_callbacks, loop._queue_callback, loop._loop__run_queued_callbacks
        self.handles = ffi.new("uv_prepare_t*"), ffi.new("uv_check_t*")
        self.keep = ffi.callback("void(uv_prepare_t*)", self.prepare), ffi.callback("void(uv_check_t*)", self.check)

    def __enter__(self) -> None:
        loop._run_callbacks, loop._queue_callback = self.callbacks, self.due
        loop._loop__run_queued_callbacks = self.due_called
        lib.uv_prepare_init(loop.ptr, self.handles[0])
        lib.uv_prepare_start(self.handles[0], self.keep[0])
        lib.uv_check_init(loop.ptr, self.handles[1])
        lib.uv_check_start(self.handles[1], self.keep[1])
        for handle in self.handles:
            lib.uv_unref(handle)

    def __exit__(self, *_: object) -> None:
        lib.uv_prepare_stop(self.handles[0])
        lib.uv_check_stop(self.handles[1])
        del loop._run_callbacks, loop._queue_callback, loop._loop__run_queued_callbacks

    def callbacks(self) -> None:
        """gevent's own queue: at the begin of its turn, and again in libuv's before that polls."""
        if not self.in_libuv:
            held = f"{len(loop._callbacks)} callbacks, {len(loop._queued_callbacks)} watchers due"
            self.diary.turn(held=held, waited=0, woke="none")
        self.diary.phase, self.in_callbacks = "callbacks", True
        self.calls[0]()
        self.in_callbacks = False
        if self.in_libuv:
            self.limit = lib.uv_backend_timeout(loop.ptr)
            endless = self.limit > ENDLESS
            self.diary.fact(limit=None if endless else self.limit / 1000, endless=endless)
            self.waiting, self.seen_due = perf_counter(), False

    def prepare(self, _: object) -> None:
        self.in_libuv = True

    def check(self, _: object) -> None:
        self.awake()

    def due(self, watcher: Any, events: int) -> None:
        """libuv found a watcher due; the first one is what woke it."""
        self.awake()
        kind = type(ffi.from_handle(watcher.data)).__name__
        if self.limit and not self.seen_due:
            self.diary.fact(woke={"io": "os", "async_": "pool"}.get(kind, kind))
        self.seen_due = True
        self.calls[1](watcher, events)

    def awake(self) -> None:
        """libuv has waited, up to now. Woken by a timer of gevent's own, unless something is found due."""
        if self.waiting is not None:
            self.diary.fact(waited=perf_counter() - self.waiting, woke="own" if self.limit else "none")
            self.waiting = None

    def due_called(self) -> Any:
        """gevent calls what was found due: after libuv's turn, and before it calls its own queue."""
        self.in_libuv = self.in_libuv and self.in_callbacks
        self.diary.phase = "watchers"
        called = self.calls[2]()
        self.diary.phase = "callbacks"
        return called


class Program:
    """The blocks, each with the call that it stands for."""

    def __init__(self, diary: Diary, port: int) -> None:
        self.diary = diary
        self.ends = "empty"
        blocks = params["blocks"]
        self.requests = {b["id"]: socket.create_connection(("127.0.0.1", port)) for b in blocks if b["do"] == "request"}
        self.servers = {b["id"]: socket.create_server(("127.0.0.1", 0)) for b in blocks if b["do"] == "server"}
        self.watchers: list[Any] = []

    def start(self, letter: str | None = None) -> None:
        for block in self.diary.inside(letter):
            getattr(self, block["do"])(block, partial(self.called, block))
        if self.diary.done and self.servers:
            self.end()

    def called(self, block: Block, *_: object) -> None:
        with self.diary.calling(block):
            self.start(block["id"])

    def watch(self, watcher: Any, call: Call) -> None:
        self.watchers.append(watcher)
        watcher.start(call)

    def sync(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        call()

    def timer(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        self.watch(loop.timer(block["delay"] / 1000), call)

    def immediate(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        loop.run_callback(call)

    def promise(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        kept: AsyncResult[None] = AsyncResult()
        kept.set(None)
        kept.rawlink(call)

    def hash(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        pool.spawn(pbkdf2_hmac, "sha512", b"a", b"b", params["iterations"], 512).rawlink(call)

    def file(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        pool.spawn(os.stat, __file__).rawlink(call)

    def request(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        connection = self.requests[block["id"]]
        connection.send(GET)
        watcher = loop.io(connection.fileno(), READ)
        self.watch(watcher, partial(self.answered, watcher, connection, call))

    def answered(self, watcher: Any, connection: socket.socket, call: Call) -> None:
        watcher.stop()
        connection.close()
        call()

    def server(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        self.watch(loop.io(self.servers[block["id"]].fileno(), READ), call)

    def end(self) -> None:
        """gevent's loop ends when nothing is left that could call it. A server never goes: this lab ends it."""
        if self.ends == "empty":
            self.ends = "stopped"
            patience = loop.timer(PATIENCE if self.diary.told else 0, ref=False)
            self.watch(patience, self.clear)

    def clear(self) -> None:
        for watcher in self.watchers:
            watcher.stop()
            watcher.close()
        for server in self.servers.values():
            server.close()


def once(port: int, told: bool) -> tuple[Diary, float]:
    """One pass, from the main greenlet until the loop has nothing left."""
    diary = Diary(params["blocks"], told)
    program = Program(diary, port)
    with Watch(diary) if told else nullcontext():
        loop.update_now()  # what was prepared took time, which a timer would count as its own
        zero = perf_counter()
        program.start()
        get_hub().join()
        diary.turn(end=program.ends, held=f"{loop.activecnt} active handles", waited=0, woke="none")
    program.clear()
    return diary, zero


def main() -> None:
    libuv = ffi.string(lib.uv_version_string()).decode()
    emit.host(loop=f"gevent {gevent.__version__}", libuv=libuv, pool=params["pool"])
    with slow_server(params["server"], params["latency"]) as slow:
        once(slow.port, told=False)
        diary, zero = once(slow.port, told=True)
        diary.write(emit, zero)
        tally(emit, [once(slow.port, told=False)[0].order for _ in range(params["runs"])])
    pool.kill()
    emit.close()


main()
