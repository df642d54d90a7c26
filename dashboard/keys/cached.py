"""What the query cache keeps in a field, for people: how many documents, how old, until when, and the first ones."""

from __future__ import annotations

from typing import Any

import bson
from bson.errors import BSONError
from bson.json_util import RELAXED_JSON_OPTIONS, dumps

from labs.querycache.codec import LEASE, TOO_LARGE, Corrupt, unpack

FORMAT = b"qc1 "
MOST_DOCUMENTS = 3
"""Of a result, that are shown."""
MOST_TEXT = 2 * 1024
"""Characters of each."""

Cached = dict[str, Any]


def cached(data: bytes) -> Cached | None:
    """`{state, documents, at, until, shown}` of a value that the query cache wrote; None for any other.

    `state` is "kept", "sealed" (only the application can read it), "lease" (somebody is asking the database just now)
    or "too large" (for a while nobody tries to keep it). Times are ms since 1970; `shown` are the first documents as
    extended JSON, `documents` is how many there are.
    """
    if data.startswith(LEASE):
        state = "too large" if data.startswith(TOO_LARGE) else "lease"
        return {"state": state, "documents": None, "at": None, "until": None, "shown": []}
    if not data.startswith(FORMAT):
        return None
    _, _, words = data.partition(b"\n")[0].partition(b" ")
    letter, at, until = words.split(b" ")[:3] if words.count(b" ") >= 2 else (b"", b"", b"")
    if letter == b"S" and at.isdigit() and until.isdigit():
        return {"state": "sealed", "documents": None, "at": int(at), "until": int(until), "shown": []}
    try:
        entry = unpack(data)
        documents = list(bson.decode_iter(entry.documents))
        texts = [dumps(one, json_options=RELAXED_JSON_OPTIONS) for one in documents[:MOST_DOCUMENTS]]
    except (Corrupt, BSONError, RecursionError, ValueError, OverflowError):
        return None
    return {
        "state": "kept", "documents": len(documents), "at": entry.at, "until": entry.until,
        "shown": [text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…" for text in texts],
    }  # fmt: skip
