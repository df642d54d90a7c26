"""The blog's cookie: who has it, how long, and what no other site and no late answer can do to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.embedded import MongoDB
from labs.blog.settings import BlogSettings
from tests.blog import Browser, serving
from tests.integration.test_blog_sign_in import nobody


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB) -> Iterator[str]:
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test")) as url:
        yield url


@pytest.fixture
def ada(blog: str) -> Browser:
    browser = Browser(blog)
    browser.sign_in("Ada")
    return browser


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
