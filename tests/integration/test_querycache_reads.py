"""A cached read gives what an uncached one gives: documents, values and exceptions."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mongoengine.queryset.queryset import ITER_CHUNK_SIZE, BaseQuerySet

from dashboard.embedded import MongoDB, Valkey
from labs.querycache.cache import check_ttl
from labs.querycache.codec import TOO_LARGE
from labs.querycache.queryset import UNREAD, CachedQuerySet, CachedQuerySetNoCache
from tests.querycache import Author, Desk, Editor, Post, desk


@pytest.fixture(params=["bson", "json", "bson by collection", "bson without field expiry"])
def found(request: pytest.FixtureRequest, valkey: Valkey, mongodb: MongoDB) -> Iterator[Desk]:
    codec, _, more = request.param.partition(" ")
    options = {"by collection": {"by_collection": True}, "without field expiry": {"fields_expire": False}}.get(more, {})
    with desk(valkey.url, mongodb.url, codec=codec, ttl=600, **options) as one:
        yield one


def begun(query: Any) -> list[Any]:
    """What somebody gets who stops after the first and begins again."""
    return [next(iter(query)), *query]


STEPS: list[Callable[[Any], Any]] = [
    lambda q: q.filter(user="a"),
    lambda q: q.filter(n__gt=3),
    lambda q: q.filter(n__gt=3, n__lt=9),
    lambda q: q.filter(tags="t1"),
    lambda q: q.filter(detail__text="x1"),
    lambda q: q.filter(title__icontains="TITLE 1"),
    lambda q: q.filter(n=99),
    lambda q: q.filter(__raw__={"$or": [{"n": 1}, {"n": 2}]}),
    lambda q: q.order_by("n"),
    lambda q: q.order_by("-title", "n"),
    lambda q: q.order_by(),
    lambda q: q.limit(3),
    lambda q: q.limit(0),
    lambda q: q.limit(1),
    lambda q: q.skip(2),
    lambda q: q.skip(0),
    lambda q: q[1:4],
    lambda q: q[2:],
    lambda q: q[:2],
    lambda q: q[3:3],
    lambda q: q.only("n"),
    lambda q: q.only("n", "user"),
    lambda q: q.exclude("tags"),
    lambda q: q.fields(slice__tags=1),
    lambda q: q.all_fields(),
    lambda q: q.none(),
    lambda q: q.batch_size(2),
    lambda q: q.comment("why"),
    lambda q: q.no_dereference(),
    lambda q: q.all(),
    lambda q: q.clone(),
    lambda q: q.hint("_id_"),
    lambda q: q.collation({"locale": "en"}),
    lambda q: q.max_time_ms(5000),
]
ENDS: list[Callable[[Any], Any]] = [
    list,
    lambda q: q.first(),
    lambda q: q.get(),
    lambda q: q.count(),
    lambda q: q.count(with_limit_and_skip=True),
    len,
    bool,
    lambda q: q[0],
    lambda q: q[2],
    lambda q: q[99],
    lambda q: q[-1],
    lambda q: q[1:9:2],
    lambda q: q[-3:],
    lambda q: list(q[1:3]),
    lambda q: list(q.as_pymongo()),
    lambda q: len(q.as_pymongo()),
    lambda q: begun(q.as_pymongo()),
    lambda q: list(q.scalar("n", "title")),
    lambda q: q.distinct("title"),
    lambda q: q.distinct("tags"),
    lambda q: q.distinct("detail"),
    lambda q: list(q.select_related()),
    lambda q: list(q.aggregate([{"$group": {"_id": "$user"}}, {"$sort": {"_id": 1}}])),
    lambda q: q.sum("n"),
    lambda q: list(q.no_cache()),
    lambda q: repr(q),
    lambda q: q.get(user="b"),
    lambda q: [*q, *q],
    lambda q: begun(q),
    lambda q: list(q.values_list("user")),
    lambda q: q.with_id("x"),
]


def outcome(end: Callable[[Any], Any], make: Callable[[], Any]) -> Any:
    """What it gives, or raises, as plain data."""
    try:
        return plain(end(make()))
    except Exception as error:
        return type(error).__name__, str(error)


def plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if hasattr(value, "to_mongo"):
        return type(value).__name__, value.to_mongo().to_dict(), value._get_changed_fields(), value._created
    return value


def chained(steps: list[Callable[[Any], Any]], cached_at: int | None) -> Any:
    query: Any = Post.objects
    for place, step in enumerate(steps):
        query = query.cache(key="a") if place == cached_at else query
        query = step(query)
    return query.cache(key="a") if cached_at is not None and cached_at >= len(steps) else query


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.sampled_from(STEPS), max_size=4), st.sampled_from(ENDS), st.integers(0, 4))
def test_uncached_missed_and_hit_are_the_same(found: Desk, steps: list[Any], end: Any, at: int) -> None:
    found.cache.clear_hash("a")
    uncached = outcome(end, lambda: chained(steps, None))
    missed = outcome(end, lambda: chained(steps, at))
    hit = outcome(end, lambda: chained(steps, at))
    assert missed == uncached
    assert hit == uncached


@pytest.mark.parametrize(
    "read",
    [
        lambda: list(Post.objects(user="nobody").cache("a")),
        lambda: Post.objects(user="nobody").cache("a").first(),
        lambda: Post.objects(user="nobody").cache("a").count(),
        lambda: Post.objects(user="nobody").cache("a").distinct("n"),
        lambda: outcome(lambda q: q.get(), lambda: Post.objects(user="nobody").cache("a")),
        lambda: outcome(lambda q: q.get(), lambda: Post.objects(user="a").cache("a")),
        lambda: list(Post.objects.cache("a").aggregate([{"$match": {"n": 99}}])),
    ],
)
def test_nothing_is_an_answer_too(found: Desk, read: Callable[[], Any]) -> None:
    found.cache.clear_hash("a")
    first, before = read(), found.queries.reads
    assert read() == first
    assert found.queries.reads == before


def test_one_round_trip_for_a_hit_and_two_more_for_a_miss(found: Desk) -> None:
    def read() -> Any:
        return list(Post.objects(user="a").cache("a"))

    read()
    found.cache.clear_hash("a")
    before = found.outcome("command")
    read()
    assert found.outcome("command") - before == 3
    read()
    assert found.outcome("command") - before == 4


def test_a_hydrated_document_is_as_from_the_database(found: Desk) -> None:
    list(Post.objects(n=4).cache("b"))
    post = Post.objects(n=4).cache("b").first()
    post = next(iter(Post.objects(n=4).cache("b")))
    assert (post._created, post._get_changed_fields()) == (False, [])
    assert post.author.name == "Ada"
    post.title = "edited"
    post.save()
    assert found.posts.find_one({"n": 4})["title"] == "edited"
    post.title = "title 4"
    post.save()


def test_changing_a_result_never_changes_a_later_hit(found: Desk) -> None:
    def read() -> Any:
        return next(iter(Post.objects(n=5).cache("c")))

    read()
    for _ in range(2):
        post = read()
        assert (post.tags, post.detail.text) == (["t1", "t2"], "x1")
        post.tags.append("spoilt")
        post.detail.text = "spoilt"
        raw = next(Post.objects(n=5).as_pymongo().cache("c"))
        raw["tags"].append("spoilt")


def test_inheritance_comes_back_as_it_was(found: Desk) -> None:
    for _ in range(2):
        authors = list(Author.objects.order_by("name").cache("people"))
        assert [type(one) for one in authors] == [Author, Editor]
        assert [type(one) for one in Editor.objects.cache("people")] == [Editor]
        assert Author.objects(name="Ada").cache("people").only("name").first()._cls == "Author"


def test_a_cached_queryset_survives_what_one_does_to_querysets(found: Desk) -> None:
    query = Post.objects(user="b").order_by("n").cache("b", ttl=30)
    list(query)
    before = found.queries.reads
    again = pickle.loads(pickle.dumps(query))
    assert [post.n for post in again.clone()] == [1, 4, 7, 10]
    assert [post.n for post in query.clone().no_cache()] == [1, 4, 7, 10]
    assert found.queries.reads == before
    assert type(query.clone().no_cache()) is CachedQuerySetNoCache
    assert type(query.clone().no_cache().cache()) is CachedQuerySet
    assert [post.n for post in query[1:3]] == [4, 7]
    assert [post.n for post in Post.objects(user="b").order_by("n")[1:3].cache("b")] == [4, 7]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.sampled_from(STEPS), max_size=4))
def test_a_clone_is_what_upstream_makes_and_shares_nothing_that_changes(found: Desk, steps: list[Any]) -> None:
    query = chained(steps, None)
    before = settings_of(query.clone())
    assert before == settings_of(BaseQuerySet.clone(query))
    for step in STEPS:
        outcome(step, query.clone)
        assert settings_of(query.clone()) == before


def settings_of(query: Any) -> dict[str, Any]:
    """Everything but the cursor, which has no equal, and what a queryset of any class has read."""
    kept = {name: value for name, value in vars(query).items() if name not in UNREAD}
    fields, cursor = {**vars(query._loaded_fields)}, query._cursor_obj is not None
    return {**kept, "_policy": query._policy, "_loaded_fields": fields, "cursor": cursor}


def test_documents_as_they_came_are_the_same_chunk_after_chunk(found: Desk) -> None:
    Post.objects.insert([Post(user="many", title="t", n=n) for n in range(2 * ITER_CHUNK_SIZE + 1)])
    for most in (0, 1, ITER_CHUNK_SIZE - 1, ITER_CHUNK_SIZE, ITER_CHUNK_SIZE + 1, 2 * ITER_CHUNK_SIZE, 1000):
        for _ in ("miss", "hit"):
            query = Post.objects(user="many").order_by("n").limit(most or None).as_pymongo().cache("many")
            assert list(query) == list(query.clone().no_cache())
            assert [one["n"] for one in begun(query)] == [0, *(one["n"] for one in query)]


def test_another_database_is_another_query(found: Desk, mongodb: MongoDB) -> None:
    import mongoengine as me

    me.register_connection("elsewhere", "lab2", host=mongodb.url, uuidRepresentation="standard")
    try:
        assert len(Post.objects.cache("a")) == 12
        assert len(Post.objects.using("elsewhere").cache("a")) == 0
        assert len(Post.objects.using("elsewhere").cache("a")) == 0
    finally:
        me.disconnect("elsewhere")


def test_a_result_over_the_cap_is_given_whole_and_not_kept(valkey: Valkey, mongodb: MongoDB) -> None:
    with desk(valkey.url, mongodb.url, largest=300) as found:
        for _ in range(2):
            assert [post.n for post in Post.objects.order_by("n").cache("a")] == list(range(12))
            assert len(list(Post.objects.cache("a").aggregate([{"$match": {}}]))) == 12
        assert (found.outcome("miss"), found.outcome("fill")) == (2, 0)
        assert found.cache.counters.reasons == {"too large": 2}
        assert all(value.startswith(TOO_LARGE) for value in found.fields("a").values())


def test_unsteady_reads_are_never_kept(found: Desk) -> None:
    before = found.outcome("fill")
    list(Post.objects.cache("a").aggregate([{"$sample": {"size": 1}}]))
    list(Post.objects.read_preference(__import__("pymongo").ReadPreference.SECONDARY_PREFERRED).cache("a"))
    assert found.outcome("fill") == before


@pytest.mark.parametrize("ttl", [0, -1, True, "5", float("nan"), float("inf"), 10**9])
def test_a_time_to_live_that_is_none_is_refused(ttl: Any) -> None:
    with pytest.raises(ValueError, match="a time to live is a number of seconds"):
        check_ttl(ttl)
