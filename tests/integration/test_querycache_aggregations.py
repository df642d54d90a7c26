"""A cached aggregation behaves as upstream's; sessions are left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mongoengine as me
import pytest
from pymongo.collation import Collation

from dashboard.embedded import MongoDB, Valkey
from tests.querycache import Desk, Post, desk

OF_A = [{"$match": {"user": "a"}}, {"$sort": {"n": 1}}]


@pytest.fixture
def found(valkey: Valkey, mongodb: MongoDB) -> Iterator[Desk]:
    with desk(valkey.url, mongodb.url) as one:
        yield one


def numbers(cursor: Any) -> list[int]:
    return [one["n"] for one in cursor]


def drained(cursor: Any) -> list[int]:
    """As some read it: while there is another one."""
    read = []
    while cursor.alive:
        read.append(next(cursor)["n"])
    return read


@pytest.mark.parametrize("state", ["miss", "hit"])
@pytest.mark.parametrize("largest", [100_000, 100])
def test_its_cursor_is_used_as_the_real_one(valkey: Valkey, mongodb: MongoDB, state: str, largest: int) -> None:
    with desk(valkey.url, mongodb.url, largest=largest):

        def cursors() -> list[Any]:
            return [Post.objects.aggregate(OF_A), Post.objects.cache("a").aggregate(OF_A)]

        if state == "hit":
            numbers(cursors()[1])
        assert [drained(one) for one in cursors()] == 2 * [[0, 3, 6, 9]]
        for cursor in cursors():
            assert (cursor.alive, cursor.cursor_id, cursor.session) == (True, 0, None)
            assert cursor.batch_size(2) is cursor
            assert cursor.try_next()["n"] == 0
            assert numbers(cursor.to_list(2)) == [3, 6]
            assert numbers(cursor.to_list()) == [9]
            assert (cursor.alive, cursor.try_next(), cursor.to_list()) == (False, None, [])
            for size, error in (("2", TypeError), (-1, ValueError)):
                with pytest.raises(error):
                    cursor.batch_size(size)
            with pytest.raises(ValueError, match="greater than 0"):
                cursor.to_list(0)
        for cursor in cursors():
            with cursor:
                assert cursor.alive
            assert numbers(cursor) == [0, 3, 6, 9]
            assert not cursor.alive


def test_closing_the_results_of_a_large_one_closes_the_real_cursor(valkey: Valkey, mongodb: MongoDB) -> None:
    with desk(valkey.url, mongodb.url, largest=100) as found:
        Post.objects.insert([Post(user="many", n=n) for n in range(300)], load_bulk=False)
        found.queries.names.clear()
        with Post.objects.cache("a").aggregate([]) as results:
            assert next(results)["n"] == 0
        assert len(list(results)) < 300
        assert found.queries.names == ["aggregate", "killCursors"]


def test_it_has_what_the_real_cursor_has(found: Desk) -> None:
    cached, real = Post.objects.cache("a").aggregate(OF_A), Post.objects.aggregate(OF_A)
    assert [name for name in dir(real) if not name.startswith("_") and not hasattr(cached, name)] == []


def test_a_pipeline_may_come_from_anywhere(found: Desk) -> None:
    for stages in (OF_A, [*OF_A, {"$sample": {"size": 10}}]):
        assert sorted(numbers(Post.objects.cache("a").aggregate(one for one in stages))) == [0, 3, 6, 9]
        assert sorted(numbers(Post.objects.cache("a").aggregate(tuple(stages)))) == [0, 3, 6, 9]


def test_a_collation_may_be_an_object(found: Desk) -> None:
    for _ in range(2):
        assert numbers(Post.objects.cache("a").aggregate(OF_A, collation=Collation("en"))) == [0, 3, 6, 9]
        assert Post.objects(user="a").collation(Collation("en")).cache("a").count() == 4
    assert (found.outcome("hit"), found.cache.counters.reasons) == (2, {})


def test_what_cannot_be_named_is_sent_and_upstream_says_why(found: Desk) -> None:
    errors = []
    for query in (Post.objects, Post.objects.cache("a")):
        with pytest.raises(Exception, match="cannot encode object") as caught:
            query.aggregate([{"$match": {"n": object}}])
        errors.append(caught.type)
    assert errors[0] is errors[1]
    assert found.cache.counters.reasons == {"cannot be named": 1}


def test_what_a_transaction_reads_is_its_own(found: Desk) -> None:
    def told() -> set[str]:
        return {post.title for post in Post.objects(user="a").cache("a")}

    before = told()
    with me.get_connection().start_session() as session, session.bind(False):
        session.start_transaction()
        Post.objects(user="a").update(set__title="uncommitted")
        assert told() == {"uncommitted"}
        assert Post.objects(title="uncommitted").cache("a").count() == 4
        assert Post.objects(user="a").cache("a").distinct("title") == ["uncommitted"]
        assert len(list(Post.objects(title="uncommitted").cache("a").aggregate([]))) == 4
        session.abort_transaction()
    assert told() == before
    assert Post.objects(title="uncommitted").cache("a").count() == 0
    assert found.cache.counters.reasons == {"session": 4}
