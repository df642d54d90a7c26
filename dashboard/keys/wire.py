"""A connection that speaks RESP3 and shows replies as the server shaped them, within limits.

A client library turns replies into its own types and reads as much as the server sends. Here a status, a string, a
nothing and an error stay apart, pushes are seen, and a reply that is too large ends the connection, not the process.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

from dashboard.keys.address import ANSWER_SECONDS, Address

MOST_BYTES = 256 * 1024
"""Of one reply."""
DEEPEST = 16
LINE = 64 * 1024


class WireError(OSError):
    """The server cannot be reached, or hung up; the message says which."""


class TooLarge(WireError):
    """A reply was larger than allowed. The connection is closed."""


@dataclass(frozen=True)
class Reply:
    """`kind`: status, error, integer, double, boolean, text, nil, list, set, map or push.

    `value` is bytes for status, error, text and double; an int for integer and boolean; items for the others
    (of a map: key, value, key, value …).
    """

    kind: str
    value: bytes | int | None = None
    items: list[Reply] = field(default_factory=list)


AGGREGATES = {b"*": "list", b"~": "set", b"%": "map", b">": "push", b"|": "attribute"}
LINES = {b"+": "status", b"-": "error", b",": "double", b"(": "text"}
BULKS = {b"$": "text", b"!": "error", b"=": "text"}


class Wire:
    """One connection. Not shared between greenlets, but for `close`."""

    def __init__(self, address: Address, timeout: float | None = ANSWER_SECONDS, most: int = MOST_BYTES) -> None:
        """Connect, sign in and choose the database. Raises `WireError`; `Refused` when the server says no."""
        self._most = most
        self._left = most
        self._buffer = bytearray()
        self._timeout = timeout
        self._socket = _connect(address)
        self._socket.settimeout(timeout)
        try:
            self._greet(address)
        except BaseException:
            self.close()
            raise

    def ask(self, *words: bytes) -> Reply:
        """Send a command and read its reply. Pushes in between are dropped."""
        self.send(*words)
        while (reply := self.read()).kind == "push":
            pass
        return reply

    def send(self, *words: bytes) -> None:
        """Send a command."""
        packed = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        try:
            self._socket.sendall(b"*%d\r\n%s" % (len(words), packed))
        except OSError as error:
            raise WireError(f"the connection to Redis broke: {error}") from None

    def read(self) -> Reply:
        """The next reply or push, whenever it comes."""
        self._left = self._most
        return self._reply(0)

    def comes(self, seconds: float) -> bool:
        """Whether there is something to read, now or within so many seconds."""
        if self._buffer:
            return True
        try:
            self._socket.settimeout(seconds)
        except OSError as error:
            raise WireError(f"the connection to Redis was closed: {error}") from None
        try:
            self._buffer += self._received()
        except TimeoutError:
            return False
        finally:
            with contextlib.suppress(OSError):  # somebody hung up meanwhile
                self._socket.settimeout(self._timeout)
        return True

    def close(self) -> None:
        """Hang up; somebody who is reading gets a `WireError`."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _greet(self, address: Address) -> None:
        user, password = (address.user or "default").encode(), address.password.encode()
        signing = (b"AUTH", user, password) if address.password else ()
        for command in ((b"HELLO", b"3", *signing), (b"SELECT", b"%d" % address.database)):
            reply = self.ask(*command)
            if reply.kind == "error":
                raise Refused(_text(reply))

    def _reply(self, depth: int) -> Reply:
        line = self._line()
        mark, rest = line[:1], line[1:]
        if mark in LINES:
            return Reply(LINES[mark], rest)
        if mark == b":":
            return Reply("integer", int(rest))
        if mark == b"#":
            return Reply("boolean", int(rest == b"t"))
        if mark == b"_":
            return Reply("nil")
        length = int(rest)
        if length < 0:
            return Reply("nil")
        if mark in BULKS:
            data = self._take(length + 2)[:-2]
            return Reply(BULKS[mark], data[4:] if mark == b"=" else data)
        return self._aggregate(AGGREGATES[mark], length, depth)

    def _aggregate(self, kind: str, length: int, depth: int) -> Reply:
        count = length * 2 if kind in ("map", "attribute") else length
        if count * 3 > self._left or depth >= DEEPEST:
            self._give_up()
        items = [self._reply(depth + 1) for _ in range(count)]
        return self._reply(depth) if kind == "attribute" else Reply(kind, None, items)

    def _line(self) -> bytes:
        start = 0
        while (end := self._buffer.find(b"\r\n", start)) < 0:
            start = max(0, len(self._buffer) - 1)
            if len(self._buffer) > LINE:
                self._give_up()
            self._receive()
        return self._take(end + 2)[:-2]

    def _take(self, count: int) -> bytes:
        if count > self._left:
            self._give_up()
        while len(self._buffer) < count:
            self._receive()
        self._left -= count
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def _receive(self) -> None:
        try:
            self._buffer += self._received()
        except TimeoutError:
            raise WireError("Redis did not answer in time") from None

    def _received(self) -> bytes:
        try:
            data = self._socket.recv(LINE)
        except TimeoutError:
            raise
        except OSError as error:
            raise WireError(f"the connection to Redis broke: {error}") from None
        if not data:
            raise WireError("Redis closed the connection")
        return data

    def _give_up(self) -> None:
        self.close()
        raise TooLarge(f"the reply is larger than {self._most // 1024} kB")


class Refused(WireError):
    """The server did not let us in; the message is its own."""


def _connect(address: Address) -> socket.socket:
    try:
        if address.path:
            plain = socket.socket(socket.AF_UNIX)
            plain.settimeout(ANSWER_SECONDS)
            plain.connect(address.path)
            return plain
        plain = socket.create_connection((address.host, address.port), ANSWER_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if address.tls:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)
    except OSError as error:
        raise WireError(f"Redis cannot be reached: {error}") from None
    return plain


def _text(reply: Reply) -> str:
    value: Any = reply.value
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
