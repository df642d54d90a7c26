"""Names of Redis are bytes. On the wire a key is base64url; on the page it is escaped text (`labs.sdk.shown`)."""

from __future__ import annotations

import base64
import binascii

from labs.sdk.servers import PREFIX as LAB_PREFIX

PREFIX = LAB_PREFIX.encode()
"""What learners and labs touch begins with this."""

LONGEST_KEY = 45 * 1024
"""Bytes of a key that a client may ask about: its id fits into the body of a request."""


class BadKey(ValueError):
    """Not the id of a key; the message says why."""


def key_id(key: bytes) -> str:
    """`key` as base64url without padding."""
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def key_of(id: object) -> bytes:
    """The key with this id. Raises `BadKey`."""
    if not isinstance(id, str) or not id:
        raise BadKey("A key is named by its bytes in base64url.")
    if len(id) > LONGEST_KEY * 4 // 3 + 4:
        raise BadKey(f"A name of more than {LONGEST_KEY // 1024} kB is too long to be asked about here.")
    try:
        key = base64.b64decode(id + "=" * (-len(id) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadKey("A key is named by its bytes in base64url.") from None
    if key_id(key) != id:
        raise BadKey("A key is named by its bytes in base64url, without padding.")
    if not key.startswith(PREFIX):
        raise BadKey(f"Only keys that begin with {PREFIX.decode()} are shown here.")
    return key


def escape_glob(text: bytes) -> bytes:
    """`text` as a pattern that matches only itself."""
    return b"".join(b"\\" + bytes([one]) if one in b"*?[]^\\-" else bytes([one]) for one in text)


def has_glob(text: bytes) -> bool:
    """Whether `text` means more than itself as a pattern."""
    return any(one in text for one in (b"*", b"?", b"["))
