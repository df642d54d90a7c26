"""Pictures that go straight to an object storage: good ones are shown, all else is refused and leaves nothing there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from dashboard.embedded import MongoDB
from dashboard.embedded.ports import free_port
from dashboard.up.given import ask_storage
from labs.blog.settings import BlogSettings
from labs.blog.trace import Trace
from tests.blog import Answer, Browser, serving
from tests.integration.test_blog_images import HOSTILE, SCRIPT, picture
from tests.object_storage import ObjectStorage, post_form
from tests.waiting import wait_until

MEGABYTES = 2
Form = dict[str, Any]


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStorage]:
    with ObjectStorage(tmp_path_factory.mktemp("storage") / "log") as found:
        yield found


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB, storage: ObjectStorage, traces: list[Trace]) -> Iterator[str]:
    settings = BlogSettings(
        mongodb_url=mongodb.url, secret="test", image_megabytes=MEGABYTES, image_megapixels=4, storage=storage.settings
    )
    with serving(settings, traces.append) as url:
        yield url


@pytest.fixture
def ada(blog: str, storage: ObjectStorage) -> Iterator[Browser]:
    browser = Browser(blog)
    browser.sign_in("Ada")
    yield browser
    storage.empty()


def ask_form(browser: Browser, type: str = "image/png", size: int = 1000) -> Form:
    answer = browser.post("/api/images/form", {"type": type, "size": size})
    assert answer.status == 200, answer.body
    form: Form = answer.json
    return form


def arrived(browser: Browser, form: Form) -> Answer:
    return browser.post("/api/images/arrived", {"name": form["name"]})


def refused(browser: Browser, form: Form, status: int = 422) -> str:
    answer = arrived(browser, form)
    assert answer.status == status, answer.body
    return answer.detail


def me(browser: Browser) -> str:
    return str(browser.get("/api/current_user").json["id"])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_goes_to_the_storage_and_is_shown_from_there(ada: Browser, storage: ObjectStorage, kind: str) -> None:
    body = picture(kind, (700, 700))
    form = ask_form(ada, f"image/{kind.lower()}", len(body))
    assert form["url"].startswith(storage.settings.endpoint)
    assert post_form(form["url"], form["fields"], body) == 201
    answer = arrived(ada, form)
    assert answer.status == 201, answer.body
    found = answer.json
    assert (found["type"], found["width"], found["size"]) == (f"image/{kind.lower()}", 700, len(body))
    assert [key.split("/")[:2] for key in storage.objects()] == [["pictures", me(ada)]]
    post = ada.post("/api/blogs", {"title": "x", "content": "y", "image": found["id"]})
    assert post.json["image"] == found["id"]
    shown = ada.get(f"/api/images/{found['id']}")
    assert shown.status == 302
    fetched = requests.get(shown.headers["Location"], timeout=60)
    assert fetched.content == body
    assert fetched.headers["Content-Type"] == f"image/{kind.lower()}"


def test_only_its_author_is_sent_on_to_a_picture(ada: Browser, blog: str) -> None:
    form = ask_form(ada)
    post_form(form["url"], form["fields"], picture("PNG"))
    id = arrived(ada, form).json["id"]
    grace = Browser(blog)
    grace.sign_in("Grace")
    assert grace.get(f"/api/images/{id}").status == 404
    assert grace.post("/api/blogs", {"title": "x", "content": "y", "image": id}).status == 422


@pytest.mark.parametrize("kind", ["nothing", "a script with the first bytes of a PNG", "a bomb", "half a picture"])
def test_what_is_no_picture_is_refused_and_deleted(ada: Browser, storage: ObjectStorage, kind: str) -> None:
    body, said = HOSTILE[kind]
    form = ask_form(ada)
    assert post_form(form["url"], form["fields"], body) == 201
    assert said in refused(ada, form)
    assert storage.objects() == []


def test_a_larger_one_than_was_announced_is_refused_and_deleted(ada: Browser, storage: ObjectStorage) -> None:
    form = ask_form(ada)
    assert post_form(form["url"], form["fields"], picture("PNG", (900, 900))) == 201  # a real storage refuses here
    assert "larger than 2 MB" in refused(ada, form)
    assert storage.objects() == []


@pytest.mark.parametrize("type", ["text/html", "image/jpeg", ""])
def test_another_type_than_was_announced_is_refused_and_deleted(
    ada: Browser, storage: ObjectStorage, type: str
) -> None:
    form = ask_form(ada)
    post_form(form["url"], form["fields"] | {"Content-Type": type}, picture("PNG"))
    assert "sent as" in refused(ada, form)
    assert storage.objects() == []


def test_nobody_takes_what_another_person_sent(ada: Browser, blog: str, storage: ObjectStorage) -> None:
    form = ask_form(ada)
    post_form(form["url"], form["fields"], picture("PNG"))
    grace = Browser(blog)
    grace.sign_in("Grace")
    assert "no such picture" in refused(grace, form, 404)
    assert len(storage.objects()) == 1


@pytest.mark.parametrize("key", ["incoming/{other}/{name}", "pictures/{other}/{name}", "pictures/{me}/{name}", "x"])
def test_what_was_put_elsewhere_is_never_looked_at(ada: Browser, storage: ObjectStorage, key: str) -> None:
    form = ask_form(ada)
    key = key.format(other="0" * 24, me=me(ada), name=form["name"])
    post_form(form["url"], form["fields"] | {"key": key}, picture("PNG"))
    assert "no such picture" in refused(ada, form, 404)
    assert storage.objects() == [key]


def test_nothing_arrived(ada: Browser) -> None:
    assert "Send it again" in refused(ada, ask_form(ada), 404)


def test_a_picture_is_taken_once(ada: Browser) -> None:
    form = ask_form(ada)
    post_form(form["url"], form["fields"], picture("PNG"))
    assert arrived(ada, form).status == 201
    refused(ada, form, 404)


def test_what_is_shown_cannot_be_replaced_with_the_same_form(ada: Browser, storage: ObjectStorage) -> None:
    good = picture("PNG")
    form = ask_form(ada)
    post_form(form["url"], form["fields"], good)
    id = arrived(ada, form).json["id"]
    assert post_form(form["url"], form["fields"], SCRIPT) == 201
    assert requests.get(ada.get(f"/api/images/{id}").headers["Location"], timeout=60).content == good
    assert "not a PNG" in refused(ada, form)
    assert requests.get(ada.get(f"/api/images/{id}").headers["Location"], timeout=60).content == good


def test_an_upload_that_breaks_off_leaves_nothing(ada: Browser, storage: ObjectStorage) -> None:
    body = picture("PNG", (300, 300))
    form = ask_form(ada)
    request = requests.Request("POST", form["url"], data=form["fields"], files={"file": ("p.png", body)}).prepare()
    assert isinstance(request.body, bytes)
    parts = urlsplit(form["url"])
    with socket.create_connection((str(parts.hostname), parts.port), timeout=60) as connection:
        headers = "".join(f"{name}: {value!s}\r\n" for name, value in request.headers.items())
        connection.sendall(f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}\r\n".encode())
        connection.sendall(request.body[: len(request.body) // 2])
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    assert arrived(ada, form).status in (404, 422)  # 422: a storage that took the half for the whole
    assert storage.objects() == []


def test_a_form_is_given_for_pictures_only(ada: Browser) -> None:
    too_large = {"type": "image/png", "size": MEGABYTES * 1024 * 1024 + 1}
    assert ada.post("/api/images/form", too_large).status == 413
    png: dict[str, object] = {"type": "image/png", "size": 10}
    changes: list[dict[str, object]] = [
        {"type": "text/html"}, {"type": "image/svg+xml"}, {"type": ""}, {"type": {"$gt": ""}},
        {"size": 0}, {"size": -1}, {"size": "10"}, {"size": None}, {"key": "pictures/x"},
    ]  # fmt: skip
    for change in changes:
        assert ada.post("/api/images/form", png | change).status == 422, change
    assert ada.post("/api/images/form", []).status == 422


def test_a_name_is_one_that_a_form_had(ada: Browser) -> None:
    for name in ("", "x", "../" * 8, "0" * 31, "0" * 33, "0" * 31 + "/", None, {"$gt": ""}):
        assert ada.post("/api/images/arrived", {"name": name}).status == 422, name


def test_forms_are_for_people_who_signed_in_on_this_page(ada: Browser, blog: str) -> None:
    for path in ("/api/images/form", "/api/images/arrived"):
        assert Browser(blog).post(path, {}).status == 401
        assert ada.post(path, {}, Origin="https://evil.example").status == 403


def test_pages_may_talk_to_the_storage_and_to_nothing_else(ada: Browser, storage: ObjectStorage) -> None:
    words = dict(part.split(" ", 1) for part in ada.get("/").headers["Content-Security-Policy"].split("; "))
    assert words["connect-src"] == f"'self' {storage.settings.endpoint}"
    assert words["img-src"] == f"'self' blob: {storage.settings.endpoint}"
    assert words["form-action"] == "'self'"


def test_what_the_storage_had_to_do_is_in_the_waterfall(ada: Browser, traces: list[Trace]) -> None:
    form = ask_form(ada)
    post_form(form["url"], form["fields"], picture("PNG"))
    known = len(traces)
    arrived(ada, form)
    path = "POST /api/images/arrived"  # told when the answer has gone
    [trace] = wait_until(lambda: [trace for trace in traces[known:] if trace.name == path])
    names = [piece.name for piece in trace.pieces() if piece.kind == "fs"]
    assert names[:3] == ["look, storage", "copy, storage", "open, storage"]
    assert names[-1] == "delete, storage"


def test_without_object_storage_there_are_no_forms(mongodb: MongoDB) -> None:
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test")) as url:
        browser = Browser(url)
        browser.sign_in("Ada")
        assert browser.post("/api/images/form", {"type": "image/png", "size": 1}).status == 404
        policy = browser.get("/").headers["Content-Security-Policy"]
        assert "connect-src 'self';" in policy


def test_a_storage_that_is_away_is_said_to_be(mongodb: MongoDB, storage: ObjectStorage) -> None:
    away = replace(storage.settings, endpoint=f"http://127.0.0.1:{free_port()}")
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test", storage=away)) as url:
        browser = Browser(url)
        browser.sign_in("Ada")
        assert "does not answer" in refused(browser, ask_form(browser), 503)


def test_a_bucket_that_is_not_there_is_not_the_senders_fault(mongodb: MongoDB, storage: ObjectStorage) -> None:
    other = replace(storage.settings, bucket="other")
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test", storage=other)) as url:
        browser = Browser(url)
        browser.sign_in("Ada")
        assert "set up wrongly" in refused(browser, ask_form(browser), 503)


class TestBeforeTheStart:
    def test_a_bucket_that_is_there(self, storage: ObjectStorage) -> None:
        assert ask_storage(storage.settings) is None
        assert ask_storage(None) is None

    def test_a_bucket_that_is_not(self, storage: ObjectStorage) -> None:
        assert ask_storage(replace(storage.settings, bucket="other")) == "it has no bucket named other."

    def test_nobody_there(self, storage: ObjectStorage) -> None:
        said = ask_storage(replace(storage.settings, endpoint=f"http://127.0.0.1:{free_port()}"))
        assert said is not None
        assert "\n" not in said
        assert said.startswith("Could not connect")
