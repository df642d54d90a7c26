"""Owner mode: a write clears the results of those who own what was written.

The owner is a field of the document, named in its `meta`: `"cache_owner": "user"`. Saves tell by signals. Writes of
querysets tell nothing, so they are asked here. `post_delete` is left alone: connected, it turns one delete into many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from bson import DBRef
from mongoengine import signals

from labs.querycache import current
from labs.querycache.cache import owners

_BEFORE = "_query_cache_owner_before"


def owner_field(document: Any) -> str:
    """The name in the database of the field that names the owner; empty for documents without."""
    name = document._meta.get("cache_owner", "")
    return document._fields[name].db_field if name else ""


@contextmanager
def writing(query: Any) -> Iterator[None]:
    """Around a write of a queryset: clear the owners of what matches, before the write and after it.

    After it only those that the write moved to: it is asked by id. When the write raises nobody knows what it did, so
    the owners known before are cleared then too.
    """
    field = owner_field(query._document)
    cache = current.cache()
    if not field or cache is None:
        yield
        return
    collection = query._collection
    before = list(collection.find(query._query, {field: 1})) if not query._none else []
    found = [_owner(one.get(field)) for one in before]
    try:
        yield
        found += [_owner(one.get(field)) for one in _again(collection, query, before, field)]
    finally:
        cache.clear_hash(*owners(found))


def _again(collection: Any, query: Any, before: list[Any], field: str) -> Iterable[Any]:
    ids = [one["_id"] for one in before]
    yield from collection.find({"_id": {"$in": ids}}, {field: 1}) if ids else ()
    if not ids:  # an upsert: what is there now
        yield from collection.find(query._query, {field: 1})


def watch(*documents: Any) -> None:
    """Hear of the saves and bulk inserts of these document classes."""
    for document in documents:
        signals.pre_save.connect(_before_save, sender=document)
        signals.post_save.connect(_after_save, sender=document)
        signals.post_bulk_insert.connect(_after_insert, sender=document)


def unwatch(*documents: Any) -> None:
    """No longer."""
    for document in documents:
        signals.pre_save.disconnect(_before_save, sender=document)
        signals.post_save.disconnect(_after_save, sender=document)
        signals.post_bulk_insert.disconnect(_after_insert, sender=document)


def _before_save(sender: Any, document: Any, **_: Any) -> None:
    """Remember who owned it, when the save will change that."""
    field = owner_field(sender)
    if field and not document._created and field in document._get_changed_fields():
        held = sender._get_collection().find_one({"_id": document.to_mongo()["_id"]}, {field: 1}) or {}
        document.__dict__[_BEFORE] = _owner(held.get(field))


def _after_save(sender: Any, document: Any, **_: Any) -> None:
    before = document.__dict__.pop(_BEFORE, None)
    current.clear_hash(*owners([before, _of(sender, document)]))


def _after_insert(sender: Any, documents: Any, **_: Any) -> None:
    current.clear_hash(*owners([_of(sender, document) for document in documents]))


def _of(sender: Any, document: Any) -> object:
    field = owner_field(sender)
    return _owner(document.to_mongo().get(field)) if field else None


def _owner(value: Any) -> object:
    """A reference counts as the id it refers to."""
    return value.id if isinstance(value, DBRef) else value
