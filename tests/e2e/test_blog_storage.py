"""Pictures that the browser itself sends to an object storage: the post shows them from there, or says why not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard.embedded import MongoDB, Valkey
from tests.copy import RunningCopy, running_copy
from tests.e2e.conftest import Complaints, Learner
from tests.e2e.lab_page import LabPage
from tests.e2e.test_blog import Blog, picture, sign_in, write
from tests.object_storage import ObjectStorage
from tests.strict_storage import StrictStorage, strict


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStorage]:
    with ObjectStorage(tmp_path_factory.mktemp("storage") / "log") as found:
        yield found


@pytest.fixture(scope="module")
def door(storage: ObjectStorage) -> Iterator[StrictStorage]:
    """The way to it: it refuses a form that is not what was signed."""
    with strict(storage) as found:
        yield found


@pytest.fixture(scope="module")
def copy(
    valkey: Valkey, mongodb: MongoDB, door: StrictStorage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningCopy]:
    with running_copy(valkey.url, mongodb.url, tmp_path_factory.mktemp("copy"), **door.environ) as found:
        yield found


def sign_out(blog: Blog) -> None:
    """Takes along what was cached."""
    blog.get_by_role("button", name="Sign out").click()
    expect(blog.get_by_role("link", name="Sign in (practice)")).to_be_visible()


def test_a_picture_goes_from_the_labs_pane_to_the_storage(
    learner: Learner, storage: ObjectStorage, door: StrictStorage
) -> None:
    page = learner()
    lab = LabPage(page).open("/labs/blog?runtimes=visit&seconds=200")
    lab.skip().wait("running")
    blog = page.frame_locator("iframe[title='The blog']")
    sign_in(blog, "Ada")
    with page.expect_response(lambda answer: answer.url.startswith(door.settings.endpoint)) as sent:
        write(blog, "Sour bread", "Flour, water, salt.", picture())
    assert (sent.value.request.method, sent.value.status) == ("POST", 201)
    shown = blog.get_by_role("img", name="Picture of “Sour bread”")
    expect(shown).to_have_js_property("naturalWidth", 256)
    assert [key.split("/")[0] for key in storage.objects()] == ["pictures"]
    page.get_by_role("button", name="Finish my visit").click()
    lab.wait()
    chart = lab.chart("Every request, from its own beginning")
    for row in ("POST /api/images/form", "POST /api/images/arrived"):
        expect(chart.get_by_text(row).first).to_be_visible()
    sign_out(blog)


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


def test_a_form_that_was_changed_is_refused_in_the_storages_words(
    learner: Learner, storage: ObjectStorage, complaints: Complaints
) -> None:
    complaints.expect("403")
    storage.empty()

    def change(route: Route) -> None:
        answer = route.fetch()
        form = answer.json()
        form["fields"]["Content-Type"] = "text/html"
        route.fulfill(response=answer, json=form)

    page = learner()
    page.goto("/blog/")
    sign_in(page, "Barbara")
    page.route("**/api/images/form", change)
    try_to_publish(page, picture())
    refused = "The storage refused the picture: Invalid according to Policy: Policy Condition failed"
    expect(page.get_by_role("alert")).to_contain_text(refused)
    assert storage.objects() == []
    page.unroute_all()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="A draft", level=1)).to_be_visible()
    expect(page.get_by_role("img", name="Picture of “A draft”")).to_have_js_property("naturalWidth", 256)
    sign_out(page)


def test_a_broken_line_is_told(learner: Learner, door: StrictStorage, complaints: Complaints) -> None:
    complaints.expect("ERR_CONNECTION_RESET")
    page = learner()
    page.goto("/blog/")
    sign_in(page, "Frances")
    page.route(f"{door.settings.endpoint}/**", lambda route: route.abort("connectionreset"))
    try_to_publish(page, picture())
    expect(page.get_by_role("alert")).to_contain_text("did not arrive")
    page.unroute_all()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="A draft", level=1)).to_be_visible()
    expect(page.get_by_role("img", name="Picture of “A draft”")).to_have_js_property("naturalWidth", 256)
    sign_out(page)


def try_to_publish(page: Page, image: bytes) -> None:
    page.get_by_role("link", name="Write a post").click()
    page.get_by_label("Title").fill("A draft")
    page.get_by_label("Text", exact=True).fill("In disguise.")
    page.get_by_label("Picture").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": image})
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Publish").click()
