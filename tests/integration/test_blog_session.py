"""The blog's cookie: who has it, how long, and what no other site and no late answer can do to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from dashboard.embedded import MongoDB
from dashboard.embedded.ports import free_port
from labs.blog import sign_in
from labs.blog.client import FORM
from labs.blog.settings import BlogSettings
from tests.blog import Browser, serving
from tests.integration.test_blog_sign_in import nobody


@pytest.fixture
def blog(mongodb: MongoDB) -> Iterator[str]:
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test")) as url:
        yield url


def answered_late(browser: Browser) -> Browser:
    """Its other requests, which were under way with the cookie of now and are answered later."""
    late = Browser(browser.url)
    late.cookies = dict(browser.cookies)
    return late


def test_an_answer_that_was_under_way_does_not_undo_signing_out(ada: Browser) -> None:
    late = answered_late(ada)
    ada.ask("POST", "/auth/logout", Origin=ada.url)
    for path in ("/api/blogs", "/", "/static/blog.js"):
        answer = late.get(path)
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers, path
    assert nobody(ada)


def test_a_link_of_another_site_signs_nobody_out(ada: Browser) -> None:
    address = "/auth/google/callback?state=x&code=y"
    answer = ada.get(address, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Accept="text/html")
    assert answer.headers["Location"] == "/?refused=1"
    assert not nobody(ada)


def test_a_provider_that_is_away_signs_nobody_out(ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: sign_in.Client) -> None:
        raise requests.ConnectionError("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr(sign_in.Client, "load_server_metadata", away)
        assert ada.get("/auth/google").status == 503
    assert not nobody(ada)


MALFORMED = ("http://[", "http://[::1", "http://]", "http://127.0.0.1:x@[", "//[")


@pytest.mark.parametrize("origin", MALFORMED)
def test_an_origin_that_is_none_is_refused(ada: Browser, origin: str) -> None:
    assert ada.post("/api/blogs", {"title": "x", "content": "y"}, Origin=origin).status == 403
    assert ada.ask("POST", "/auth/logout", Origin=origin).status == 403
    form = ada.ask("POST", ada.begin(), b"name=Ada", Content_Type=FORM, Origin=origin)
    assert form.status == 403


def test_a_proxy_that_addresses_us_otherwise_lets_people_sign_in(mongodb: MongoDB) -> None:
    """It tells browsers one address and asks the blog by another; further origins may be named too."""
    settings = BlogSettings(
        mongodb_url=mongodb.url, secret="test",
        public_url="http://lab.example.org", public_origins=("https://other.example.org",),
    )  # fmt: skip
    with serving(settings) as url:
        browser = Browser(url)
        for origin in ("http://lab.example.org", "https://other.example.org", url):
            address = browser.begin()
            answer = browser.ask("POST", address, b"name=Ada", Content_Type=FORM, Origin=origin)
            assert answer.status == 302, origin
            callback = answer.headers["Location"]
            assert callback.startswith("http://lab.example.org/auth/google/callback?")
            assert browser.get(callback).status == 302
            assert browser.post("/api/blogs", {"title": "x", "content": "y"}, Origin=origin).status == 201
            assert browser.ask("POST", "/auth/logout", Origin=origin).status == 303
        for origin in ("https://lab.example.org", "http://other.example.org", "null"):
            answer = browser.ask("POST", browser.begin(), b"name=Ada", Content_Type=FORM, Origin=origin)
            assert answer.status == 403, origin


def test_practice_asks_nobody_on_the_way(blog: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy for the outside does not know this machine's own addresses."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    browser = Browser(blog)
    assert browser.sign_in().status == 302
    assert not nobody(browser)


@pytest.mark.parametrize("path", ["/static/blog.js", "/shared/tokens.css"])
def test_files_have_nothing_to_do_with_cookies(ada: Browser, path: str) -> None:
    headers = ada.get(path).headers
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


@pytest.mark.parametrize(("public", "secure"), [("https://lab.example.org", True), ("http://lab.example.org", False)])
def test_the_cookie_travels_in_https_only_where_there_is_https(mongodb: MongoDB, public: str, secure: bool) -> None:
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test", public_url=public)) as url:
        browser = Browser(url)
        cookie = browser.get("/auth/google").headers["Set-Cookie"]
        assert ("Secure" in cookie) is secure
        assert "HttpOnly" in cookie
