"""A line that somebody typed, as the words of a command: quotes and escapes as redis-cli understands them."""

from __future__ import annotations

LONGEST_LINE = 16 * 1024
MOST_WORDS = 1000
ESCAPES = {"n": b"\n", "r": b"\r", "t": b"\t", "b": b"\b", "a": b"\a"}


class BadLine(ValueError):
    """The line is no command; the message says why."""


def split(line: str) -> list[bytes]:
    r"""`SET "lab:a b" 'it\'s'` → three words; `"\xff"` is one byte. Raises `BadLine`."""
    if len(line) > LONGEST_LINE:
        raise BadLine(f"The line is longer than {LONGEST_LINE // 1024} kB.")
    words: list[bytes] = []
    at = 0
    while (at := _after_spaces(line, at)) < len(line):
        word, at = _word(line, at)
        words.append(word)
        if len(words) > MOST_WORDS:
            raise BadLine(f"The line has more than {MOST_WORDS} words.")
    if not words:
        raise BadLine("Type a command.")
    return words


def _after_spaces(line: str, at: int) -> int:
    while at < len(line) and line[at].isspace():
        at += 1
    return at


def _word(line: str, at: int) -> tuple[bytes, int]:
    if line[at] in "\"'":
        return _quoted(line, at + 1, line[at])
    end = at
    while end < len(line) and not line[end].isspace():
        end += 1
    return line[at:end].encode("utf-8", "replace"), end


def _quoted(line: str, at: int, quote: str) -> tuple[bytes, int]:
    found = bytearray()
    while at < len(line):
        one = line[at]
        if one == quote:
            if at + 1 < len(line) and not line[at + 1].isspace():
                raise BadLine(
                    "After a closing quote there must be a space. Put a text that has quotes in it between '…'."
                )
            return bytes(found), at + 1
        if one == "\\" and at + 1 < len(line):
            piece, at = _escape(line, at + 1, quote)
            found += piece
        else:
            found += one.encode("utf-8", "replace")
            at += 1
    raise BadLine(f"A quote ({quote}) is not closed.")


def _escape(line: str, at: int, quote: str) -> tuple[bytes, int]:
    """After a backslash. In single quotes only the quote itself can be escaped."""
    one = line[at]
    if quote == "'":
        return (b"'", at + 1) if one == "'" else (b"\\", at)
    digits = line[at + 1 : at + 3]
    if one == "x" and len(digits) == 2 and all(digit in "0123456789abcdefABCDEF" for digit in digits):
        return bytes([int(digits, 16)]), at + 3
    return ESCAPES.get(one, one.encode("utf-8", "replace")), at + 1
