"""A cursor that gives the documents from the cache, and behaves as the PyMongo cursor it stands for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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
        self._documents: deque[Any] | None = None
        self._rest: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        if self.real._empty:
            raise StopIteration
        if self._documents is None:
            self._documents = deque(self._load())
        if self._documents:
            return self._documents.popleft()
        if self._rest is not None:
            return next(self._rest)
        raise StopIteration

    next = __next__

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
        self._documents = self._rest = None
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

    def _load(self) -> Sequence[Any]:
        real = self.real
        if why := bypass.of_cursor(real):
            self._cache.tell("bypass", reason=why)
            return self._as_it_is()
        try:
            asked = ask(self._cache, self._policy, key.find_name(real), real.collection)
        except UNNAMEABLE:
            self._cache.tell("bypass", reason="cannot be named")
            return self._as_it_is()
        held: list[Any] = []
        documents = self._cache.fetch(asked, lambda: self._read(held))
        if documents is None:
            return [bson.decode(one.raw, codec_options=real._codec_options) for one in held]
        return list(bson.decode_all(documents, real._codec_options))

    def _as_it_is(self) -> Sequence[Any]:
        self._rest = self.real
        return ()

    def _read(self, held: list[Any]) -> bytes | None:
        """All documents as they came; None when they are too many, and then the rest is read as it is asked for."""
        real = self.real
        collection = real.collection.with_options(
            codec_options=real._codec_options.with_options(document_class=RawBSONDocument)
        )
        raw = real._clone(deepcopy=False, base=type(real)(collection))
        raw._let = real._let
        size = 0
        for one in raw:
            held.append(one)
            size += len(one.raw)
            if size > self._cache.largest:
                self._rest = (bson.decode(more.raw, codec_options=real._codec_options) for more in raw)
                return None
        return codec.join(held)


class CachedResults:
    """The results of an aggregation, as a command cursor gives them."""

    def __init__(self, documents: Iterable[Any]) -> None:
        self._documents: Iterator[Any] = iter(documents)
        self.alive = True

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._documents)
        except StopIteration:
            self.alive = False
            raise

    next = __next__

    def to_list(self, length: int | None = None) -> list[Any]:
        """The next `length` documents, or all that are left."""
        return [one for one, _ in zip(self, range(length), strict=False)] if length is not None else list(self)

    def close(self) -> None:
        """No more."""
        self._documents, self.alive = iter(()), False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def ask(cache: QueryCache, policy: Policy, field: bytes, collection: Any, others: Iterable[str] = ()) -> Asked:
    """A read of `collection` (and of `others` in its database); without an owner the collection is the owner."""
    names = [key.namespace(collection), *(key.namespace(collection.database[name]) for name in others)]
    owner = collection.full_name if policy.owner is None else policy.owner
    return cache.asked(owner, field, policy.ttl, names)


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
