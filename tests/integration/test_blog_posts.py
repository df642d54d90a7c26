"""The blog's API over real HTTP: what is whose, and input that must not pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from bson import ObjectId

from dashboard.embedded import MongoDB
from labs.blog.settings import BlogSettings
from labs.blog.trace import OWN_WORK, Trace
from tests.blog import Browser, serving
from tests.waiting import wait_until

POST = {"title": "Sour bread", "content": "Flour, water, salt."}


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB, traces: list[Trace]) -> Iterator[str]:
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test"), traces.append) as url:
        yield url


def test_a_post_is_written_listed_and_read(ada: Browser) -> None:
    assert ada.get("/api/blogs").json == []
    answer = ada.post("/api/blogs", POST)
    assert answer.status == 201
    assert {**POST, "image": None}.items() <= answer.json.items()
    ada.post("/api/blogs", {"title": "Second", "content": "Newer."})
    assert [post["title"] for post in ada.get("/api/blogs").json] == ["Second", "Sour bread"]
    assert ada.get(f"/api/blogs/{answer.json['id']}").json == answer.json


@pytest.mark.parametrize("path", ["/api/blogs", "/api/blogs/65f0c0ffee65f0c0ffee65f0", "/api/images/x"])
def test_personal_routes_need_a_sign_in(blog: str, path: str) -> None:
    answer = Browser(blog).get(path)
    assert answer.status == 401
    assert answer.detail == "Sign in first."


def test_nobody_can_write_without_a_sign_in(blog: str) -> None:
    assert Browser(blog).post("/api/blogs", POST).status == 401
    assert Browser(blog).ask("POST", "/api/images", b"x").status == 401


def test_a_post_of_somebody_else_does_not_exist(ada: Browser, blog: str) -> None:
    id = ada.post("/api/blogs", POST).json["id"]
    grace = Browser(blog)
    grace.sign_in("Grace")
    assert grace.get("/api/blogs").json == []
    theirs, nobodys = grace.get(f"/api/blogs/{id}"), grace.get(f"/api/blogs/{ObjectId()}")
    assert theirs.status == nobodys.status == 404
    assert theirs.body == nobodys.body


@pytest.mark.parametrize("id", ["1", "x" * 24, "[$ne]", "%7B%22$gt%22:%22%22%7D", "..%2f..", "0" * 4000])
def test_what_is_no_id_is_not_found(ada: Browser, id: str) -> None:
    ada.post("/api/blogs", POST)
    assert ada.get(f"/api/blogs/{id}").status == 404


BAD: dict[str, tuple[Any, str]] = {
    "operator as title": ({"title": {"$gt": ""}, "content": "x"}, "title: "),
    "operator as content": ({"title": "x", "content": {"$where": "1"}}, "content: "),
    "operator as image": ({**POST, "image": {"$ne": None}}, "image: "),
    "list as title": ({"title": ["x"], "content": "x"}, "title: "),
    "number as title": ({"title": 7, "content": "x"}, "title: "),
    "unknown field": ({**POST, "author": "somebody"}, "author: "),
    "operator as field": ({**POST, "$set": {"author": "x"}}, "$set: "),
    "no title": ({"content": "x"}, "title: "),
    "blank title": ({"title": "  ", "content": "x"}, "title: "),
    "long title": ({"title": "x" * 201, "content": "x"}, "title: "),
    "long content": ({"title": "x", "content": "x" * 20_001}, "content: "),
    "no object": (["x"], "body: "),
    "nothing": (None, "body: "),
    "picture of nobody": ({**POST, "image": "65f0c0ffee65f0c0ffee65f0"}, "image: you have no picture"),
}


@pytest.mark.parametrize(("data", "said"), BAD.values(), ids=BAD)
def test_bad_posts_are_refused_in_words(ada: Browser, data: Any, said: str) -> None:
    answer = ada.post("/api/blogs", data)
    assert answer.status == 422
    assert said in answer.detail
    assert ada.get("/api/blogs").json == []


def test_a_body_that_is_not_json_is_refused(ada: Browser) -> None:
    form = ada.ask("POST", "/api/blogs", b"title=x&content=y", Content_Type="application/x-www-form-urlencoded")
    assert form.status == 415
    assert ada.ask("POST", "/api/blogs", b'{"title":', Content_Type="application/json").status == 422
    assert ada.ask("POST", "/api/blogs", b"x" * 300_000, Content_Type="application/json").status == 413


def test_markup_stays_text(ada: Browser) -> None:
    title = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    answer = ada.post("/api/blogs", {"title": title, "content": title})
    assert answer.json["title"] == title
    listed = ada.get("/api/blogs")
    assert listed.headers["Content-Type"] == "application/json"
    assert listed.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
def test_a_page_of_somebody_else_changes_nothing(ada: Browser, headers: dict[str, str]) -> None:
    assert ada.post("/api/blogs", POST, **headers).status == 403
    assert ada.ask("POST", "/api/images", b"x", **headers).status == 403
    assert ada.post("/api/watch", {"run": "r"}, **headers).status == 403
    assert ada.get("/api/blogs").json == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/api/blogs"), ("PUT", "/api/blogs/1"), ("POST", "/api/current_user"), ("POST", "/auth/google")],
)
def test_a_wrong_method_is_refused(ada: Browser, method: str, path: str) -> None:
    assert ada.ask(method, path).status == 405


def test_pages_have_a_strict_policy(blog: str) -> None:
    browser = Browser(blog)
    for path in ("/", browser.begin()):
        policy = browser.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def traced(traces: list[Trace], name: str, act: Callable[[], object]) -> Trace:
    """The waterfall of the request that `act` makes. It is told after the answer was sent."""
    known = set(map(id, traces))
    act()

    def found() -> list[Trace]:
        return [trace for trace in traces if trace.name == name and id(trace) not in known]

    wait_until(lambda: bool(found()))
    return found()[-1]


def test_a_request_tells_its_waterfall(ada: Browser, traces: list[Trace]) -> None:
    trace = traced(traces, "GET /api/blogs", lambda: ada.get("/api/blogs"))
    assert trace.status == 200
    pieces = trace.pieces()
    commands = [piece.name for piece in pieces if piece.kind == "db"]
    assert commands == ["find users", "find blogs"]
    assert all(before.end == after.begin for before, after in pairwise(pieces))
    assert (pieces[0].begin, pieces[-1].end) == (0, trace.seconds)
    assert {piece.name for piece in pieces if piece.kind == "cpu"} == {OWN_WORK}


def test_the_waterfall_of_a_sign_in_shows_the_provider(blog: str, traces: list[Trace]) -> None:
    callback = traced(traces, "GET /auth/google/callback", lambda: Browser(blog).sign_in("Ada"))
    names = [piece.name for piece in callback.pieces() if piece.kind == "net"]
    assert "POST token, provider" in names
