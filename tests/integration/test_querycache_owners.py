"""Owner mode: whose results must a write clear? Also where the one who writes does not know whose the document is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import mongoengine as me
import pytest
from mongoengine import Q
from pymongo.collection import Collection

from dashboard.embedded import MongoDB, Valkey
from labs.querycache import CachedQuerySet, owner, unwatch, watch
from tests.querycache import Author, Desk, Post, desk


class Base(me.Document):
    objects: Any
    meta = {  # noqa: RUF012
        "collection": "bases", "allow_inheritance": True, "queryset_class": CachedQuerySet, "cache_owner": "user",
    }  # fmt: skip
    user = me.StringField()
    title = me.StringField()


class Sub(Base):
    more = me.IntField()


class Shared(me.Document):
    """Of many owners."""

    objects: Any
    meta = {"collection": "shared", "queryset_class": CachedQuerySet, "cache_owner": "users"}  # noqa: RUF012
    users = me.ListField(me.StringField(), db_field="us")
    title = me.StringField()


class Placed(me.Document):
    """Its id is a document."""

    objects: Any
    meta = {"collection": "placed", "queryset_class": CachedQuerySet, "cache_owner": "user"}  # noqa: RUF012
    place = me.DictField(primary_key=True)
    user = me.StringField()


@pytest.fixture
def found(valkey: Valkey, mongodb: MongoDB) -> Iterator[Desk]:
    with desk(valkey.url, mongodb.url) as one:
        yield one


def told(user: str) -> list[tuple[int, str]]:
    return [(post.n, post.title) for post in Post.objects(user=user).order_by("n").cache(user)]


def truth(user: str) -> list[tuple[int, str]]:
    return [(post.n, post.title) for post in Post.objects(user=user).order_by("n")]


def check(write: Callable[[], Any]) -> None:
    """Nobody is told what was true before the write, and something was changed by it."""
    before = {user: told(user) for user in "abc"}
    write()
    assert {user: told(user) for user in "abc"} == {user: truth(user) for user in "abc"}
    assert {user: truth(user) for user in "abc"} != before


def save_without_the_owner_loaded() -> None:
    post = Post.objects(n=0).only("title").first()
    post.title = "new"
    post.save()


def replace_by_id() -> None:
    Post(id=Post.objects(n=0).first().id, user="b", n=0, title="replaced").save()


def insert_in_part() -> None:
    taken = Post.objects(n=1).first().id
    with pytest.raises(me.errors.BulkWriteError):
        Post.objects.insert([Post(user="a", n=60), Post(id=taken, user="b", n=1)])


@pytest.mark.parametrize(
    "write",
    [
        save_without_the_owner_loaded,
        replace_by_id,
        insert_in_part,
        lambda: Post.objects(user="zz").upsert_one(set__user="a", set__n=99),
        lambda: Post.objects(n__gt=1000).update_one(upsert=True, set__user="a", set__n=5),
        lambda: Post.objects(n__gt=1000).update(upsert=True, full_result=True, set__user="a", set__n=5),
        lambda: Post.objects(user="zz").modify(upsert=True, set__user="a", set__n=99),
        lambda: Post.objects(user="zz").modify(upsert=True, set_on_insert__user="a", set__n=99),
        lambda: Post.objects(Q(user="a") & Q(n=77)).modify(upsert=True, set__n=99),
        lambda: Post.objects(user="a").none().delete(),
    ],
)
def test_every_owner_of_what_is_written_is_cleared(found: Desk, write: Callable[[], Any]) -> None:
    check(write)


def test_an_upsert_answers_as_upstream_does(found: Desk) -> None:
    assert Post.objects(n=0).update_one(set__title="new") == 1
    assert Post.objects.update(set__title="new") == 12
    assert Post.objects(n=50).update_one(upsert=True, set__title="new") == 1
    assert Post.objects(n=51).update(upsert=True, full_result=True, set__user="a").upserted_id is not None
    assert Post.objects(n=0).update(write_concern={"w": 0}, set__title="new") is None
    assert Post.objects.none().update(set__title="new") == 0


def test_a_save_clears_whom_another_one_has_given_the_document_to(found: Desk) -> None:
    mine, theirs = Post.objects(n=0).first(), Post.objects(n=0).first()
    theirs.user = "b"
    theirs.save()
    told("b")
    mine.title = "new"
    mine.save()
    assert told("b") == truth("b")


def test_what_begins_to_match_just_before_the_write_has_its_owner_cleared(
    found: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told("c")
    real = Collection.update_many

    def late(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(Collection, "update_many", real)
        Post(user="c", n=500, title="late").save()
        told("c")
        return real(*args, **options)

    monkeypatch.setattr(Collection, "update_many", late)
    Post.objects(Q(user="a") | Q(n=500)).update(set__title="new")
    assert told("c") == truth("c")


def test_who_watches_a_class_hears_of_those_that_inherit_from_it(found: Desk) -> None:
    def titles() -> list[str]:
        return [one.title for one in Base.objects(user="a").cache("a")]

    watch(Base)
    try:
        assert titles() == []
        saved = Sub(user="a", title="x").save()
        assert titles() == ["x"]
        saved.title = "y"
        saved.save()
        assert titles() == ["y"]
        Author(name="nobody's").save()
    finally:
        unwatch(Base)
    saved.title = "unheard"
    saved.save()
    assert titles() == ["y"]
    post = Post.objects(n=0).first()
    told("a")
    post.title = "still heard"
    post.save()
    assert told("a") == truth("a")


def test_a_document_may_have_many_owners(found: Desk) -> None:
    def titles(user: str) -> list[str]:
        return [one.title for one in Shared.objects(users=user).cache(user)]

    watch(Shared)
    try:
        both = Shared(users=["a", "b"], title="x").save()
        assert titles("a") == titles("b") == ["x"]
        Shared.objects.update(set__title="y")
        assert titles("a") == titles("b") == ["y"]
        both.reload()
        both.users[0] = "c"
        both.save()
        assert (titles("a"), titles("b"), titles("c")) == ([], ["y"], ["y"])
        Shared.objects(users="c").modify(upsert=True, pull__users="b")
        assert (titles("b"), titles("c")) == ([], ["y"])
        Shared.objects.delete()
        assert titles("c") == []
    finally:
        unwatch(Shared)


def test_more_documents_than_one_query_can_name(found: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """17 000 ids of 1 KB in one `$in` would be larger than the largest document. Here two are as many as can be."""
    monkeypatch.setattr(owner, "IDS_MOST", 2)
    told("a"), told("b")
    found.queries.names.clear()
    Post.objects(user="a").update(set__user="b")
    assert found.queries.names == ["find", "update", "find", "find", "find"]
    assert (told("a"), told("b")) == ([], truth("b"))


def test_an_id_may_be_a_document(found: Desk) -> None:
    def places(user: str) -> list[Any]:
        return [one.place for one in Placed.objects(user=user).cache(user)]

    Placed.objects.insert([Placed(place={"x": n}, user="a") for n in range(3)], load_bulk=False)
    assert len(places("a")) == 3
    assert places("b") == []
    Placed.objects(user="a").update(set__user="b")
    assert (len(places("a")), len(places("b"))) == (0, 3)


def test_a_write_acts_on_what_is_there_and_not_on_what_the_cache_remembers(found: Desk) -> None:
    def first() -> Any:
        return Author.objects.order_by("name").limit(1).cache("x")

    assert [one.name for one in first()] == ["Ada"]
    found.posts.database.authors.insert_one({"_cls": "Author", "name": "Aaa"})
    assert first().delete() == 1
    assert [one.name for one in Author.objects.order_by("name")] == ["Ada", "Ben"]


def test_an_upsert_gives_what_it_has_written(found: Desk) -> None:
    ada = Author.objects(name="Ada").first()
    query = Author.objects(id=ada.id).cache("x")
    assert query.clone().get().name == "Ada"
    assert query.clone().upsert_one(set__name="New").name == "New"
    assert query.clone().modify(set__name="Newer", new=True).name == "Newer"
