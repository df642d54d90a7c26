"""One connection to the server, which never waits: the selector tells it when it may go on."""

from __future__ import annotations

import socket
from collections.abc import Callable
from errno import EINPROGRESS
from os import strerror
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector

from labs.load.answer import Answer, Unreadable, read_head
from labs.load.request import Request

CHUNK = 64 * 1024

Heard = Callable[["Connection", Request, Answer | None, str], None]
"""Called with the request and its answer, or with what went wrong: "refused", "reset", "closed", "unreadable"."""


class Connection:
    """Sends one request at a time. `alive` is False once it is closed, by whomever."""

    __slots__ = ("_answer", "_buffer", "_heard", "_lost", "_request", "_selector", "_socket", "_unsent", "alive")

    def __init__(self, port: int, selector: BaseSelector, heard: Heard, lost: Callable[[Connection], None]) -> None:
        self._selector, self._heard, self._lost = selector, heard, lost
        self._request: Request | None = None
        self._answer: Answer | None = None
        self._buffer = self._unsent = b""
        self.alive = True
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        problem = self._socket.connect_ex(("127.0.0.1", port))
        if problem not in (0, EINPROGRESS):
            self._socket.close()
            raise OSError(problem, strerror(problem))
        selector.register(self._socket, EVENT_READ | EVENT_WRITE, self)

    def send(self, request: Request, wire: bytes) -> None:
        """Send it now, or as soon as the connection stands."""
        self._request, self._answer, self._unsent = request, None, wire
        self._buffer = b""
        if self._selector.get_key(self._socket).events == EVENT_READ:
            self._write()

    def ready(self, events: int) -> None:
        """The selector has seen something."""
        if events & EVENT_WRITE:
            self._write()
        if events & EVENT_READ and self.alive:
            self._read()

    def close(self) -> None:
        """Close it, without a word about its request."""
        if self.alive:
            self.alive = False
            self._selector.unregister(self._socket)
            self._socket.close()

    def _write(self) -> None:
        try:
            self._unsent = self._unsent[self._socket.send(self._unsent) :] if self._unsent else b""
        except BlockingIOError:
            pass
        except OSError as problem:
            self._fail(problem)
            return
        wanted = EVENT_READ | EVENT_WRITE if self._unsent else EVENT_READ
        if self._selector.get_key(self._socket).events != wanted:
            self._selector.modify(self._socket, wanted, self)

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
