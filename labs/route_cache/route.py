"""The code that runs: the routes as they were, and as they are once somebody has cached them by hand."""

from __future__ import annotations

from typing import Any

import mongoengine as me
import orjson
from flask import Response, g, request

from labs.sdk.own_place import collection, prefix

PREFIX = prefix("rc")
WORDS = "words " * 40


class User(me.Document):
    """Somebody who has signed in."""

    objects: Any
    meta = {"collection": collection("rc", "users")}  # noqa: RUF012
    id = me.IntField(primary_key=True)
    name = me.StringField()


class Blog(me.Document):
    """A post; `number` counts those of its user, so that an old list can be told from a new one."""

    objects: Any
    meta = {"collection": collection("rc", "blogs"), "indexes": [("user", "-number")]}  # noqa: RUF012
    user = me.IntField()
    number = me.IntField()
    title = me.StringField()
    content = me.StringField()


def posts_of(user: int, most: int) -> bytes:
    """The newest posts of a user, as JSON."""
    found = Blog.objects(user=user).order_by("-number").limit(most)
    return orjson.dumps([{"number": post.number, "title": post.title, "content": post.content} for post in found])


def profile_of(user: int) -> bytes:
    """Who a user is, as JSON."""
    found = User.objects.get(id=user)
    return orjson.dumps({"id": found.id, "name": found.name})


# As it was: every request asks the database.


def list_posts() -> Response:
    """GET /api/blogs"""
    return answer(posts_of(g.user, g.posts))


def current_user() -> Response:
    """GET /api/current_user"""
    return answer(profile_of(g.user))


# As it is now: asked before? Then Redis has the answer.


def list_posts_cached() -> Response:
    """GET /api/blogs"""
    key = f"{PREFIX}:{g.user}"
    held = g.cache.get(key)
    if held is not None:
        return answer(held)
    found = posts_of(g.user, g.posts)
    g.cache.set(key, found, px=g.expiry)  # None: for ever
    return answer(found)


def current_user_cached() -> Response:
    """GET /api/current_user: the same lines once more, and the same key."""
    key = f"{PREFIX}:{g.user}"
    held = g.cache.get(key)
    if held is not None:
        return answer(held)
    found = profile_of(g.user)
    g.cache.set(key, found, px=g.expiry)
    return answer(found)


def add_post() -> tuple[str, int]:
    """POST /api/blogs: nobody tells Redis."""
    Blog(user=g.user, **request.get_json()).save(force_insert=True)
    return "", 201


def answer(json: bytes) -> Response:
    """As it is."""
    return Response(json, mimetype="application/json")
