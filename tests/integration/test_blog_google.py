"""The blog with Google's keys set. In Google's place stands our own provider, elsewhere, over real HTTP."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from werkzeug.serving import make_server

import labs.blog
from dashboard import lab_servers
from dashboard.embedded import MongoDB
from labs.blog import models, sign_in
from labs.blog.app import LOOK
from labs.blog.client import Client
from labs.blog.settings import BlogSettings
from labs.openid_provider.app import CLIENT_ID
from labs.openid_provider.app import create_app as create_provider
from labs.sdk.process import ChildProcess
from labs.sdk.servers import VARIABLES
from labs.sdk.tag import TAG
from labs.sdk.wsgi import served
from tests.blog import Browser, Quiet, serving
from tests.tags import own_tag

SECRET = "google's"


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[str, list[str]]]:
    """The address of the provider, and a list whose one item is the blog that it sends people back to."""
    blogs: list[str] = []
    app = create_provider(SECRET, lambda: f"{blogs[0]}/auth/google/callback", LOOK, lambda: True)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}", blogs
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def blog(mongodb: MongoDB, google: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    address, blogs = google
    monkeypatch.setattr(sign_in, "GOOGLE", f"{address}/.well-known/openid-configuration")
    settings = BlogSettings(
        mongodb_url=mongodb.url, secret="test", google_client_id=CLIENT_ID, google_client_secret=SECRET
    )
    with serving(settings) as url:
        blogs[:] = [url]
        yield url


def test_people_sign_in_with_google(blog: str, google: tuple[str, list[str]]) -> None:
    browser = Browser(blog)
    address = browser.begin()
    assert address.startswith(f"{google[0]}/authorize?")
    assert browser.get(Browser(google[0]).allow(address, "Ada")).headers["Location"] == "/"
    assert browser.get("/api/current_user").json["name"] == "Ada"
    assert b'data-google="yes"' in browser.get("/").body


def test_the_tour_signs_in_at_practice_whoever_signs_in_people(
    mongodb: MongoDB, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its program has no account at Google, nor a proxy before it."""
    environ = {
        VARIABLES["mongodb"]: lab_servers.mongodb_beside(mongodb.url),
        "GOOGLE_CLIENT_ID": "an-id", "GOOGLE_CLIENT_SECRET": "a-secret",
        "LOOPSCOPE_PUBLIC_URL": "https://lab.example.org", "LOOPSCOPE_S3_KEY": "half", "LOOPSCOPE_IMAGE_MEGABYTES": "1",
    }  # fmt: skip
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    program = Path(labs.blog.__file__).with_name("served.py")
    with served(program, {}) as (host, port), Client(host, port) as client:
        client.sign_in("Ada")
        assert orjson.loads(client.get("/api/current_user").body)["name"] == "Ada"


def test_who_practised_is_nobody_once_google_signs_in(blog: str, mongodb: MongoDB) -> None:
    """Anybody may have taken any name there."""
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test")) as practice:
        browser = Browser(practice)
        browser.sign_in("Ada")
        assert browser.get("/api/current_user").json["name"] == "Ada"
    models.connect(mongodb.url)  # the one blog ended the connection that both use
    browser.url = blog
    assert browser.get("/api/current_user").json is None
    assert browser.post("/api/blogs", {"title": "x", "content": "y"}).status == 401
    for path in ("/practice/.well-known/openid-configuration", "/practice/jwks", "/practice/authorize"):
        assert browser.get(path).status == 404


def test_programs_of_labs_get_no_secrets_of_this_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = (
        "GOOGLE_CLIENT_ID",
        "GOOGLE_CLIENT_SECRET",
        "LOOPSCOPE_SECRET",
        "LOOPSCOPE_S3_KEY",
        "LOOPSCOPE_S3_SECRET",
    )
    for name in (*secrets, "SOMETHING_ELSE"):
        monkeypatch.setenv(name, "x")
    program = [sys.executable, "-c", "import os; print(*os.environ, sep='\\n')"]
    with ChildProcess(program, {"GIVEN": "x"}, own_tag("secrets")) as child:
        names = {line.decode() for lines in child.read(time.monotonic() + 60) for line in lines.lines}
    assert {"SOMETHING_ELSE", "GIVEN", TAG} <= names
    assert not names & set(secrets)
