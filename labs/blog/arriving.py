"""The body of a request, while it comes from the browser: each wait for it is told, and it may not take for ever."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

from flask import Request
from werkzeug.exceptions import ClientDisconnected

from labs.blog.trace import waiting

FIRST_SECONDS = 30.0
"""For any body, however small."""

LEAST_RATE = 32 * 1024
"""Bytes a second that a body must come with, on the whole."""

MOST_SECONDS = 1800.0
"""For any body, however large: what is older than an hour and unfinished is nobody's (`leftovers.py`)."""

SOCKETS = ("gunicorn.socket", "werkzeug.socket")
"""Where servers put the connection. With one that does not, only a body that comes piece by piece is ever too late."""


class TooSlow(RuntimeError):
    """The body was not there in time."""


class Arriving:
    """`with Arriving(request) as body:` to read it. A read that waits when the time is over ends with `TooSlow`."""

    def __init__(self, request: Request) -> None:
        self._stream = request.stream
        self._line: socket.socket | None = next(
            (request.environ[name] for name in SOCKETS if name in request.environ), None
        )
        self._late = False
        seconds = min(FIRST_SECONDS + (request.content_length or 0) / LEAST_RATE, MOST_SECONDS)
        self._timer = threading.Timer(seconds, self._give_up)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none: that was all. Raises `TooSlow`, and `ClientDisconnected` when it breaks off."""
        try:
            with waiting("read from the browser", "net"):
                piece = self._stream.read(size)
        except ClientDisconnected:
            if not self._late:
                raise
        if self._late:
            raise TooSlow
        return piece

    def _give_up(self) -> None:
        """A deadline for each read is not enough: a byte now and then keeps it waiting. So the line is ended."""
        self._late = True
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RD)
