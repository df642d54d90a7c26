"""A cursor that gives the documents from the cache, and behaves as the PyMongo cursor it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Self

import bson
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument

from labs.querycache import bypass, codec, key
from labs.querycache.cache import Asked, QueryCache

UNNAMEABLE = (BSONError, TypeError, ValueError, OverflowError, AttributeError)
"""What naming a query raises when it cannot be sent either: then the real one is asked, and says it better."""


class Policy:
    """Whose results, how long, in which cache. Copied with the queryset, and pickled with it (without the cache)."""

    __slots__ = ("owner", "ttl")

    def __init__(self, owner: object, ttl: float | None) -> None:
        self.owner, self.ttl = owner, ttl


class CachedCursor:
    """Around a real cursor that is executed only when the cache has no answer."""

    def __init__(self, real: Any, cache: QueryCache, policy: Policy) -> None:
        self.real = real
        self._cache, self._policy = cache, policy
        self._documents = documents(self.real, self._cache, self._policy)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        return next(self._documents)

    next = __next__

    def take(self, most: int) -> Iterator[Any]:
        """The next documents, `most` of them at most; faster than one after the other."""
        return islice(self._documents, most)

    def __getitem__(self, index: Any) -> Any:
        """A document by its place, or, as upstream, the (real) cursor cut to a slice."""
        if not isinstance(index, int) or index < 0:
            return self.real[index]
        self.real._check_okay_to_chain()
        self.real._empty = False
        one = self.real.clone()
        one.skip(index + one._skip)
        one.limit(-1)
        for document in CachedCursor(one, self._cache, self._policy):
            return document
        raise IndexError("no such item for Cursor instance")

    def rewind(self) -> Self:
        """Start again; the cache is asked again."""
        self._documents = documents(self.real, self._cache, self._policy)
        self.real.rewind()
        return self

    def distinct(self, field: str) -> list[Any]:
        """The distinct values of a field."""
        real = self.real
        why = bypass.of_cursor(real)
        found = cached_value(
            self._cache, self._policy, real.collection, why,
            lambda: key.distinct_name(real, field), lambda: real.distinct(field),
        )  # fmt: skip
        return list(found)


def documents(real: Any, cache: QueryCache, policy: Policy) -> Iterator[Any]:
    """What an unexecuted PyMongo cursor would give, from the cache or through it. Asked when the first is wanted."""
    if real._empty:
        return
    if why := bypass.of_cursor(real):
        cache.tell("bypass", reason=why)
        yield from real
        return
    try:
        asked = ask(cache, policy, key.find_name(real), real.collection)
    except UNNAMEABLE:
        cache.tell("bypass", reason="cannot be named")
        yield from real
        return
    options, read = real._codec_options, _Reading(real, cache.largest)
    found = cache.fetch(asked, read.all)
    if found is not None:
        yield from bson.decode_all(found, options)
        return
    for one in chain(read.held, read.rest):
        yield bson.decode(one.raw, codec_options=options)


class _Reading:
    """Of all documents as they come; when they are too many to keep, `rest` gives those not yet `held`."""

    def __init__(self, real: Any, most: int) -> None:
        """`most`: bytes."""
        self._real, self._most = real, most
        self.held: list[RawBSONDocument] = []
        self.rest: Iterator[RawBSONDocument] = iter(())

    def all(self) -> bytes | None:
        """Their bytes; None when they are too many."""
        real = self._real
        options = real._codec_options.with_options(document_class=RawBSONDocument)
        raw = real._clone(deepcopy=False, base=type(real)(real.collection.with_options(codec_options=options)))
        raw._let = real._let
        size, self.held = 0, []
        for one in raw:
            self.held.append(one)
            size += len(one.raw)
            if size > self._most:
                self.rest = raw
                return None
        return codec.join(self.held)


def ask(cache: QueryCache, policy: Policy, field: bytes, collection: Any, others: Iterable[str] = ()) -> Asked:
    """A read of `collection` (and of `others` in its database); without an owner the collection is the owner."""
    every = [collection, *(collection.database[name] for name in others)] if cache.by_collection else ()
    owner = collection.full_name if policy.owner is None else policy.owner
    return cache.asked(owner, field, policy.ttl, map(key.namespace, every))


def cached_value(
    cache: QueryCache, policy: Policy, collection: Any, why: str, named: Callable[[], bytes], load: Callable[[], Any]
) -> Any:
    """One value (a count, a list), kept as the only field of a document; `why` is the reason for a bypass."""
    try:
        field = b"" if why else named()
    except UNNAMEABLE:
        why = "cannot be named"
    if why:
        cache.tell("bypass", reason=why)
        return load()
    options = collection.codec_options
    value: list[Any] = []

    def read() -> bytes | None:
        value.append(load())
        data = bson.encode({"value": value[0]}, codec_options=options)
        return data if len(data) <= cache.largest else None

    found = cache.fetch(ask(cache, policy, field, collection), read)
    return value[0] if found is None else bson.decode(found, codec_options=options)["value"]
