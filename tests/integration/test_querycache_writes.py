"""Every way to write, in each mode: is what was cached over? And nothing more than that?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import mongoengine as me
import pymongo
import pytest

from dashboard.embedded import MongoDB, Valkey
from labs.querycache import clean_cache, clear_hash
from labs.querycache.stamps import written
from tests.querycache import Desk, Post, desk

OWNED: dict[str, Callable[[], Any]] = {
    "save": lambda: _edited(),
    "create": lambda: Post.objects.create(user="a", n=50),
    "insert one": lambda: Post.objects.insert(Post(user="a", n=50)),
    "insert many": lambda: Post.objects.insert([Post(user="a", n=50), Post(user="b", n=51)]),
    "insert, ids only": lambda: Post.objects.insert([Post(user="a", n=50)], load_bulk=False),
    "document update": lambda: Post.objects(n=0).first().update(set__title="new"),
    "document modify": lambda: Post.objects(n=0).first().modify(set__title="new"),
    "document delete": lambda: Post.objects(n=0).first().delete(),
    "update": lambda: Post.objects(user="a").update(set__title="new"),
    "update one": lambda: Post.objects(n=0).update_one(set__title="new"),
    "upsert": lambda: Post.objects(user="a", n=77).upsert_one(set__title="new"),
    "modify": lambda: Post.objects(n=0).modify(set__title="new"),
    "modify, removing": lambda: Post.objects(n=0).modify(remove=True),
    "delete": lambda: Post.objects(user="a").delete(),
    "given away by save": lambda: _given_away(),
    "given away by update": lambda: Post.objects(n=0).update_one(set__user="b"),
    "taken by update": lambda: Post.objects(n=1).update_one(set__user="a"),
}
RAW: dict[str, Callable[[Any], Any]] = {
    "raw insert": lambda posts: posts.insert_one({"user": "a", "n": 50}),
    "raw update": lambda posts: posts.update_many({"user": "a"}, {"$set": {"title": "new"}}),
    "raw replace": lambda posts: posts.replace_one({"n": 0}, {"user": "a", "n": 0}),
    "raw delete": lambda posts: posts.delete_one({"n": 0}),
    "raw find and modify": lambda posts: posts.find_one_and_update({"n": 0}, {"$set": {"title": "new"}}),
    "raw bulk": lambda posts: posts.bulk_write([pymongo.UpdateOne({"n": 0}, {"$set": {"title": "new"}})]),
    "raw drop": lambda posts: posts.drop(),
    "raw drop of all": lambda posts: posts.database.client.drop_database("lab"),
}


def _edited() -> None:
    post = Post.objects(n=0).first()
    post.title = "new"
    post.save()


def _given_away() -> None:
    post = Post.objects(n=0).first()
    post.user = "b"
    post.save()


@pytest.fixture
def owned(valkey: Valkey, mongodb: MongoDB) -> Iterator[Desk]:
    with desk(valkey.url, mongodb.url) as one:
        yield one


@pytest.fixture
def stamped(valkey: Valkey, mongodb: MongoDB) -> Iterator[Desk]:
    with desk(valkey.url, mongodb.url, by_collection=True) as one:
        yield one


def told(user: str) -> list[tuple[int, str]]:
    return [(post.n, post.title) for post in Post.objects(user=user).order_by("n").cache(user)]


def truth(user: str) -> list[tuple[int, str]]:
    return [(post.n, post.title) for post in Post.objects(user=user).order_by("n")]


def check(write: Callable[[], Any]) -> None:
    before = {user: told(user) for user in "abc"}
    write()
    assert {user: told(user) for user in "abc"} == {user: truth(user) for user in "abc"}
    assert {user: truth(user) for user in "abc"} != before


@pytest.mark.parametrize("way", OWNED)
def test_owner_mode(owned: Desk, way: str) -> None:
    check(OWNED[way])


def test_owner_mode_spares_others_and_does_not_hear_raw_writes(owned: Desk) -> None:
    told("a"), told("b")
    Post.objects(user="a").update(set__title="new")
    before = owned.queries.reads
    told("b")
    assert owned.queries.reads == before
    RAW["raw update"](owned.posts)
    owned.posts.update_many({"user": "b"}, {"$set": {"title": "raw"}})
    assert told("b") != truth("b")
    clear_hash("b")
    assert told("b") == truth("b")


def test_one_delete_stays_one_command(owned: Desk) -> None:
    owned.queries.names.clear()
    Post.objects.delete()
    assert owned.queries.names.count("delete") == 1


@pytest.mark.parametrize("way", [*OWNED, *RAW])
def test_collection_mode(stamped: Desk, way: str) -> None:
    check(OWNED[way] if way in OWNED else lambda: RAW[way](stamped.posts))


@pytest.mark.parametrize("stage", [{"$out": "posts"}, {"$merge": {"into": "posts", "whenMatched": "replace"}}])
def test_collection_mode_hears_where_a_pipeline_writes(stamped: Desk, stage: dict[str, Any]) -> None:
    check(lambda: list(stamped.posts.aggregate([{"$set": {"title": "new"}}, stage])))


def test_a_pipeline_is_over_when_any_of_its_collections_is_written(stamped: Desk) -> None:
    def read() -> Any:
        return list(
            Post.objects(n=0)
            .cache("a")
            .aggregate([{"$lookup": {"from": "authors", "localField": "author", "foreignField": "_id", "as": "by"}}])
        )

    assert read()[0]["by"][0]["name"] == "Ada"
    me.get_connection().lab.authors.update_one({"name": "Ada"}, {"$set": {"name": "Eda"}})
    assert read()[0]["by"][0]["name"] == "Eda"


def test_an_unchanged_collection_stays_cached(stamped: Desk) -> None:
    told("a")
    me.get_connection().lab.others.insert_one({})
    before = stamped.queries.reads
    told("a")
    assert stamped.queries.reads == before


def test_the_decorator_clears_after_the_view_even_when_it_fails(owned: Desk) -> None:
    @clean_cache(lambda: "a")
    def view(fails: bool) -> str:
        owned.posts.update_many({"user": "a"}, {"$set": {"title": f"by the view, {fails}"}})
        assert told("a") != truth("a")
        if fails:
            raise LookupError("no such thing")
        return "answer"

    told("a")
    assert view(False) == "answer"
    assert told("a") == truth("a")
    with pytest.raises(LookupError):
        view(True)
    assert told("a") == truth("a")


def test_the_decorator_refuses_what_has_not_run_when_it_returns() -> None:
    async def view() -> None:
        """Never runs."""

    with pytest.raises(TypeError, match="coroutine"):
        clean_cache(lambda: "a")(view)


@pytest.mark.parametrize(
    ("command", "told", "names"),
    [
        ("insert", {"insert": "a"}, {"db.a"}),
        ("find", {"find": "a"}, set()),
        ("renameCollection", {"renameCollection": "db.a", "to": "db.b"}, {"db.a", "db.b"}),
        ("aggregate", {"aggregate": "a", "pipeline": [{"$match": {}}]}, set()),
        ("aggregate", {"aggregate": "a", "pipeline": [{"$out": {"db": "x", "coll": "y"}}]}, {"x.y"}),
        ("aggregate", {"aggregate": "a", "pipeline": [{"$merge": "b"}]}, {"db.b"}),
        ("aggregate", {"aggregate": "a", "pipeline": [{"$merge": {"into": {"db": "x", "coll": "y"}}}]}, {"x.y"}),
        ("bulkWrite", {"bulkWrite": 1, "nsInfo": [{"ns": "db.a"}, {"ns": "db.b"}]}, {"db.a", "db.b"}),
        ("mapReduce", {"mapReduce": "a", "out": {"inline": 1}}, set()),
        ("mapReduce", {"mapReduce": "a", "out": {"replace": "b"}}, {"db.b"}),
        ("mapreduce", {"mapreduce": "a", "out": {"merge": "b", "db": "x"}}, {"x.b"}),
        ("mapReduce", {"mapReduce": "a", "out": "b"}, {"db.b"}),
        ("findandmodify", {"findandmodify": "a"}, {"db.a"}),
        ("dropDatabase", {"dropDatabase": 1}, {"db.*"}),
        ("convertToCapped", {"convertToCapped": "a"}, {"db.a"}),
        ("cloneCollectionAsCapped", {"cloneCollectionAsCapped": "a", "toCollection": "b"}, {"db.b"}),
    ],
)
def test_what_a_command_writes(command: str, told: dict[str, Any], names: set[str]) -> None:
    assert written(command, "db", told) == names
