"""Pictures that the browser itself sends to an object storage: the post shows them from there, or says why not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard.embedded import MongoDB, Valkey
from tests.copy import RunningCopy
from tests.e2e.conftest import Complaints, Learner
from tests.e2e.test_blog import picture, sign_in, write
from tests.object_storage import ObjectStorage


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStorage]:
    with ObjectStorage(tmp_path_factory.mktemp("storage") / "log") as found:
        yield found


@pytest.fixture(scope="module")
def copy(
    valkey: Valkey, mongodb: MongoDB, storage: ObjectStorage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningCopy]:
    """A web process alone: nothing is run here."""
    found = RunningCopy(valkey.url, mongodb.url, tmp_path_factory.mktemp("copy"), **storage.environ)
    try:
        found.start_web()
        yield found
    finally:
        found.stop()


def sign_out(page: Page) -> None:
    """Takes along what was cached."""
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in (practice)")).to_be_visible()


def test_a_picture_goes_from_the_browser_to_the_storage(learner: Learner, storage: ObjectStorage) -> None:
    page = learner()
    page.goto("/blog/")
    sign_in(page, "Ada")
    with page.expect_response(lambda answer: answer.url.startswith(storage.settings.endpoint)) as sent:
        write(page, "Sour bread", "Flour, water, salt.", picture())
    assert (sent.value.request.method, sent.value.status) == ("POST", 201)
    shown = page.get_by_role("img", name="Picture of “Sour bread”")
    expect(shown).to_have_js_property("naturalWidth", 256)
    assert [key.split("/")[0] for key in storage.objects()] == ["pictures"]
    sign_out(page)


def test_a_refused_picture_says_why_and_is_gone(
    learner: Learner, storage: ObjectStorage, complaints: Complaints
) -> None:
    complaints.expect("422", "blob:")
    storage.empty()
    page = learner()
    page.goto("/blog/")
    sign_in(page, "Edsger")
    try_to_publish(page, b"<script>alert(1)</script>")
    expect(page.get_by_role("alert")).to_contain_text("not a PNG, JPEG or WebP picture")
    assert storage.objects() == []
    page.get_by_role("link", name="Change it").click()
    expect(page.get_by_label("Title")).to_have_value("A draft")
    sign_out(page)


def test_what_the_storage_says_and_a_broken_line_are_told(
    learner: Learner, storage: ObjectStorage, complaints: Complaints
) -> None:
    complaints.expect("400", "ERR_CONNECTION_RESET")

    def full(route: Route) -> None:
        route.fulfill(
            status=400,
            headers={"Access-Control-Allow-Origin": "*", "Content-Type": "application/xml"},
            body="<Error><Code>EntityTooLarge</Code><Message>Your upload is too large</Message></Error>",
        )

    page = learner()
    page.goto("/blog/")
    sign_in(page, "Barbara")
    page.route(f"{storage.settings.endpoint}/**", full)
    try_to_publish(page, picture())
    expect(page.get_by_role("alert")).to_contain_text("The storage refused the picture: Your upload is too large")
    page.unroute_all()
    page.route(f"{storage.settings.endpoint}/**", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("did not arrive")
    page.unroute_all()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="A draft", level=1)).to_be_visible()
    sign_out(page)


def try_to_publish(page: Page, image: bytes) -> None:
    page.get_by_role("link", name="Write a post").click()
    page.get_by_label("Title").fill("A draft")
    page.get_by_label("Text", exact=True).fill("In disguise.")
    page.get_by_label("Picture").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": image})
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Publish").click()
