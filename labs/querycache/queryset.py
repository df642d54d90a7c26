"""The queryset: `Blog.objects(user=u).cache(key=u.id, ttl=10)`.

Every read of documents passes one property, `_cursor`; what it gives is replaced, and named by what the real cursor
would send. Writes pass methods that are overridden here, and clear what they touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from mongoengine.errors import OperationError
from mongoengine.queryset.queryset import ITER_CHUNK_SIZE, QuerySet, QuerySetNoCache
from pymongo.results import UpdateResult

from labs.querycache import bypass, current, key, owned
from labs.querycache.cache import check_ttl
from labs.querycache.cursor import UNNAMEABLE, CachedCursor, Policy, ask, cached_value
from labs.querycache.pipeline import Capture, collections_of, read_pipeline

UNREAD: dict[str, Any] = {
    "_cursor_obj": None, "_cached": None, "_result_cache": None, "_has_more": True, "_len": None,
    "_BaseQuerySet__dereference": False,
}  # fmt: skip
"""What a queryset does not hand on to its clones: what it has read, and with what."""


class Caching:
    """What both querysets share. Without `.cache()` it reads as MongoEngine does."""

    _policy: Policy | None = None
    _cached: CachedCursor | None = None

    def cache(self, key: object = None, ttl: float | None = None) -> Any:
        """This query, from the cache if it is there.

        `key` is the owner, whose results `clear_hash(key)` drops (without one: the collection); `ttl` seconds.
        Raises ValueError for a time to live that is none.
        """
        if ttl is not None:
            check_ttl(ttl)
        found: Any = self.clone()
        found._policy = Policy(key, ttl)
        return found

    def no_cache(self) -> Any:
        """As upstream: without MongoEngine's own memory of results. The Redis cache stays."""
        if getattr(self, "_result_cache", None) is not None:
            raise OperationError("QuerySet already cached")
        return self._clone_into(CachedQuerySetNoCache(self._document, self._collection))  # type: ignore[attr-defined]

    def clone(self) -> Any:
        """As upstream, which copies each setting: that takes longer than to name the query.

        Settings are replaced when they change, and so can be shared; the list of fields alone is changed in place.
        """
        found = _twin(self)
        vars(found).update(UNREAD, _loaded_fields=_twin(found._loaded_fields))
        if cursor := vars(self)["_cursor_obj"]:
            found._cursor_obj = cursor.clone()
        return found

    def _clone_into(self, new_qs: Any) -> Any:
        found: Any = super()._clone_into(new_qs)  # type: ignore[misc]
        if isinstance(found, Caching):
            found._policy = self._policy
        return found

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()  # type: ignore[assignment]
        state.pop("_cached", None)
        return state

    @property
    def _cursor(self) -> Any:
        cached = self._cached
        if cached is not None and cached.real is self._cursor_obj:  # type: ignore[attr-defined]
            return cached  # soon: MongoEngine asks again for each document
        real, cache = super()._cursor, current.cache()  # type: ignore[misc]
        if self._policy is None or cache is None:
            return real
        self._cached = CachedCursor(real, cache, self._policy)
        return self._cached

    def count(self, with_limit_and_skip: bool = False) -> int:
        """As upstream."""
        upstream, cache, me = super().count, current.cache(), self  # type: ignore[misc]
        query: Any = me
        nothing = query._none or query._empty or (query._limit == 0 and not with_limit_and_skip)
        if me._policy is None or cache is None or nothing:
            return int(upstream(with_limit_and_skip))
        collection = query._cursor.collection
        options = {"hint": query._hint if query._hint != -1 else None, "collation": query._collation}
        if with_limit_and_skip:
            options |= {"limit": query._limit, "skip": query._skip}
        why = bypass.of_collection(collection) or bypass.of_expressions(query._query)
        found = cached_value(
            cache, me._policy, collection, why,
            lambda: key.count_name(collection, query._query, {**options, "with": with_limit_and_skip}),
            lambda: upstream(with_limit_and_skip),
        )  # fmt: skip
        query._cursor_obj = None
        return int(found)

    def aggregate(self, pipeline: Any, *suppl_pipeline: Any, **options: Any) -> Any:
        """As upstream; what is sent is what is named."""
        upstream, cache = super().aggregate, current.cache()  # type: ignore[misc]
        if self._policy is None or cache is None:
            return upstream(pipeline, *suppl_pipeline, **options)
        if not isinstance(pipeline, (dict, list)):
            pipeline = list(pipeline)
        query: Any = self.clone()
        spy = Capture(query._collection)
        query._collection_obj, query._policy = spy, None
        query.aggregate(pipeline, *suppl_pipeline, **options)
        why = bypass.of_pipeline(spy.collection, spy.pipeline, spy.options)
        shaping = {name: spy.options[name] for name in bypass.SHAPING_OPTIONS & set(spy.options)}
        try:
            field = b"" if why else key.aggregate_name(spy.collection, spy.pipeline, shaping)
        except UNNAMEABLE:
            why = "cannot be named"
        if why:
            cache.tell("bypass", reason=why)
            return upstream(pipeline, *suppl_pipeline, **options)
        asked = ask(cache, self._policy, field, spy.collection, sorted(collections_of(spy.pipeline)))
        return read_pipeline(cache, asked, spy)

    def update(
        self,
        upsert: bool = False,
        multi: bool = True,
        write_concern: Any = None,
        read_concern: Any = None,
        full_result: bool = False,
        array_filters: Any = None,
        **update: Any,
    ) -> Any:
        """As upstream; then the owners of what was written are cleared."""
        plain = self._plain()
        with owned.writing(plain) as written:
            upstream: Any = super(Caching, plain)
            result = upstream.update(upsert, multi, write_concern, read_concern, True, array_filters, **update)
            if not isinstance(result, UpdateResult):
                return result
            if result.acknowledged and result.upserted_id is not None:
                written.inserted.append(result.upserted_id)
        return result if full_result else result.raw_result["n"] if result.raw_result else None

    def upsert_one(self, *args: Any, **options: Any) -> Any:
        """As upstream, which reads what it has written: from the database."""
        upstream: Any = super(Caching, self._plain())
        return upstream.upsert_one(*args, **options)

    def modify(
        self,
        upsert: bool = False,
        full_response: bool = False,
        remove: bool = False,
        new: bool = False,
        array_filters: Any = None,
        **update: Any,
    ) -> Any:
        """As upstream; then its owners are cleared."""
        plain = self._plain()
        inserts = owned.upserting(plain, update) if upsert and not remove else nullcontext()
        with inserts, owned.writing(plain, deletes=remove):
            upstream: Any = super(Caching, plain)
            return upstream.modify(upsert, full_response, remove, new, array_filters, **update)

    def delete(self, *args: Any, **options: Any) -> Any:
        """As upstream; then the owners of what was there are cleared."""
        plain = self._plain()
        with owned.writing(plain, deletes=True):
            upstream: Any = super(Caching, plain)
            return upstream.delete(*args, **options)

    def insert(self, doc_or_docs: Any, *args: Any, **options: Any) -> Any:
        """As upstream; then the owners of what was inserted are cleared."""
        with owned.inserting(self._document, doc_or_docs):  # type: ignore[attr-defined]
            return super().insert(doc_or_docs, *args, **options)  # type: ignore[misc]

    def _plain(self) -> Any:
        """The same query, uncached: a write must not act on what the cache remembers."""
        found: Any = self.clone()
        found._policy = None
        return found


class CachedQuerySet(Caching, QuerySet):
    """For `meta = {"queryset_class": CachedQuerySet, "cache_owner": "user"}`."""

    def __len__(self) -> int:
        """As upstream, which makes a list of all to know how many there are."""
        query: Any = self
        while query._len is None and query._has_more:
            query._populate_cache()
        return int(super().__len__())

    def _iter_results(self) -> Iterator[Any]:
        """As upstream, a chunk at a time."""
        query: Any = self
        given = 0
        while True:
            known = (query._result_cache or [])[given:]
            yield from known
            given += len(known)
            if not known:
                if not query._has_more:
                    return
                query._populate_cache()

    def _populate_cache(self) -> None:
        """As upstream, but many at once where they stay as they came (`as_pymongo`)."""
        query: Any = self
        cursor = query._cursor if query._as_pymongo and not (query._none or query._empty) else None
        if not (isinstance(cursor, CachedCursor) and query._has_more):
            super()._populate_cache()
            return
        if query._result_cache is None:
            query._result_cache = []
        before = len(query._result_cache)
        query._result_cache.extend(cursor.take(ITER_CHUNK_SIZE))
        query._has_more = len(query._result_cache) - before == ITER_CHUNK_SIZE


class CachedQuerySetNoCache(Caching, QuerySetNoCache):
    """What `no_cache()` of the other gives."""

    def cache(self, key: object = None, ttl: float | None = None) -> Any:
        """As upstream back to a queryset that remembers, and as ours from Redis."""
        found: Any = self._clone_into(CachedQuerySet(self._document, self._collection))
        return found if key is None and ttl is None else found.cache(key, ttl)


def _twin(one: Any) -> Any:
    """A shallow copy."""
    found = object.__new__(type(one))
    vars(found).update(vars(one))
    return found
