"""Aggregations: what MongoEngine would send, which collections it reads, and its results as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument

from labs.querycache import codec
from labs.querycache.cache import Asked, QueryCache
from labs.querycache.results import CachedResults


class Capture:
    """Stands for a collection and takes down the pipeline instead of sending it."""

    def __init__(self, collection: Any) -> None:
        self.collection = collection
        self.pipeline: list[Any] = []
        self.options: dict[str, Any] = {}

    def with_options(self, **options: Any) -> Capture:
        """As a collection."""
        self.collection = self.collection.with_options(**options)
        return self

    def aggregate(self, pipeline: list[Any], **options: Any) -> None:
        """Take it down."""
        self.pipeline, self.options = pipeline, options


def collections_of(found: Any) -> set[str]:
    """Further collections that a pipeline reads, at any depth."""
    if isinstance(found, Mapping):
        names: set[str] = set().union(*(collections_of(value) for value in found.values())) if found else set()
        for stage in ("$lookup", "$graphLookup"):
            if isinstance(found.get(stage), Mapping) and isinstance(found[stage].get("from"), str):
                names.add(found[stage]["from"])
        union = found.get("$unionWith")
        name = union.get("coll") if isinstance(union, Mapping) else union
        return names | {name} if isinstance(name, str) else names
    if isinstance(found, (list, tuple)):
        return set().union(*map(collections_of, found)) if found else set()
    return set()


def read_pipeline(cache: QueryCache, asked: Asked, spy: Capture) -> CachedResults:
    """Its results, from the cache or from the server; too many are given as they come."""
    options = spy.collection.codec_options
    held: list[Any] = []
    rest: list[Any] = []

    def read() -> bytes | None:
        raw = spy.collection.with_options(codec_options=options.with_options(document_class=RawBSONDocument))
        found = raw.aggregate(spy.pipeline, **spy.options)
        held.clear()
        size = 0
        for one in found:
            held.append(one)
            size += len(one.raw)
            if size > cache.largest:
                rest[:] = [found]
                return None
        return codec.join(held)

    documents = cache.fetch(asked, read)
    if documents is not None:
        return CachedResults(bson.decode_all(documents, options))
    return CachedResults((bson.decode(one.raw, codec_options=options) for one in chain(held, *rest)), rest[-1])
