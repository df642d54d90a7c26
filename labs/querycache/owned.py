"""Owner mode: a write clears the results of those who own what was written.

Saves tell by signals. Writes of querysets tell nothing, so they are asked here. `post_delete` is left alone: connected,
it turns one delete into many.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mongoengine import signals
from mongoengine.queryset import transform

from labs.querycache import current
from labs.querycache.owner import Held, each_once, named_by, owner_field, owners_in

_BEFORE = "_query_cache_owners_before"

_watched: list[Any] = []


class Writing:
    """A write under way, and what only it can tell."""

    def __init__(self) -> None:
        self.inserted: list[Any] = []
        """Ids of what an upsert has inserted: its filter need not find that."""


@contextmanager
def writing(query: Any, *, deletes: bool = False) -> Iterator[Writing]:
    """Around a write of a queryset: clear the owners of what matched before it, and of what matches after it.

    What does not match any more is asked by id: the write may have moved it to another owner. When the write raises
    nobody knows what it did, so the owners known before are cleared then too.
    """
    field, told = owner_field(query._document), Writing()
    if not field or current.cache() is None:
        yield told
        return
    held = Held(query._collection, field)
    before = held.matching(query._query)
    found = [owner for _, owners in before.values() for owner in owners]
    try:
        yield told
        if not deletes:
            after = held.matching(query._query)
            found += [owner for _, owners in after.values() for owner in owners]
            found += held.of([one for text, (one, _) in before.items() if text not in after] + told.inserted)
    finally:
        current.clear_hash(*each_once(found))


@contextmanager
def upserting(query: Any, update: dict[str, Any]) -> Iterator[None]:
    """Around an upsert that does not tell what it inserts: clear the owners that its filter and its update name."""
    field = owner_field(query._document)
    sent = (query._query, transform.update(query._document, **update)) if field and update else query._query
    try:
        yield
    finally:
        current.clear_hash(*each_once(named_by(sent, field)))


@contextmanager
def inserting(document: Any, documents: Any) -> Iterator[None]:
    """Around an insert of one document or many: clear their owners, also when only some of them could be inserted."""
    field = owner_field(document)
    try:
        yield
    finally:
        every = documents if isinstance(documents, (list, tuple)) else [documents]
        written = [one for one in every if field and isinstance(one, document)]
        current.clear_hash(*each_once(owner for one in written for owner in _told_by(one)))


def watch(*documents: Any) -> None:
    """Hear of the saves of these document classes, and of those that inherit from them."""
    _watched.extend(documents)
    signals.pre_save.connect(_before_save)
    signals.post_save.connect(_after_save)


def unwatch(*documents: Any) -> None:
    """No longer."""
    _watched[:] = [one for one in _watched if one not in documents]
    if not _watched:
        signals.pre_save.disconnect(_before_save)
        signals.post_save.disconnect(_after_save)


def _field_of_watched(document: Any) -> str:
    if current.cache() is None or not isinstance(document, tuple(_watched)):
        return ""
    return owner_field(document)


def _before_save(sender: Any, document: Any, **_: Any) -> None:
    """Remember who owned it, when the save can change that."""
    document.__dict__.pop(_BEFORE, None)
    field = _field_of_watched(document)
    if field and document.pk is not None and (document._created or _changes(document, field)):
        document.__dict__[_BEFORE] = list(Held(document._get_collection(), field).of([_id(document)]))


def _after_save(sender: Any, document: Any, created: bool = False, **_: Any) -> None:
    """Clear its owners: those of before, and of now.

    Where the save did not write the owner only the database knows it: it was not loaded, or another one changed it.
    """
    found = document.__dict__.pop(_BEFORE, [])
    if field := _field_of_watched(document):
        found += _told_by(document)
        if not created and field not in document._get_changed_fields():
            found += Held(document._get_collection(), field).of([_id(document)])
        current.clear_hash(*each_once(found))


def _changes(document: Any, field: str) -> bool:
    return any(changed.partition(".")[0] == field for changed in document._get_changed_fields())


def _id(document: Any) -> Any:
    return document.to_mongo(fields=[document._meta["id_field"]])["_id"]


def _told_by(document: Any) -> list[object]:
    """The owners as the document knows them."""
    field = owner_field(document)
    return owners_in(document.to_mongo(fields=[document._meta["cache_owner"]]).get(field)) if field else []
