"""A signed form holds what it says: whatever is changed, a storage that checks it refuses, and nothing is left there.

Who checks is `tests/post_policy.py`, which was written from the documentation and shares nothing with who signs.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
import requests

from dashboard.embedded import MongoDB
from labs.blog.s3 import Bucket
from labs.blog.settings import BlogSettings
from labs.blog.storage import FORM_SECONDS
from tests.blog import Browser, serving
from tests.integration.test_blog_images import picture
from tests.object_storage import ObjectStorage
from tests.post_policy import signature
from tests.strict_storage import StrictStorage, strict

MEGABYTE = 1024 * 1024
Fields = dict[str, str]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StrictStorage]:
    with ObjectStorage(tmp_path_factory.mktemp("storage") / "log") as storage, strict(storage) as found:
        yield found


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB, door: StrictStorage) -> Iterator[str]:
    settings = BlogSettings(mongodb_url=mongodb.url, secret="test", image_megabytes=1, storage=door.settings)
    with serving(settings) as url:
        yield url


@pytest.fixture
def ada(blog: str, door: StrictStorage) -> Iterator[Browser]:
    browser = Browser(blog)
    browser.sign_in("Ada")
    yield browser
    door.ahead = timedelta()
    door.storage.empty()


def ask_form(browser: Browser) -> Any:
    return browser.post("/api/images/form", {"type": "image/png", "size": 1000}).json


def post(form: Any, body: bytes) -> requests.Response:
    return requests.post(form["url"], data=form["fields"], files={"file": ("p.png", body, "image/png")}, timeout=60)


def post_refused(browser: Browser, door: StrictStorage, form: Any, body: bytes, code: str, words: str) -> None:
    """The storage says why, nothing is in it, and the blog has nothing to take."""
    answer = post(form, body)
    assert f"<Code>{code}</Code>" in answer.text
    assert words in answer.text
    assert door.storage.objects() == []
    taken = browser.post("/api/images/arrived", {"name": form["name"]})
    assert (taken.status, taken.detail) == (404, "The storage has received no such picture. Send it again.")
    assert door.storage.objects() == []


def policy_with(fields: Fields, change: Callable[[Any], object]) -> Fields:
    policy = orjson.loads(base64.b64decode(fields["policy"]))
    change(policy)
    return {**fields, "policy": base64.b64encode(orjson.dumps(policy)).decode()}


def test_a_form_as_it_was_given_is_let_in(ada: Browser, door: StrictStorage) -> None:
    form = ask_form(ada)
    assert form["url"].startswith(door.settings.endpoint)
    assert post(form, picture("PNG")).status_code == 201
    assert ada.post("/api/images/arrived", {"name": form["name"]}).status == 201
    assert [key.split("/")[0] for key in door.storage.objects()] == ["pictures"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("key", "incoming/{other}/{name}", "$key"),
        ("key", "pictures/{other}/{name}", "$key"),
        ("key", "incoming/{me}/${{filename}}", "$key"),
        ("Content-Type", "text/html", "$Content-Type"),
        ("Content-Type", "image/jpeg", "$Content-Type"),
        ("success_action_status", "200", "$success_action_status"),
        ("success_action_redirect", "https://evil.example", "Extra input fields: success_action_redirect"),
        ("acl", "public-read", "Extra input fields: acl"),
        ("x-amz-meta-note", "mine", "Extra input fields: x-amz-meta-note"),
        ("x-amz-date", "{day}T235959Z", "$x-amz-date"),
    ],
)
def test_a_field_that_was_changed_or_added(
    ada: Browser, door: StrictStorage, field: str, value: str, words: str
) -> None:
    form = ask_form(ada)
    me, day = form["fields"]["key"].split("/")[1], form["fields"]["x-amz-date"][:8]
    form["fields"][field] = value.format(other="0" * 24, me=me, name=form["name"], day=day)
    post_refused(ada, door, form, picture("PNG"), "AccessDenied", words)


@pytest.mark.parametrize("field", ["key", "Content-Type", "success_action_status"])
def test_a_field_that_was_left_out(ada: Browser, door: StrictStorage, field: str) -> None:
    form = ask_form(ada)
    del form["fields"][field]
    post_refused(ada, door, form, picture("PNG"), "AccessDenied", f"${field}")


@pytest.mark.parametrize(("size", "code"), [(MEGABYTE + 1, "EntityTooLarge"), (0, "EntityTooSmall")])
def test_a_file_outside_the_bounds(ada: Browser, door: StrictStorage, size: int, code: str) -> None:
    post_refused(ada, door, ask_form(ada), bytes(size), code, "allowed size")


def test_a_file_of_the_largest_size_is_let_in(ada: Browser, door: StrictStorage) -> None:
    assert post(ask_form(ada), bytes(MEGABYTE)).status_code == 201


def test_a_form_is_over_after_its_minutes(ada: Browser, door: StrictStorage) -> None:
    form = ask_form(ada)
    door.ahead = timedelta(seconds=FORM_SECONDS + 1)
    post_refused(ada, door, form, picture("PNG"), "AccessDenied", "Policy expired.")
    door.ahead = timedelta(seconds=FORM_SECONDS - 60)
    assert post(form, picture("PNG")).status_code == 201


CHANGES: dict[str, Callable[[Any], object]] = {
    "a later end": lambda policy: policy.update(expiration="2099-01-01T00:00:00Z"),
    "a larger file": lambda policy: policy["conditions"].append(["content-length-range", 1, 1 << 40]),
    "no conditions": lambda policy: policy["conditions"].clear(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_policy_that_was_changed(ada: Browser, door: StrictStorage, change: str) -> None:
    form = ask_form(ada)
    form["fields"] = policy_with(form["fields"], CHANGES[change])
    post_refused(ada, door, form, picture("PNG"), "SignatureDoesNotMatch", "does not match its policy")


def test_a_policy_that_somebody_else_signed(ada: Browser, door: StrictStorage) -> None:
    form = ask_form(ada)
    fields = policy_with(form["fields"], CHANGES["a later end"])
    scope = fields["x-amz-credential"].partition("/")[2]
    form["fields"] = {**fields, "x-amz-signature": signature("a guess", scope, fields["policy"])}
    post_refused(ada, door, form, picture("PNG"), "SignatureDoesNotMatch", "does not match its policy")


@pytest.mark.parametrize(
    ("field", "change", "code"),
    [
        ("x-amz-signature", lambda text: text[::-1], "SignatureDoesNotMatch"),
        ("x-amz-signature", lambda _: "", "SignatureDoesNotMatch"),
        ("x-amz-credential", lambda text: f"other-key/{text.partition('/')[2]}", "InvalidAccessKeyId"),
        ("x-amz-credential", lambda text: text.replace("us-east-1", "eu-west-1"), "InvalidArgument"),
        ("x-amz-date", lambda text: f"20200101{text[8:]}", "InvalidArgument"),
        ("x-amz-algorithm", lambda _: "none", "InvalidArgument"),
    ],
)
def test_what_signs_was_changed(
    ada: Browser, door: StrictStorage, field: str, change: Callable[[str], str], code: str
) -> None:
    form = ask_form(ada)
    form["fields"][field] = change(form["fields"][field])
    post_refused(ada, door, form, picture("PNG"), code, "form")


def test_nobody_takes_a_form_that_was_signed_with_a_wrong_secret(door: StrictStorage) -> None:
    bucket = Bucket(replace(door.settings, secret="another"))
    answer = post(asdict(bucket.form("0" * 24, "image/png", MEGABYTE)), picture("PNG"))
    bucket.close()
    assert "<Code>SignatureDoesNotMatch</Code>" in answer.text
    assert door.storage.objects() == []


def test_one_persons_form_is_for_nobody_elses_place(ada: Browser, blog: str, door: StrictStorage) -> None:
    """Fields of two good forms do not mix."""
    grace = Browser(blog)
    grace.sign_in("Grace")
    form, hers = ask_form(ada), ask_form(grace)
    form["fields"]["key"] = hers["fields"]["key"]
    post_refused(ada, door, form, picture("PNG"), "AccessDenied", "$key")
    assert grace.post("/api/images/arrived", {"name": hers["name"]}).status == 404
