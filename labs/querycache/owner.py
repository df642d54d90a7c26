"""Whose is a document? The field that its class names in `meta`: `"cache_owner": "user"`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bson import DBRef
from pymongo import ReadPreference

IDS_MOST = 1000
"""How many ids one query names: all ids of a large update would be over what one command may hold."""


def owner_field(document: Any) -> str:
    """The name in the database of the field that names the owner; empty for documents without."""
    name = document._meta.get("cache_owner", "")
    return document._fields[name].db_field if name else ""


def owners_in(value: Any) -> list[object]:
    """The owners that a field's value names: each member of a list, the id of a reference, none for None."""
    if isinstance(value, (list, tuple)):
        return [owner for member in value for owner in owners_in(member)]
    if isinstance(value, Mapping) and "_ref" in value:
        value = value["_ref"]
    if isinstance(value, DBRef):
        value = value.id
    return [] if value is None else [value]


def each_once(found: Iterable[object]) -> list[object]:
    """Owners without those that are named alike; a value that has no hash can be one too."""
    return list({str(owner): owner for owner in found}.values())


class Held:
    """The owners of what a collection holds, as its primary knows them."""

    def __init__(self, collection: Any, field: str) -> None:
        """`field`: its name in the database."""
        self._collection = collection.with_options(read_preference=ReadPreference.PRIMARY)
        self._field = field

    def matching(self, query: Mapping[str, Any]) -> dict[str, tuple[Any, list[object]]]:
        """Id and owners of all that matches, by the id's text: an id may be a document, which has no hash."""
        found = self._collection.find(query, {self._field: 1})
        return {repr(one["_id"]): (one["_id"], owners_in(one.get(self._field))) for one in found}

    def of(self, ids: list[Any]) -> Iterator[object]:
        """Owners of what has these ids."""
        for first in range(0, len(ids), IDS_MOST):
            for _, owners in self.matching({"_id": {"$in": ids[first : first + IDS_MOST]}}).values():
                yield from owners


def named_by(query: Any, field: str) -> Iterator[object]:
    """Owners that a filter or an update names: an upsert gives them to what it inserts."""
    if isinstance(query, (list, tuple)):
        for part in query:
            yield from named_by(part, field)
    elif isinstance(query, Mapping):
        value = query.get(field)
        value = value.get("$eq", value) if isinstance(value, Mapping) else value
        operators = isinstance(value, Mapping) and any(str(key).startswith("$") for key in value)
        yield from () if operators else owners_in(value)
        for step in ("$and", "$or", "$set", "$setOnInsert"):
            yield from named_by(query.get(step), field)
