"""The lesson path: what a learner does is what counts, in every tab, until it is reset."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.lab_page import LabPage

pytestmark = pytest.mark.e2e


def card(page: Page) -> Locator:
    return page.locator('[data-lab="hashing"]')


def steps(page: Page) -> list[str]:
    """The steps as they are told now."""
    items = page.get_by_role("list", name="Done here, and left").get_by_role("listitem")
    return [text.strip() for text in items.all_inner_texts()]


def test_from_the_first_look_to_done(page: Page) -> None:
    page.goto("/")
    expect(card(page)).to_contain_text("Not begun")
    lab = LabPage(page).open("/labs/hashing?tasks=1&repeats=1")
    assert steps(page) == ["Opened", "Predict", "Run it to the end", "Answer the question"]
    lab.guess.focus()
    lab.guess.press("ArrowRight")
    lab.run()
    lab.wait("finished")
    place = page.get_by_role("navigation", name="Your place in")
    expect(place.get_by_text("Ran to the end")).to_be_visible()
    assert steps(page) == ["Opened", "Predicted", "Ran to the end", "Answer the question"]
    page.locator("#question").get_by_role("button").first.click()
    expect(place.get_by_text("Answered")).to_be_visible()
    page.goto("/")
    expect(card(page)).to_contain_text("Done")


def test_scrolling_ticks_nothing(page: Page) -> None:
    LabPage(page).open("/labs/hashing")
    page.locator("#pane-guide").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
    page.reload()
    assert steps(page) == ["Opened", "Predict", "Run it to the end", "Answer the question"]


def test_another_tab_is_up_to_date_when_it_is_looked_at(page: Page) -> None:
    page.goto("/")
    expect(card(page)).to_contain_text("Not begun")
    other = page.context.new_page()
    LabPage(other).open("/labs/hashing")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(card(page)).to_contain_text("Begun")


def test_go_on_and_go_round_and_begin_anew(page: Page) -> None:
    LabPage(page).open("/labs/hashing")
    page.goto("/")
    page.get_by_role("link", name="Continue with Hashing burst").click()
    after = page.get_by_role("navigation", name="Your place in").get_by_role("link").last
    title = after.locator("strong").inner_text()
    after.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.goto("/")
    page.get_by_text("Begin the path anew").click()
    page.get_by_role("button", name="Reset my progress").click()
    expect(card(page)).to_contain_text("Not begun")
    expect(page.get_by_text("Begin the path anew")).to_have_count(0)
