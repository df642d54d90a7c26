"""The blog in a real browser: used in the pane while a run watches, on a phone, and by a script."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from tests.e2e.lab_page import LabPage

Learner = Callable[..., Page]
Blog = Page | FrameLocator


def picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    return out.getvalue()


def sign_in(blog: Blog, name: str) -> None:
    blog.get_by_role("link", name="Sign in (practice)").click()
    blog.get_by_label("Or another name").fill(name)
    blog.get_by_role("button", name="Continue").click()
    expect(blog.get_by_role("heading", name="Your posts")).to_be_visible()


def write(blog: Blog, title: str, text: str, image: bytes | None = None) -> None:
    blog.get_by_role("link", name="Write a post").click()
    blog.get_by_label("Title").fill(title)
    blog.get_by_label("Text", exact=True).fill(text)
    if image:
        blog.get_by_label("Picture").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": image})
    blog.get_by_role("button", name="Review").click()
    expect(blog.get_by_role("heading", name="Is this what you mean?")).to_be_visible()
    expect(blog.get_by_role("heading", name=title)).to_be_visible()
    blog.get_by_role("button", name="Publish").click()
    expect(blog.get_by_role("heading", name=title, level=1)).to_be_visible()


def test_your_own_requests_appear_as_rows(learner: Learner) -> None:
    page = learner()
    lab = LabPage(page).open("/labs/blog?runtimes=visit&seconds=200")
    lab.skip().wait("running")
    blog = page.frame_locator("iframe[title='The blog']")
    sign_in(blog, "Ada")
    write(blog, "Sour bread", "Flour, water, salt.", picture())
    expect(blog.get_by_role("img", name="Picture of “Sour bread”")).to_have_js_property("naturalWidth", 256)
    expect(lab.chart("Every request, from its own beginning").get_by_text("/api/images/<id>").first).to_be_visible()
    page.get_by_role("button", name="Finish my visit").click()
    lab.wait()
    expect(page.get_by_role("tabpanel", name="The blog").get_by_role("status")).to_contain_text("The visit is over")
    blog.get_by_role("button", name="Sign out").click()  # takes along what was cached
    expect(blog.get_by_role("link", name="Sign in (practice)")).to_be_visible()
    chart = lab.chart("Every request, from its own beginning")
    for row in ("/auth/google/callback", "POST /api/images", "POST /api/blogs", "/api/images/<id>"):
        expect(chart.get_by_text(row).first).to_be_visible()
    expect(page.get_by_role("group", name="Findings")).to_contain_text("Answered without MongoDB")


def test_a_link_with_a_run_in_it_shows_nobody_anything(learner: Learner) -> None:
    """Only the pane of one's own run asks to be watched: there the page is inside the dashboard's."""
    page = learner()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/blog/?run=somebodys")
    expect(page.get_by_role("link", name="Sign in (practice)")).to_be_visible()
    assert any(address.endswith("/api/current_user") for address in asked)
    assert not any(address.endswith("/api/watch") for address in asked)


def test_a_script_takes_the_tour(learner: Learner) -> None:
    page = learner()
    lab = LabPage(page).open("/labs/blog?posts=1&repeats=1&picture=50&cache=on")
    lab.skip().wait()
    lab.painted("Every request, from its own beginning")
    expect(page.get_by_role("group", name="Findings")).to_contain_text("Slowest:")
    expect(page.get_by_role("tab", name="The blog")).to_be_visible()


def test_the_blog_alone_on_a_phone_in_the_dark(learner: Learner) -> None:
    page = learner(width=390, height=844, color_scheme="dark")
    page.goto("/blog/")
    sign_in(page, "Grace")
    expect(page.get_by_text("You have written nothing yet")).to_be_visible()
    markup = "<img src=x onerror=document.title='broken'>"
    write(page, markup, markup)
    page.get_by_role("link", name="All posts").click()
    expect(page.get_by_role("listitem")).to_contain_text(markup)
    assert page.title() == "Blog"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in (practice)")).to_be_visible()


def test_a_refused_picture_says_why_and_the_draft_stays(learner: Learner, complaints: object) -> None:
    page = learner()
    complaints.expect("422", "blob:")  # type: ignore[attr-defined]
    page.goto("/blog/")
    sign_in(page, "Edsger")
    page.get_by_role("link", name="Write a post").click()
    page.get_by_label("Title").fill("A script")
    page.get_by_label("Text", exact=True).fill("In disguise.")
    page.get_by_label("Picture").set_input_files(
        {"name": "p.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    )
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("not a PNG, JPEG or WebP picture")
    page.get_by_role("link", name="Change it").click()
    expect(page.get_by_label("Title")).to_have_value("A script")
    expect(page.get_by_text("Chosen: p.png")).to_be_visible()
    page.get_by_role("button", name="Without a picture").click()
    expect(page.get_by_text("PNG, JPEG or WebP.")).to_be_visible()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="A script", level=1)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in (practice)")).to_be_visible()
