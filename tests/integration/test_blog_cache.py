"""The blog with its query cache: what is read again costs MongoDB nothing, and is never older than the last post."""

from __future__ import annotations

import time
from collections.abc import Iterator

import bson
import pytest
import redis
from bson import ObjectId

from dashboard.embedded import MongoDB, Valkey
from dashboard.lab_servers import redis_beside
from labs.blog.settings import BlogSettings
from labs.blog.trace import CACHE_PREFIX, Trace
from labs.querycache import use
from labs.querycache.codec import Entry, pack
from tests.blog import Browser, serving
from tests.querycache import PATIENCE
from tests.waiting import wait_until

POST = {"title": "Sour bread", "content": "Flour, water, salt."}


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB, valkey: Valkey, traces: list[Trace]) -> Iterator[str]:
    settings = BlogSettings(
        mongodb_url=mongodb.url, redis_url=redis_beside(valkey.url), secret="test", cache_patience=PATIENCE
    )
    with serving(settings, traces.append) as url:
        yield url
    use(None)


def somebody(blog: str, name: str) -> Iterator[Browser]:
    """Signed in; signing out in the end takes along what was cached."""
    browser = Browser(blog)
    browser.sign_in(name)
    yield browser
    browser.ask("POST", "/auth/logout", Origin=browser.url)


@pytest.fixture
def ada(blog: str) -> Iterator[Browser]:
    yield from somebody(blog, "Ada")


@pytest.fixture
def grace(blog: str) -> Iterator[Browser]:
    yield from somebody(blog, "Grace")


def commands(traces: list[Trace], browser: Browser, path: str) -> list[str]:
    """What one request looked up in MongoDB."""
    known = len(traces)
    browser.get(path)
    wait_until(lambda: any(trace.name == f"GET {path}" for trace in traces[known:]))
    trace = next(trace for trace in traces[known:] if trace.name == f"GET {path}")
    assert any(piece.kind == "cache" for piece in trace.pieces())
    return [piece.name for piece in trace.pieces() if piece.name.startswith("find")]


def test_what_is_read_again_costs_mongodb_nothing(ada: Browser, traces: list[Trace]) -> None:
    assert commands(traces, ada, "/api/blogs") == ["find users", "find blogs"]
    assert commands(traces, ada, "/api/blogs") == []
    assert commands(traces, ada, "/api/current_user") == []


def test_a_new_post_is_in_the_next_answer(ada: Browser) -> None:
    for n in range(5):
        assert len(ada.get("/api/blogs").json) == n
        assert ada.post("/api/blogs", POST).status == 201


def test_cached_posts_are_still_ones_own(ada: Browser, grace: Browser) -> None:
    id = ada.post("/api/blogs", POST).json["id"]
    assert ada.get(f"/api/blogs/{id}").status == 200
    assert ada.get(f"/api/blogs/{id}").status == 200
    assert len(ada.get("/api/blogs").json) == 1
    assert grace.get(f"/api/blogs/{id}").status == 404
    assert grace.get("/api/blogs").json == []


def held(valkey: Valkey, browser: Browser) -> tuple[str, dict[bytes, bytes]]:
    """The hash of what is cached for somebody, as a learner's console sees it."""
    key = f"{CACHE_PREFIX}:{browser.get('/api/current_user').json['id']}"
    with redis.Redis.from_url(redis_beside(valkey.url)) as client:
        return key, client.hgetall(key)


def test_who_looks_into_redis_reads_nobodys_posts(ada: Browser, valkey: Valkey) -> None:
    ada.post("/api/blogs", {"title": "Diary", "content": "only for me"})
    ada.get("/api/blogs")
    _, values = held(valkey, ada)
    assert len(values) == 2
    assert b"only for me" not in b"".join(values.values())
    assert b"Ada" not in b"".join(values.values())


@pytest.mark.parametrize("how", ["written by hand", "copied from the other"])
def test_who_writes_into_redis_becomes_nobody_else(ada: Browser, grace: Browser, valkey: Valkey, how: str) -> None:
    """Learners may write where the cache lies: an answer of theirs is none."""
    ada.get("/api/blogs")
    (theirs, wanted), (own, values) = held(valkey, ada), held(valkey, grace)
    field = next(name for name in values if name.startswith(b"find lab.users"))
    victim = next(value for name, value in wanted.items() if name.startswith(b"find lab.users"))
    now = round(time.time() * 1000)
    body = bson.encode({"_id": ObjectId(theirs.rpartition(":")[2]), "name": "Ada", "email": "ada@example.org"})
    forged = pack(Entry(body, now, now + 60_000), "bson") if how == "written by hand" else victim
    with redis.Redis.from_url(redis_beside(valkey.url)) as client:
        client.hset(own, field, forged)
    assert grace.get("/api/current_user").json["name"] == "Grace"
    assert held(valkey, grace)[1][field] not in (forged, values[field]), "it is replaced"


def test_a_refused_post_leaves_the_answer_right(ada: Browser) -> None:
    ada.post("/api/blogs", POST)
    before = ada.get("/api/blogs").json
    assert ada.post("/api/blogs", {"title": {"$gt": ""}, "content": "x"}).status == 422
    assert ada.get("/api/blogs").json == before
