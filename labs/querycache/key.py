"""Which query is it? A name for what a read asks for: equal queries have one name, and every difference that counts
gives another.

Order is kept wherever MongoDB minds it (sub-document equality, sort, pipelines) and taken away where it does not
(predicates, operator documents, members of `$and`, `$or`, `$nor`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

import bson
from bson.json_util import CANONICAL_JSON_OPTIONS, RELAXED_JSON_OPTIONS, dumps
from bson.son import SON
from pymongo.collation import Collation

LONGEST_FIELD = 1024
LONGEST_KEPT = 4096
"""Bytes of a query whose text is remembered; longer ones would fill the memory."""

LOGICAL = frozenset({"$and", "$or", "$nor"})
NESTED = frozenset({"$elemMatch", "$not"}) | LOGICAL

MAPPINGS = (dict, Mapping)
"""The usual kind first: it takes a tenth of the time to find out."""

_deployments: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def find_name(cursor: Any) -> bytes:
    """The name of what an unexecuted PyMongo cursor will ask for."""
    return name(
        {
            "find": namespace(cursor.collection),
            "filter": predicate(cursor._spec),
            "projection": projection(cursor._projection),
            "sort": cursor._ordering,
            "skip": cursor._skip,
            "limit": abs(cursor._limit),
            "empty": cursor._empty or None,
            "hint": cursor._hint,
            "collation": cursor._collation,
            "min": cursor._min,
            "max": cursor._max,
            "let": cursor._let,
            "return_key": cursor._return_key,
            "record_id": cursor._show_record_id,
        },
        cursor._codec_options,
    )


def count_name(collection: Any, filter: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """The name of a count."""
    asked = {"count": namespace(collection), "filter": predicate(filter), **_shaping(options)}
    return name(asked, collection.codec_options)


def distinct_name(cursor: Any, field: str) -> bytes:
    """The name of a list of distinct values: it minds filter and collation alone."""
    asked = {
        "distinct": namespace(cursor.collection),
        "field": field,
        "filter": predicate(cursor._spec),
        "collation": cursor._collation,
    }
    return name(asked, cursor._codec_options)


def aggregate_name(collection: Any, pipeline: Sequence[Any], options: Mapping[str, Any]) -> bytes:
    """The name of a pipeline; every order in it counts."""
    asked = {"aggregate": namespace(collection), "pipeline": list(pipeline), **_shaping(options)}
    return name(asked, collection.codec_options)


def namespace(collection: Any) -> str:
    """Deployment, database and collection: equal names on two servers are not the same."""
    settings = collection.database.client._topology_settings
    known = _deployments.get(settings)
    if known is None:
        seeds = sorted(settings.seeds)
        known = _deployments[settings] = ",".join(f"{host}:{port}" for host, port in seeds)
    return f"{known}/{collection.full_name}"


def name(asked: Mapping[str, Any], codec_options: Any) -> bytes:
    """Readable text that ends with a digest of what it stands for.

    Raises what BSON raises for values that cannot be sent: such a query cannot succeed either.
    """
    kept = {key: value for key, value in asked.items() if value}
    data = bson.encode(kept, codec_options=codec_options)
    return _known_text(data) if len(data) <= LONGEST_KEPT else _text(data)


def _text(data: bytes) -> bytes:
    asked: dict[str, Any] = bson.decode(data, codec_options=READ)
    operation, where = next(iter(asked.items()))
    options = CANONICAL_JSON_OPTIONS if operation == "aggregate" else RELAXED_JSON_OPTIONS
    words = [operation, where.partition("/")[2]]
    for key, value in list(asked.items())[1:]:
        text = value if isinstance(value, str) else dumps(value, json_options=options)
        words.append(f"{key} {text if len(text) <= LONGEST_FIELD else f'#{_digest(text.encode())}'}")
    text = " ".join(words)
    return f"{text if len(text) <= 2 * LONGEST_FIELD else text[:LONGEST_FIELD] + '…'} #{_digest(data)}".encode()


_known_text = lru_cache(maxsize=4096)(_text)
"""Readable text is slow to make, and the same queries come again and again."""

READ: Any = bson.CodecOptions(document_class=SON, unicode_decode_error_handler="replace", tz_aware=True,
                         datetime_conversion=bson.DatetimeConversion.DATETIME_AUTO)  # fmt: skip


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=10).hexdigest()


def predicate(found: Any) -> Any:
    """A filter with its order-free parts in one order."""
    if not isinstance(found, MAPPINGS):
        return found
    return {key: _condition(key, found[key]) for key in sorted(found, key=str)}


def _condition(key: Any, value: Any) -> Any:
    if key in LOGICAL and isinstance(value, (list, tuple)):
        return sorted(map(predicate, value), key=_order)
    if isinstance(value, MAPPINGS) and _is_operators(value):
        return {name: _nested(name, value[name]) if name in NESTED else value[name] for name in sorted(value)}
    return value


def _nested(name: str, value: Any) -> Any:
    """What such an operator holds: predicates, or operators whose own values are left as they are."""
    operators = isinstance(value, MAPPINGS) and _is_operators(value)
    return _condition(name, value) if name in LOGICAL or operators else predicate(value)


def _order(member: Any) -> bytes:
    """Any order will do, as long as it is the same each time. What only the collection can encode goes by its text."""
    try:
        return bytes(bson.encode({"": member}, codec_options=ORDER))
    except (bson.errors.BSONError, TypeError, ValueError, OverflowError):
        return repr(member).encode()


ORDER: Any = bson.CodecOptions(uuid_representation=bson.binary.UuidRepresentation.STANDARD)


def _is_operators(value: Mapping[Any, Any]) -> bool:
    """An operator document: `{"$gt": 1, "$lt": 5}`. A reference looks like one and is a value, whose order counts."""
    return (
        bool(value)
        and "$ref" not in value
        and "$id" not in value
        and all(isinstance(key, str) and key.startswith("$") for key in value)
    )


def projection(found: Any) -> Any:
    """A projection that only takes or leaves fields has no order; one that computes has."""
    if isinstance(found, MAPPINGS) and all(isinstance(value, (bool, int, float)) for value in found.values()):
        return _sorted(found)
    return found


def _shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a command, as they are sent."""
    found = {name: value.document if isinstance(value, Collation) else value for name, value in options.items()}
    return _sorted(found)


def _sorted(found: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(found.items()))
