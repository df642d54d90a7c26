r"""How a result lies in Redis: one line that says what it is, then the documents.

`qc1 B 1732322490123 1732322500123 0badcafe s1,s2\n` is: format, codec (B: BSON, J: extended JSON), when it was read and
until when it may be given (milliseconds since 1970), a checksum, and the stamps of the collections it was read from.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple
from zlib import crc32

import bson
from bson.json_util import CANONICAL_JSON_OPTIONS, dumps, loads
from bson.raw_bson import RawBSONDocument

Codec = Literal["bson", "json"]

LETTERS: dict[Codec, bytes] = {"bson": b"B", "json": b"J"}
LEASE = b"\0L"
"""A field that begins so holds no result: somebody is reading it just now."""


class Corrupt(ValueError):
    """Bytes that are no result of this format."""


class Entry(NamedTuple):
    """A stored result. `documents` are BSON documents one after the other; times in milliseconds since 1970."""

    documents: bytes
    at: int
    until: int
    stamps: bytes = b""


def pack(entry: Entry, codec: Codec) -> bytes:
    """An entry as it is stored. What JSON would change (keys with `$`, odd dates) is stored as BSON."""
    letter, body = LETTERS[codec], entry.documents
    if codec == "json":
        text = _as_json(entry.documents)
        letter, body = (letter, text) if text is not None else (LETTERS["bson"], body)
    return b"qc1 %s %d %d %08x %s\n%s" % (letter, entry.at, entry.until, crc32(body), entry.stamps, body)


def unpack(data: bytes) -> Entry:
    """The entry in `data`. Raises `Corrupt` for anything that `pack` did not make."""
    head, found, body = data.partition(b"\n")
    words = head.split(b" ")
    if not found or len(words) != 6 or words[0] != b"qc1":
        raise Corrupt("not a result of this format")
    try:
        at, until, sum_ = int(words[2]), int(words[3]), int(words[4], 16)
    except ValueError:
        raise Corrupt("its times are no numbers") from None
    if crc32(body) != sum_:
        raise Corrupt("cut or changed")
    if words[1] == b"J":
        body = _from_json(body)
    elif words[1] != b"B":
        raise Corrupt(f"unknown codec {words[1]!r}")
    return Entry(body, at, until, words[5])


def join(documents: Iterable[RawBSONDocument]) -> bytes:
    """Raw documents as bytes."""
    return b"".join(document.raw for document in documents)


def _as_json(documents: bytes) -> bytes | None:
    """One document a line; None where reading it again would not give the same bytes."""
    try:
        text = "\n".join(dumps(one, json_options=CANONICAL_JSON_OPTIONS) for one in bson.decode_all(documents)).encode()
        return text if _from_json(text) == documents else None
    except (Corrupt, ValueError, TypeError, OverflowError, bson.errors.BSONError):
        return None


def _from_json(text: bytes) -> bytes:
    try:
        return b"".join(
            bson.encode(loads(line, json_options=CANONICAL_JSON_OPTIONS)) for line in text.split(b"\n") if line
        )
    except (ValueError, TypeError, OverflowError, bson.errors.BSONError) as error:
        raise Corrupt(f"not extended JSON: {error}") from None
