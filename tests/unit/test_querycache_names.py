"""Names of queries: one for equal ones, another for every difference that counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import bson
import pymongo
import pytest
from bson import DBRef, ObjectId
from bson.errors import InvalidDocument
from hypothesis import given
from hypothesis import strategies as st
from pymongo.collation import Collation

from labs.querycache import bypass, key
from labs.querycache.pipeline import collections_of

SOME_ID = ObjectId("65a000000000000000000000")


@pytest.fixture(scope="module")
def collection() -> Iterator[Any]:
    """Never connected: a name needs no server."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient("mongodb://127.0.0.1:1", connect=False)
    yield client.lab.posts
    client.close()


def named(collection: Any, filter: Mapping[str, Any] | None = None, **options: Any) -> bytes:
    return key.find_name(collection.find(filter or {}, **options))


def test_a_name_can_be_read(collection: Any) -> None:
    text = named(collection, {"user": SOME_ID, "n": {"$gt": 3}}, sort=[("n", -1)], limit=10).decode()
    assert text.startswith('find lab.posts filter {"n": {"$gt": 3}, "user": {"$oid": "65a000000000000000000000"}} ')
    assert 'sort {"n": -1} limit 10 #' in text


def test_long_parts_are_hashed_and_still_told_apart(collection: Any) -> None:
    first, second = (named(collection, {"n": {"$in": [*range(1000), last]}}) for last in (1, 2))
    assert first != second
    assert len(first) < 1000


@pytest.mark.parametrize(
    "other",
    [
        {"sort": [("n", 1)]}, {"sort": [("n", -1)]}, {"sort": [("n", 1), ("m", 1)]}, {"sort": [("m", 1), ("n", 1)]},
        {"projection": {"n": 1}}, {"projection": {"n": 0}}, {"projection": {"m": 1}}, {"skip": 1}, {"limit": 1},
        {"limit": 2}, {"hint": "n_1"}, {"collation": Collation("de")}, {"collation": Collation("fr")},
        {"min": [("n", 1)], "hint": "n_1"}, {"max": [("n", 1)], "hint": "n_1"}, {"let": {"x": 1}},
    ],
)  # fmt: skip
def test_every_option_that_counts_gives_another_name(collection: Any, other: dict[str, Any]) -> None:
    names = {named(collection, {"n": 1}), named(collection, {"n": 1}, **other), named(collection, {"n": 2}, **other)}
    assert len(names) == 3


def test_operation_collection_database_and_deployment_count(collection: Any) -> None:
    cursor = collection.find({"n": 1})
    elsewhere: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient("mongodb://127.0.0.1:2", connect=False)
    with elsewhere:
        names = {
            key.find_name(cursor), key.count_name(collection, {"n": 1}, {}), key.distinct_name(cursor, "n"),
            key.distinct_name(cursor, "m"), key.aggregate_name(collection, [{"$match": {"n": 1}}], {}),
            named(collection.database.other, {"n": 1}), named(collection.database.client.other.posts, {"n": 1}),
            named(elsewhere.lab.posts, {"n": 1}),
        }  # fmt: skip
        assert len(names) == 8


def test_what_does_not_change_the_answer_does_not_change_the_name(collection: Any) -> None:
    plain = named(collection, {"n": 1}, limit=3)
    assert plain == named(collection, {"n": 1}, limit=-3, comment="hello", batch_size=7, max_time_ms=99)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": {"$gt": 1, "$lt": 5}}, {"a": {"$lt": 5, "$gt": 1}}),
        ({"$or": [{"a": 1}, {"b": 2}]}, {"$or": [{"b": 2}, {"a": 1}]}),
        ({"$and": [{"$or": [{"a": 1, "c": 3}, {"b": 2}]}]}, {"$and": [{"$or": [{"b": 2}, {"c": 3, "a": 1}]}]}),
        ({"a": {"$elemMatch": {"x": 1, "y": 2}}}, {"a": {"$elemMatch": {"y": 2, "x": 1}}}),
        ({"a": {"$not": {"$gt": 1, "$lt": 5}}}, {"a": {"$not": {"$lt": 5, "$gt": 1}}}),
        ({"a": {"$elemMatch": {"$gt": 1, "$lt": 5}}}, {"a": {"$elemMatch": {"$lt": 5, "$gt": 1}}}),
        ({"a": {"$elemMatch": {"$or": [{"x": 1}, {"y": 2}]}}}, {"a": {"$elemMatch": {"$or": [{"y": 2}, {"x": 1}]}}}),
        ({"a": {"$not": {"$elemMatch": {"x": 1, "y": 2}}}}, {"a": {"$not": {"$elemMatch": {"y": 2, "x": 1}}}}),
    ],
)
def test_order_that_mongodb_does_not_mind(collection: Any, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert named(collection, one) == named(collection, other)


def test_only_a_and_b_is_only_b_and_a(collection: Any) -> None:
    assert named(collection, projection={"a": 1, "b": 1}) == named(collection, projection={"b": 1, "a": 1})
    computed = [{"a": {"$add": ["$x", 1]}, "b": 1}, {"b": 1, "a": {"$add": ["$x", 1]}}]
    assert len({named(collection, projection=one) for one in computed}) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 2, "x": 1}}),
        ({"a": {"$eq": {"x": 1, "y": 2}}}, {"a": {"$eq": {"y": 2, "x": 1}}}),
        ({"a": {"$not": {"$eq": {"$x": 1, "$y": 2}}}}, {"a": {"$not": {"$eq": {"$y": 2, "$x": 1}}}}),
        ({"a": {"$in": [1, 2]}}, {"a": {"$in": [2, 1]}}),
        ({"a": {"$ref": "c", "$id": 1}}, {"a": {"$id": 1, "$ref": "c"}}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": SOME_ID}, {"a": str(SOME_ID)}),
        ({"a": SOME_ID}, {"a": {"b": {"$oid": str(SOME_ID)}}}),
        ({"a": datetime(2026, 1, 1, tzinfo=UTC)}, {"a": "2026-01-01T00:00:00Z"}),
        ({"a": re.compile("x")}, {"a": "x"}),
        ({"a": re.compile("x")}, {"a": re.compile("x", re.IGNORECASE)}),
        ({"a": True}, {"a": 1}),
        ({"a": 1}, {"a": 1.5}),
        ({"a": None}, {"a": False}),
        ({"a": "1"}, {"a": 1}),
        ({"a": DBRef("c", 1)}, {"a": DBRef("d", 1)}),
        ({}, {"a": None}),
    ],
)
def test_order_and_types_that_mongodb_minds(collection: Any, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert named(collection, one) != named(collection, other)


def test_pipelines_keep_their_order(collection: Any) -> None:
    stages = [{"$sort": {"a": 1, "b": 1}}, {"$limit": 2}]
    other = [{"$sort": {"b": 1, "a": 1}}, {"$limit": 2}]
    names = {key.aggregate_name(collection, one, {}) for one in (stages, other, stages[::-1])}
    assert len(names) == 3
    assert key.aggregate_name(collection, stages, {"let": {"x": 1}}) not in names


def test_a_collation_may_be_an_object(collection: Any) -> None:
    """What PyMongo sends is the document in it."""
    both = [Collation("en"), {"locale": "en"}]
    assert len({key.count_name(collection, {"n": 1}, {"collation": one}) for one in both}) == 1
    assert len({key.aggregate_name(collection, [], {"collation": one}) for one in both}) == 1


def test_members_that_only_the_collection_can_encode(collection: Any) -> None:
    standard = bson.CodecOptions[Any](uuid_representation=bson.binary.UuidRepresentation.STANDARD)
    posts = collection.with_options(codec_options=standard)
    one, other = UUID(int=1), UUID(int=2)
    assert named(posts, {"$or": [{"a": one}, {"a": other}]}) == named(posts, {"$or": [{"a": other}, {"a": one}]})
    assert named(posts, {"$or": [{"a": one}, {"a": other}]}) != named(posts, {"$or": [{"a": one}, {"a": one}]})


def test_long_queries_are_named_and_not_remembered(collection: Any) -> None:
    key._known_text.cache_clear()
    assert named(collection, {"n": {"$in": [*range(5000)]}}).startswith(b"find lab.posts filter #")
    assert key._known_text.cache_info().currsize == 0
    assert named(collection, {"n": 1}) == named(collection, {"n": 1})
    assert key._known_text.cache_info()[:2] == (1, 1)


def test_what_cannot_be_sent_cannot_be_named(collection: Any) -> None:
    with pytest.raises(InvalidDocument):
        named(collection, {"a": object()})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5) | st.builds(ObjectId),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from("abcdef"), VALUES, max_size=4), st.randoms(use_true_random=False))
def test_any_order_of_predicates_has_one_name(collection: Any, found: dict[str, Any], random: Any) -> None:
    items = list(found.items())
    random.shuffle(items)
    assert named(collection, found) == named(collection, dict(items))


@pytest.mark.parametrize(
    ("why", "make"),
    [
        ("", lambda c: c.find({"a": 1})),
        ("read preference", lambda c: c.with_options(read_preference=pymongo.ReadPreference.SECONDARY).find()),
        ("read concern", lambda c: c.with_options(read_concern=pymongo.read_concern.ReadConcern("majority")).find()),
        ("no timeout", lambda c: c.find(no_cursor_timeout=True)),
        ("partial results", lambda c: c.find(allow_partial_results=True)),
        ("tailable", lambda c: c.find(cursor_type=pymongo.CursorType.TAILABLE)),
        ("unsteady", lambda c: c.find({"$expr": {"$lt": [{"$rand": {}}, 0.5]}})),
        ("unsteady", lambda c: c.find({"$expr": {"$lt": ["$at", "$$NOW"]}})),
        ("unsteady", lambda c: c.find({"$expr": {"$lt": ["$at", "$$n"]}}, let={"n": "$$NOW"})),
        ("unsteady", lambda c: c.find().where("this.at < new Date()")),
    ],
)
def test_reads_that_go_to_the_server(collection: Any, why: str, make: Any) -> None:
    assert bypass.of_cursor(make(collection)) == why


@pytest.mark.parametrize(
    ("why", "stage"),
    [
        ("", {"$match": {"a": 1}}),
        ("writes", {"$out": "x"}),
        ("writes", {"$merge": {"into": "x"}}),
        ("unsteady", {"$sample": {"size": 1}}),
        ("unsteady", {"$match": {"$expr": {"$lt": [{"$rand": {}}, 0.5]}}}),
        ("unsteady", {"$project": {"now": "$$NOW"}}),
        ("unsteady", {"$lookup": {"from": "x", "pipeline": [{"$sample": {"size": 1}}]}}),
    ],
)
def test_pipelines_that_go_to_the_server(collection: Any, why: str, stage: dict[str, Any]) -> None:
    assert bypass.of_pipeline(collection, [stage], {"cursor": {}}) == why
    assert bypass.of_pipeline(collection, [stage], {"session": object()}) == "session"


def test_a_variable_of_a_pipeline_may_be_another_each_time(collection: Any) -> None:
    assert bypass.of_pipeline(collection, [], {"cursor": {}, "let": {"n": "$$NOW"}}) == "unsteady"
    assert bypass.of_pipeline(collection, [], {"cursor": {}, "let": {"n": 1}}) == ""


def test_reads_in_a_bound_session_go_to_the_server(collection: Any) -> None:
    token = bypass.BOUND.set(object())
    try:
        assert bypass.of_cursor(collection.find()) == "session"
        assert bypass.of_pipeline(collection, [], {"cursor": {}}) == "session"
    finally:
        bypass.BOUND.reset(token)
    assert bypass.of_cursor(collection.find()) == ""


def test_further_collections_of_a_pipeline() -> None:
    inner = [{"$unionWith": {"coll": "c", "pipeline": [{"$unionWith": "d"}]}}]
    assert collections_of([{"$lookup": {"from": "b", "pipeline": inner}}, {"$graphLookup": {"from": "e"}}]) == {*"bcde"}
    assert collections_of([{"$facet": {"one": [{"$lookup": {"from": "b"}}]}}]) == {"b"}
    assert collections_of([{"$match": {"a": 1}}]) == set()
