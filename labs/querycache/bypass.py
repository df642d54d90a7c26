"""What must not be answered from the cache, and why: each rule gives the reason in a word or two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo import ReadPreference
from pymongo.cursor import CursorType
from pymongo.synchronous import client_session

BOUND: ContextVar[Any] = getattr(client_session, "_SESSION", ContextVar("no session can be bound", default=None))
"""The session that `with session.bind():` gives to every command."""

PRIMARY, NON_TAILABLE = ReadPreference.PRIMARY, CursorType.NON_TAILABLE
NO_TIMEOUT, PARTIAL = 16, 128
CHANGING_STAGES = frozenset({"$out", "$merge"})
UNSTEADY = frozenset({
    "$sample", "$sampleRate", "$rand", "$function", "$accumulator", "$currentOp", "$collStats", "$indexStats",
    "$planCacheStats", "$listSessions", "$listLocalSessions", "$changeStream", "$where",
})  # fmt: skip
STEADY = frozenset({type(None), bool, int, float, ObjectId, datetime})
"""Types that hold no expression, asked first: it is part of each hit."""
MAPPINGS = (dict, Mapping)
"""Mappings, the usual kind first: it takes a tenth of the time to find out."""
UNSTEADY_VARIABLES = ("$$NOW", "$$CLUSTER_TIME", "$$USER_ROLES")
SHAPING_OPTIONS = frozenset({"collation", "let", "hint"})
PIPELINE_OPTIONS = SHAPING_OPTIONS | {"cursor", "comment", "maxTimeMS", "allowDiskUse", "batchSize"}


def of_cursor(cursor: Any) -> str:
    """Why a find must go to the server; empty if it need not."""
    if why := of_collection(cursor.collection, cursor._session):
        return why
    if cursor._cursor_type != NON_TAILABLE:
        return "tailable"
    if cursor._query_flags & NO_TIMEOUT:
        return "no timeout"
    if cursor._query_flags & PARTIAL:
        return "partial results"
    return of_expressions((cursor._spec, cursor._projection, cursor._let))


def of_collection(collection: Any, session: Any = None) -> str:
    """Reads that ask for a certain server or a certain moment; `with session.bind():` leaves no mark on a cursor."""
    if session is not None or BOUND.get() is not None:
        return "session"
    preference = collection.read_preference
    if preference is not PRIMARY and preference != PRIMARY:
        return "read preference"
    if collection.read_concern.level is not None:
        return "read concern"
    return ""


def of_pipeline(collection: Any, pipeline: Iterable[Any], options: Mapping[str, Any]) -> str:
    """Why an aggregation must go to the server."""
    if options.get("session") is not None:
        return "session"
    if set(options) - PIPELINE_OPTIONS - {"session"}:
        return "options"
    stages = list(pipeline)
    if any(isinstance(stage, Mapping) and CHANGING_STAGES & set(stage) for stage in stages):
        return "writes"
    return of_collection(collection) or of_expressions((stages, options.get("let")))


def of_expressions(found: Any) -> str:
    """An expression whose value is another one each time."""
    if type(found) in STEADY:
        return ""
    if isinstance(found, str):
        return "unsteady" if found.startswith(UNSTEADY_VARIABLES) else ""
    inner: Iterable[Any] = ()
    if isinstance(found, (list, tuple)):
        inner = found
    elif isinstance(found, MAPPINGS):
        if not UNSTEADY.isdisjoint(found):
            return "unsteady"
        inner = found.values()
    for value in inner:
        if why := of_expressions(value):
            return why
    return ""
