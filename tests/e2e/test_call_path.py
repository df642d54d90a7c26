"""The call path: the prediction, the stack of layers opened one by one, by keyboard too, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.lab_page import LabPage

pytestmark = pytest.mark.e2e


def layers(page: Page) -> Locator:
    return page.get_by_role("region", name="The layers of one call").locator("[data-layer]")


def finished(page: Page, query: str) -> LabPage:
    lab = LabPage(page).open(f"/labs/call-path?{query}").skip()
    lab.wait("finished")
    return lab


def test_predict_run_and_open_the_layers(page: Page) -> None:
    lab = LabPage(page).open("/labs/call-path?repeats=2&runtimes=asyncio&iterations=100")
    expect(page.locator("#prediction").get_by_role("heading", level=3)).to_contain_text("below the binding?")
    lab.guess.focus()
    lab.guess.press("ArrowRight")
    lab.run()
    lab.wait("finished")
    bar = page.get_by_role(
        "img", name=re.compile(r"^(\d+ % of one call is below the binding|No share is known yet)\. Your guess was")
    )
    expect(bar).to_be_visible()
    binding = layers(page).locator("summary", has_text="_hashlib.pbkdf2_hmac")
    binding.click()
    detail = binding.locator("xpath=..")
    expect(detail.get_by_role("definition").filter(has_text="_hashlib")).not_to_have_count(0)
    expect(detail.locator("dd").first).to_be_visible()
    lab.painted("How late a heartbeat was")
    lab.painted("What was measured when")
    page.locator("#question").get_by_role("button", name="Other threads only").click()
    expect(page.locator("#question .reply")).to_contain_text("longest silence")


def test_the_keyboard_goes_down_the_path(page: Page) -> None:
    finished(page, "repeats=1&runtimes=node&iterations=10")
    summaries = layers(page).locator("summary")
    summaries.first.focus()
    page.keyboard.press("Enter")
    expect(layers(page).first.locator("dl")).to_be_visible()
    page.keyboard.press("End")
    expect(summaries.last).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(summaries.nth(summaries.count() - 2)).to_be_focused()
    page.keyboard.press("Space")
    expect(layers(page).nth(summaries.count() - 2).locator("dl")).to_be_visible()


def test_unknown_is_said_as_unknown(page: Page) -> None:
    """Node lets no program call its binding, so OpenSSL's set-up has no share of its own."""
    lab = finished(page, "repeats=1&runtimes=node&iterations=10")
    openssl = page.locator('[data-layer="openssl"]')
    expect(openssl.locator("summary")).to_contain_text("unknown")
    table = lab.table("The layers of one call")
    expect(table.get_by_role("row").filter(has_text="PKCS5_PBKDF2_HMAC")).to_contain_text("unknown")


def test_the_hall_sees_the_stack(learner: Callable[..., Page]) -> None:
    page = learner(width=1920, height=1080)
    finished(page, "repeats=1&runtimes=asyncio&iterations=10")
    page.get_by_role("link", name="Projector").click()
    expect(layers(page).last).to_be_in_viewport()
    small = (
        layers(page)
        .locator("summary *")
        .evaluate_all(
            "all => all.filter(e => e.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 28).length"
        )
    )
    assert small == 0
