"""A window into a value: enough to read, never the whole of a large one."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis import Redis

from dashboard.keys.cached import cached
from dashboard.keys.portions import portions
from labs.sdk.shown import is_text, shown

WINDOW_BYTES = 8 * 1024
"""Of a string."""
WINDOW_ITEMS = 100
FIELDS_AT_ONCE = 25
"""Fields of a hash that one command asks for: in a large hash each takes microseconds."""
READ_BYTES = 512 * 1024
"""About what one window may make the server send us: of large items it has fewer."""
ITEM_BYTES = 2 * 1024
"""Of one item; longer ones are cut."""
PORTION = 8
"""Items that are read at once, at most, and fewer at first: how large the next ones are nobody knows."""
STEPS = 50
"""Of one window: a set from which much was taken away has many empty places."""
CURSORS = 2**64
"""The server's cursors and the halves of its entry ids are smaller."""
OFFSETS = 2**62
"""As are its offsets, and what is added to them."""
LONGER_FIELDS, LONGER_BYTES = 8, 32 * 1024
"""So many fields of a window may be longer, each up to so many bytes: they are read, to show how they begin."""

Window = dict[str, Any]
Step = tuple[list[dict[str, Any]], str | None]
"""Items, and where to go on."""


class BadPlace(ValueError):
    """`at` is no place in this value."""


@dataclass(frozen=True)
class Place:
    """Where a window begins: an offset, a cursor or a stream's entry id, as the answer before said in `next`."""

    at: str
    items: int

    @property
    def cursor(self) -> int:
        return self._number(CURSORS)

    @property
    def offset(self) -> int:
        return self._number(OFFSETS)

    def _number(self, end: int) -> int:
        if not (self.at.isascii() and self.at.isdigit() and len(self.at) < 21 and int(self.at) < end):
            raise BadPlace(f"at must be a whole number, from 0 to {end - 1}")
        return int(self.at)


def read_window(client: Redis, key: bytes, kind: str, size: int, at: str) -> Window:
    """`{kind, length, at, next, …}` from `at` on; `next` is null at the end.

    Strings: `text` (escaped), `data` (base64) and `plain`, whether it is text. Others: `items`, each
    `{text, size, cut}` with `name` (hash), `score` (sorted set; text where it is infinite), `id` and `fields` (stream),
    `expires` (hash, ms), and `cached` (see `dashboard.keys.cached`) for a result of the query cache.
    """
    if kind == "string":
        return _string(client, key, Place(at, 0))
    reader = READERS.get(kind)
    if reader is None:
        return {"kind": kind, "length": None, "at": at, "next": None, "items": []}
    length = _length(client, key, kind)
    items = max(1, min(WINDOW_ITEMS, READ_BYTES * max(1, length) // max(1, size)))
    return {"kind": kind, "length": length, "at": at, **reader(client, key, Place(at, items), length)}


def _length(client: Any, key: bytes, kind: str) -> int:
    count = {"hash": "HLEN", "set": "SCARD", "zset": "ZCARD", "list": "LLEN", "stream": "XLEN"}[kind]
    return int(client.execute_command(count, key))


def _string(client: Any, key: bytes, place: Place) -> Window:
    offset = place.offset
    length = int(client.strlen(key))
    data: bytes = client.getrange(key, offset, offset + WINDOW_BYTES - 1)
    if offset + len(data) < length:
        data = _whole(data)
    end = offset + len(data)
    return {
        "kind": "string", "length": length, "at": str(offset), "next": str(end) if end < length else None,
        "text": data.decode() if is_text(data) else shown(data), "plain": is_text(data),
        "data": base64.b64encode(data).decode(),
    }  # fmt: skip


def _whole(data: bytes) -> bytes:
    """Without the beginning of a character that the window cuts in two, if it is text up to there."""
    heads = (data[: len(data) - cut] for cut in range(4))
    return next((head for head in heads if head and is_text(head)), data)


def _item(data: bytes, **more: Any) -> dict[str, Any]:
    head = data[:ITEM_BYTES]
    return {"text": shown(head), "size": len(data), "cut": len(data) > ITEM_BYTES, **more}


def _hash(client: Any, key: bytes, place: Place, length: int) -> Window:
    """Field names first, then how long each value is, then only the values that are short, and a few longer ones."""
    cursor, fields = _scan(client, "HSCAN", key, place, "NOVALUES")
    with client.pipeline(transaction=False) as pipeline:
        for field in fields:
            pipeline.execute_command("HSTRLEN", key, field)
        for some in portions(fields, FIELDS_AT_ONCE):
            pipeline.execute_command("HPEXPIRETIME", key, "FIELDS", len(some), *some)
        answers = pipeline.execute(raise_on_error=False)
    lengths = [one if isinstance(one, int) else 0 for one in answers[: len(fields)]]
    times = _times(answers[len(fields) :], len(fields))
    wanted = _wanted(fields, lengths)
    values = dict(zip(wanted, _values(client, key, wanted), strict=True))
    items = []
    for field, size, expires in zip(fields, lengths, times, strict=True):
        value = values.get(field) or b""
        item = _item(value, name=shown(field, ITEM_BYTES), expires=expires if expires > 0 else None)
        if (result := cached(value)) is not None:
            item["cached"] = result
        items.append(item if field in values else {**item, "text": "", "size": size, "cut": True})
    return {"next": str(cursor) if cursor else None, "items": items}


def _wanted(fields: list[bytes], lengths: list[int]) -> list[bytes]:
    sizes = list(zip(fields, lengths, strict=True))
    longer = [field for field, size in sizes if ITEM_BYTES < size <= LONGER_BYTES][:LONGER_FIELDS]
    return [field for field, size in sizes if size <= ITEM_BYTES] + longer


def _times(answers: list[Any], count: int) -> list[int]:
    """When each field dies; -1 for never, and for all where the server knows no such times."""
    times = [time for one in answers if isinstance(one, list) for time in one]
    return times if len(times) == count else [-1] * count


def _values(client: Any, key: bytes, fields: list[bytes]) -> list[bytes | None]:
    with client.pipeline(transaction=False) as pipeline:
        for some in portions(fields, FIELDS_AT_ONCE):
            pipeline.execute_command("HMGET", key, *some)
        return [value for one in pipeline.execute() for value in one]


def _set(client: Any, key: bytes, place: Place, length: int) -> Window:
    def read(at: str, count: int) -> Step:
        cursor, members = _scan(client, "SSCAN", key, Place(at, count))
        return [_item(member) for member in members], str(cursor) if cursor else None

    return _in_portions(read, place)


def _scan(client: Any, command: str, key: bytes, place: Place, *more: str) -> tuple[int, list[bytes]]:
    """One step."""
    answer = client.execute_command(command, key, place.cursor, "COUNT", place.items, *more, no_values=bool(more))
    return int(answer[0]), list(answer[1])


def _zset(client: Any, key: bytes, place: Place, length: int) -> Window:
    def read(at: str, count: int) -> Step:
        start = Place(at, count).offset
        pairs: list[tuple[bytes, float]] = client.zrange(key, start, start + count - 1, withscores=True)
        return [_item(one, score=_score(score)) for one, score in pairs], _after(start, len(pairs), length)

    return _in_portions(read, place)


def _score(score: float) -> float | str:
    """JSON knows no infinity: such a score is text."""
    return score if math.isfinite(score) else str(score)


def _list(client: Any, key: bytes, place: Place, length: int) -> Window:
    def read(at: str, count: int) -> Step:
        start = Place(at, count).offset
        values: list[bytes] = client.lrange(key, start, start + count - 1)
        return [_item(value) for value in values], _after(start, len(values), length)

    return _in_portions(read, place)


def _stream(client: Any, key: bytes, place: Place, length: int) -> Window:
    if place.at != "0" and not _is_entry(place.at):
        raise BadPlace("at must be the id of an entry, such as 1700000000000-0")

    def read(at: str, count: int) -> Step:
        start = "-" if at == "0" else f"({at}"
        entries: list[tuple[bytes, dict[bytes, bytes]]] = client.xrange(key, start, "+", count)
        items: list[dict[str, Any]] = [{"id": id.decode(), "fields": _fields(fields or {})} for id, fields in entries]
        return items, items[-1]["id"] if len(items) == count else None

    return _in_portions(read, place)


def _in_portions(read: Callable[[str, int], Step], place: Place) -> Window:
    """`{next, items}`: few items at first, then more, until there are enough or they are too large."""
    items: list[dict[str, Any]] = []
    at, count, weight = place.at, 1, 0
    for _ in range(STEPS):
        some, after = read(at, min(count, place.items - len(items)))
        items += some
        weight += sum(_weight(item) for item in some)
        if after is None or len(items) >= place.items or weight >= READ_BYTES:
            return {"next": after, "items": items}
        at, count = after, min(2 * count, PORTION)
    return {"next": at, "items": items}


def _weight(item: dict[str, Any]) -> int:
    return int(item["size"]) if "size" in item else sum(field["size"] for field in item["fields"])


def _fields(fields: dict[bytes, bytes]) -> list[dict[str, Any]]:
    return [_item(value, name=shown(name, ITEM_BYTES)) for name, value in fields.items()]


def _is_entry(text: str) -> bool:
    first, dash, second = text.partition("-")
    return bool(dash) and all(
        part.isascii() and part.isdigit() and int(part[:21]) < CURSORS - 1 for part in (first, second)
    )


def _after(start: int, got: int, length: int) -> str | None:
    return str(start + got) if got and start + got < length else None


READERS: dict[str, Callable[[Any, bytes, Place, int], Window]] = {
    "hash": _hash, "set": _set, "zset": _zset, "list": _list, "stream": _stream,
}  # fmt: skip
