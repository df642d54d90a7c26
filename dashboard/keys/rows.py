"""A row of the list: what is known of one key without reading its value or counting as its use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis import Redis

from dashboard.keys.names import key_id
from labs.sdk.shown import LONGEST_NAME, shown

Row = dict[str, Any]


def server_now(client: Any) -> float:
    """The server's clock, milliseconds since 1970: deadlines are told in it."""
    seconds, micros = client.time()
    return float(seconds * 1000 + micros / 1000)


def name_of(key: bytes) -> Row:
    """`{id, name}`: the id for asking, the name for reading."""
    return {"id": key_id(key), "name": shown(key, LONGEST_NAME)}


def read_rows(client: Redis, keys: Sequence[bytes]) -> list[Row]:
    """`{id, name, type, size, encoding, expires}` of each key that exists, in order.

    `size` in bytes as MEMORY USAGE estimates it from a few samples; `expires` in milliseconds of the server's clock, or
    null. Two round trips: MEMORY USAGE first, which says of a key that is not there so without telling the world that
    somebody missed it.
    """
    sizes = _pipelined(client, [("MEMORY", "USAGE", key) for key in keys])
    there = [(key, size) for key, size in zip(keys, sizes, strict=True) if isinstance(size, int)]
    asked = [command for key, _ in there for command in _commands(key)]
    answers = _pipelined(client, asked)
    rows = []
    for index, (key, size) in enumerate(there):
        kind, expires, encoding = answers[index * 3 : index * 3 + 3]
        row = _row(key, size, kind, expires, encoding)
        if row is not None:
            rows.append(row)
    return rows


def _commands(key: bytes) -> list[tuple[Any, ...]]:
    return [("TYPE", key), ("PEXPIRETIME", key), ("OBJECT", "ENCODING", key)]


def _row(key: bytes, size: int, kind: Any, expires: Any, encoding: Any) -> Row | None:
    """None for a key that went away between the questions."""
    if not isinstance(kind, bytes) or kind == b"none" or not isinstance(expires, int) or expires == -2:
        return None
    return {
        **name_of(key),
        "type": kind.decode(),
        "size": size,
        "encoding": encoding.decode() if isinstance(encoding, bytes) else "",
        "expires": expires if expires >= 0 else None,
    }


def _pipelined(client: Any, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Answers in order; an error is an answer. Raw, since the client's own callbacks differ by version."""
    if not commands:
        return []
    with client.pipeline(transaction=False) as pipeline:
        for command in commands:
            pipeline.execute_command(*command)
        answers: list[Any] = pipeline.execute(raise_on_error=False)
    return answers
