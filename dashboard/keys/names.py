"""Names and values of Redis are bytes. On the wire a key is base64url; on the page, bytes are escaped text."""

from __future__ import annotations

import base64
import binascii
import unicodedata

PREFIX = b"lab:"
"""What learners and labs touch begins with this."""

LONGEST_NAME = 512
"""Characters of a name that are shown."""

LONGEST_KEY = 64 * 1024
"""Bytes of a key that a client may ask about."""

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that cannot be seen, or that change how their neighbours are seen (right-to-left marks)."""


class BadKey(ValueError):
    """Not the id of a key; the message says why."""


def key_id(key: bytes) -> str:
    """`key` as base64url without padding."""
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def key_of(id: object) -> bytes:
    """The key with this id. Raises `BadKey`."""
    if not isinstance(id, str) or not id or len(id) > LONGEST_KEY * 4 // 3 + 4:
        raise BadKey("A key is named by its bytes in base64url.")
    try:
        key = base64.b64decode(id + "=" * (-len(id) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadKey("A key is named by its bytes in base64url.") from None
    if key_id(key) != id:
        raise BadKey("A key is named by its bytes in base64url, without padding.")
    if not key.startswith(PREFIX):
        raise BadKey(f"Only keys that begin with {PREFIX.decode()} are shown here.")
    return key


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


def escape_glob(text: bytes) -> bytes:
    """`text` as a pattern that matches only itself."""
    return b"".join(b"\\" + bytes([one]) if one in b"*?[]^\\-" else bytes([one]) for one in text)


def has_glob(text: bytes) -> bool:
    """Whether `text` means more than itself as a pattern."""
    return any(one in text for one in (b"*", b"?", b"["))


SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


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
