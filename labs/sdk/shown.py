"""Bytes from anywhere as text in which everything can be seen: names, values and commands of Redis."""

from __future__ import annotations

import unicodedata

LONGEST_NAME = 512
"""Characters of a key's name that are shown."""

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that cannot be seen, or that change how their neighbours are seen (right-to-left marks)."""

SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def shown(data: bytes, longest: int | None = None) -> str:
    r"""`data` as text in which everything can be seen.

    Printable UTF-8 stays. A backslash is doubled; control characters, marks that turn text around and bytes that are
    no UTF-8 become escapes: ``\n``, ``\x1b``, ``\u202e``, ``\xff``.
    What is cut after `longest` characters ends in "…".
    """
    cut = data if longest is None else data[: longest * 4]
    text = "".join(_visible(character) for character in cut.decode("utf-8", "surrogateescape"))
    if longest is not None and (len(text) > longest or len(cut) < len(data)):
        return text[:longest] + "…"
    return text


def is_text(data: bytes) -> bool:
    """Whether `data` is UTF-8 without control characters other than tabs and line ends."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(one) in HIDDEN and one not in "\t\n\r" for one in text)


def _visible(character: str) -> str:
    if character in SHORT:
        return SHORT[character]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(character) not in HIDDEN:
        return character
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
