r"""How a result lies in Redis: one line that says what it is, then the documents.

`qc1 B 1732322490123 1732322500123 0badcafe s1,s2\n` is: format, codec (B: BSON, J: extended JSON, S: sealed), when it
was read and until when it may be given (milliseconds since 1970), a checksum, and the stamps of the collections it was
read from.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple
from zlib import crc32

import bson
from bson.json_util import CANONICAL_JSON_OPTIONS, dumps, loads
from bson.raw_bson import RawBSONDocument

from labs.querycache.seal import Broken, Seal

Codec = Literal["bson", "json"]

LETTERS: dict[Codec, bytes] = {"bson": b"B", "json": b"J"}
LEASE = b"\0L"
"""A field that begins so holds no result: somebody is reading it just now."""
TOO_LARGE = LEASE + b"!"
"""Nobody is: who has read it found more than is kept. Like a lease it ends with when it is over."""


class Corrupt(ValueError):
    """Bytes that are no result of this format."""


class Entry(NamedTuple):
    """A stored result. `documents` are BSON documents one after the other; times in milliseconds since 1970."""

    documents: bytes
    at: int
    until: int
    stamps: bytes = b""


def pack(entry: Entry, codec: Codec, seal: Seal | None = None, place: bytes = b"") -> bytes:
    """An entry as it is stored. What JSON would change (keys with `$`, odd dates) is stored as BSON.

    With a `seal` it can be read at this `place` only, and is BSON inside.
    """
    letter, body = LETTERS[codec], entry.documents
    if seal is not None:
        letter, body = b"S", seal.close(entry.documents, _bound(entry.at, entry.until, entry.stamps, place))
    elif codec == "json":
        text = _as_json(entry.documents)
        letter, body = (letter, text) if text is not None else (LETTERS["bson"], body)
    return b"qc1 %s %d %d %08x %s\n%s" % (letter, entry.at, entry.until, crc32(body), entry.stamps, body)


def unpack(data: bytes, seal: Seal | None = None, place: bytes = b"") -> Entry:
    """The entry in `data`. Raises `Corrupt` for anything that `pack` did not make with the same seal for this place."""
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
    if seal is not None:
        try:
            body = seal.open(body, _bound(at, until, words[5], place))
        except Broken as why:
            raise Corrupt(str(why)) from None
    elif words[1] == b"J":
        body = _from_json(body)
    elif words[1] != b"B":
        raise Corrupt(f"unknown codec {words[1]!r}")
    return Entry(body, at, until, words[5])


def _bound(at: int, until: int, stamps: bytes, place: bytes) -> bytes:
    """What a sealed result cannot be taken away from: its times, its stamps and its place."""
    return b"%d %d %s %s" % (at, until, stamps, place)


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
