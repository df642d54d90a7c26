"""The blog with its query cache: what is read again costs MongoDB nothing, and is never older than the last post."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.embedded import MongoDB, Valkey
from dashboard.lab_servers import redis_beside
from labs.blog.settings import BlogSettings
from labs.blog.trace import Trace
from labs.querycache import use
from tests.blog import Browser, serving
from tests.querycache import PATIENCE
from tests.waiting import wait_until

POST = {"title": "Sour bread", "content": "Flour, water, salt."}


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    return []


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


def test_a_refused_post_leaves_the_answer_right(ada: Browser) -> None:
    ada.post("/api/blogs", POST)
    before = ada.get("/api/blogs").json
    assert ada.post("/api/blogs", {"title": {"$gt": ""}, "content": "x"}).status == 422
    assert ada.get("/api/blogs").json == before
