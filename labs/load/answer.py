"""Reads HTTP/1.1 answers out of the bytes of a connection, as fast as Python can."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_HEAD = 64 * 1024


class Unreadable(ValueError):
    """The bytes are not an answer that this client understands."""


@dataclass(slots=True)
class Answer:
    """The head of an answer. `end`: where its body ends in the buffer; None: when the connection is closed."""

    status: int
    head: bytes
    end: int | None
    keep_alive: bool

    def header(self, name: str) -> str | None:
        """The value of a header; `name` in small letters."""
        return _header(self.head, self.head.lower(), name.encode())


def read_head(buffer: bytes) -> Answer | None:
    """The answer that starts here, or None while its head is not complete. Raises `Unreadable`."""
    stop = buffer.find(b"\r\n\r\n")
    if stop < 0:
        if len(buffer) > LONGEST_HEAD:
            raise Unreadable("the head of an answer does not end")
        return None
    if not buffer.startswith(b"HTTP/1.") or not buffer[9:12].isdigit():
        raise Unreadable("this is not HTTP/1.1")
    head = buffer[: stop + 2]
    small = head.lower()
    length = _header(head, small, b"content-length")
    if length is None and b"\r\ntransfer-encoding:" in small:
        raise Unreadable("the answer comes in chunks, without a length")
    if length is not None and not length.isdigit():
        raise Unreadable("the length of the answer is no number")
    end = None if length is None else stop + 4 + int(length)
    word = _header(small, small, b"connection")
    closes = end is None or word == "close" or (buffer[7:8] == b"0" and word != "keep-alive")
    return Answer(int(buffer[9:12]), head, end, not closes)


def _header(head: bytes, small: bytes, name: bytes) -> str | None:
    begin = small.find(b"\r\n" + name + b":")
    if begin < 0:
        return None
    begin += len(name) + 3
    return head[begin : head.index(b"\r\n", begin)].strip().decode("latin-1")
