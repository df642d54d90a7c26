"""One connection to the server, which never waits: the selector tells it when it may go on."""

from __future__ import annotations

import socket
from collections.abc import Callable
from errno import EAGAIN, EINPROGRESS, ENOTCONN
from os import strerror
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector

from labs.load.answer import Answer, Unreadable, read_head
from labs.load.request import Request

CHUNK = 64 * 1024
NOT_YET = (EAGAIN, ENOTCONN)
"""What a socket says while its connection does not stand yet, or has no room."""

Heard = Callable[["Connection", Request, Answer | None, str], None]
"""Called with the request and its answer, or with what went wrong: "refused", "reset", "closed", "unreadable"."""


class Connection:
    """Sends one request at a time. `alive` is False once it is closed, by whomever."""

    __slots__ = ("_answer", "_buffer", "_heard", "_lost", "_problem", "_request", "_selector", "_socket", "_unsent",
                 "_watched", "alive")  # fmt: skip

    def __init__(self, port: int, selector: BaseSelector, heard: Heard, lost: Callable[[Connection], None]) -> None:
        self._selector, self._heard, self._lost = selector, heard, lost
        self._request: Request | None = None
        self._answer: Answer | None = None
        self._problem: OSError | None = None
        self._buffer = self._unsent = b""
        self._watched = 0
        self.alive = True
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        problem = self._socket.connect_ex(("127.0.0.1", port))
        if problem not in (0, EINPROGRESS):
            self._socket.close()
            raise OSError(problem, strerror(problem))

    def send(self, request: Request, wire: bytes) -> None:
        """Send it now, or as soon as the connection stands. On this machine a new one mostly stands already."""
        self._request, self._answer, self._unsent = request, None, wire
        self._buffer = b""
        self._write()

    def ready(self, events: int) -> None:
        """The selector has seen something."""
        if events & EVENT_WRITE and self._unsent and self._problem is None:
            self._write()
        if self._problem is not None:
            self._fail(self._problem)
        elif events & EVENT_READ:
            self._read()

    def close(self) -> None:
        """Close it, without a word about its request."""
        if self.alive:
            self.alive = False
            if self._watched:
                self._selector.unregister(self._socket)
            self._socket.close()

    def _write(self) -> None:
        """What goes wrong is told when the selector comes to it: whoever sends is never called back meanwhile."""
        try:
            self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except OSError as problem:
            if problem.errno not in NOT_YET:
                self._problem = problem
        self._watch(EVENT_READ | EVENT_WRITE if self._unsent else EVENT_READ)

    def _watch(self, events: int) -> None:
        if self._watched == 0:
            self._selector.register(self._socket, events, self)
        elif self._watched != events:
            self._selector.modify(self._socket, events, self)
        self._watched = events

    def _read(self) -> None:
        try:
            chunk = self._socket.recv(CHUNK)
            self._buffer = self._buffer + chunk if self._buffer else chunk
            if self._request is not None and self._answer is None:
                self._answer = read_head(self._buffer)
        except BlockingIOError:
            return
        except Unreadable:
            self._end("unreadable")
            return
        except OSError as problem:
            self._fail(problem)
            return
        answer = self._answer
        if answer is not None and (not chunk if answer.end is None else len(self._buffer) >= answer.end):
            self._done(answer)
        elif not chunk:
            self._end("closed")

    def _done(self, answer: Answer) -> None:
        request, self._request = self._request, None
        assert request is not None
        if not answer.keep_alive:
            self.close()
        self._heard(self, request, answer, "")

    def _fail(self, problem: OSError) -> None:
        self._end("refused" if isinstance(problem, ConnectionRefusedError) else "reset")

    def _end(self, problem: str) -> None:
        request, self._request = self._request, None
        self.close()
        if request is None:
            self._lost(self)
        else:
            self._heard(self, request, None, problem)
