"""A program made of blocks on asyncio's loop: once with the loop watched, then many times without."""

from __future__ import annotations

import asyncio
import os
import selectors
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import pbkdf2_hmac
from time import perf_counter
from typing import Any

from labs.event_loop.diary import PATIENCE, Diary, tally
from labs.sdk.emitter import start
from labs.sdk.slow import slow_server

Call = Callable[[], None]
Block = dict[str, Any]

params, emit = start()
pool = ThreadPoolExecutor(params["pool"])
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class WatchedSelector(selectors.DefaultSelector):
    """Notes how long the loop was ready to wait, how long it did, and what came."""

    diary: Diary
    thread_calls = -1

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        begun = perf_counter()
        came = super().select(timeout)
        waited = perf_counter() - begun
        if timeout is not None and timeout <= 0:
            woke = "none"
        elif any(key.fd != self.thread_calls for key, _ in came):
            woke = "os"
        else:
            woke = "pool" if came else "timer"
        limit = None if timeout is None else max(0, timeout)
        self.diary.fact(limit=limit, endless=timeout is None, waited=waited, woke=woke)
        return came


class WatchedLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop; each of its turns is noted before it begins."""

    def __init__(self, diary: Diary) -> None:
        self._watched = WatchedSelector()
        self._watched.diary = self._diary = diary
        super().__init__(self._watched)
        self._watched.thread_calls = self._ssock.fileno()  # type: ignore[attr-defined]

    def _run_once(self) -> None:
        held = f"{len(self._scheduled)} scheduled, {len(self._watched.get_map()) - 1} watched by the selector, "  # type: ignore[attr-defined]
        self._diary.turn(held=held + f"{len(self._ready)} ready")  # type: ignore[attr-defined]
        self._diary.phase = "ready"
        super()._run_once()  # type: ignore[misc]


class Program:
    """The blocks, each with the call that it stands for."""

    def __init__(self, loop: asyncio.AbstractEventLoop, diary: Diary, port: int) -> None:
        self.loop, self.diary = loop, diary
        self.ends = "told"
        blocks = params["blocks"]
        self.requests = {b["id"]: socket.create_connection(("127.0.0.1", port)) for b in blocks if b["do"] == "request"}
        self.servers = {b["id"]: socket.create_server(("127.0.0.1", 0)) for b in blocks if b["do"] == "server"}
        self.closing = {b["id"]: self.connection(b) for b in blocks if b["do"] == "close"}
        self.rest: list[socket.socket] = []

    def start(self, letter: str | None = None) -> None:
        for block in self.diary.inside(letter):
            getattr(self, block["do"])(block, partial(self.called, block))
        if self.diary.done:
            self.end()

    def called(self, block: Block, *_: object) -> None:
        with self.diary.calling(block):
            self.start(block["id"])

    def sync(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        call()

    def timer(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        self.loop.call_later(block["delay"] / 1000, call)

    def immediate(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        self.loop.call_soon(call)

    def promise(self, block: Block, call: Callable[..., None]) -> None:
        self.diary.asked(block)
        kept = self.loop.create_future()
        kept.set_result(None)
        kept.add_done_callback(call)

    def hash(self, block: Block, call: Callable[..., None]) -> None:
        self.diary.asked(block)
        work = self.loop.run_in_executor(pool, pbkdf2_hmac, "sha512", b"a", b"b", params["iterations"], 512)
        work.add_done_callback(call)

    def file(self, block: Block, call: Callable[..., None]) -> None:
        self.diary.asked(block)
        self.loop.run_in_executor(pool, os.stat, __file__).add_done_callback(call)

    def request(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        connection = self.requests[block["id"]]
        connection.send(GET)
        self.loop.add_reader(connection, self.answered, connection, call)

    def answered(self, connection: socket.socket, call: Call) -> None:
        self.loop.remove_reader(connection)
        connection.close()
        call()

    def server(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        self.loop.add_reader(self.servers[block["id"]], call)

    def close(self, block: Block, call: Call) -> None:
        self.diary.asked(block)
        self.closing[block["id"]].close()

    def connection(self, block: Block) -> asyncio.BaseTransport:
        """A socket whose close handler is the block's callback."""
        near, far = socket.socketpair()

        class Handler(asyncio.Protocol):
            def connection_lost(handler, error: Exception | None) -> None:
                far.close()
                self.called(block)

        return self.loop.run_until_complete(self.loop.create_connection(Handler, sock=near))[0]

    def end(self) -> None:
        """asyncio's loop does not end by itself. It is told to: at once, or after a while if it still listens."""
        if not self.servers:
            self.loop.stop()
        elif self.diary.told and self.ends == "told":
            self.ends = "stopped"
            self.loop.call_later(PATIENCE, self.loop.stop)
        elif not self.diary.told:
            self.loop.stop()

    def clear(self) -> None:
        for server in self.servers.values():
            self.loop.remove_reader(server)
            server.close()


def once(port: int, told: bool) -> tuple[Diary, float]:
    """One pass on a loop of its own."""
    diary = Diary(params["blocks"], told)
    loop = asyncio.SelectorEventLoop()
    if told:
        quiet = Diary([], told=False)
        loop = WatchedLoop(quiet)
    program = Program(loop, diary, port)
    if isinstance(loop, WatchedLoop):
        loop._diary = loop._watched.diary = diary
    zero = perf_counter()
    loop.call_soon(program.start)
    loop.run_forever()
    diary.turn(end=program.ends, held="", waited=0, woke="none")
    program.clear()
    loop.close()
    return diary, zero


def main() -> None:
    emit.host(loop="asyncio", selector=selectors.DefaultSelector.__name__, pool=params["pool"])
    with slow_server(params["server"], params["latency"]) as slow:
        once(slow.port, told=False)
        diary, zero = once(slow.port, told=True)
        diary.write(emit, zero)
        tally(emit, [once(slow.port, told=False)[0].order for _ in range(params["runs"])])
    pool.shutdown()
    emit.close()


main()
