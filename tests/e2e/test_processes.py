"""The lab of processes in a browser: act on rows, see them change, read what it cost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Learner
from tests.e2e.lab_page import LabPage

pytestmark = pytest.mark.e2e


def test_a_worker_is_killed_from_the_table(page: Page, learner: Learner) -> None:
    lab = LabPage(page).open("/labs/processes?seconds=120&workers=2").skip()
    id = lab.wait("running")
    table = lab.chart("The processes").first
    row = table.locator("tbody", has=page.get_by_role("rowheader", name="worker 1"))
    expect(row).to_have_attribute("data-status", "online")
    restarts = row.locator('[data-key="restarts"]')
    expect(restarts).to_have_text("0")
    kill = row.get_by_role("button", name="Kill −9: worker 1")
    kill.focus()
    kill.press("Enter")
    expect(restarts).to_have_text("1")
    expect(row).to_have_attribute("data-status", "online")
    expect(kill).to_be_focused()
    acts = page.get_by_role("group", name="Act on this run")
    expect(acts.get_by_role("status")).to_contain_text(re.compile(r"At \d+\.\d s: kill −9 worker 1"))
    phone = learner(width=390, height=844)
    LabPage(phone).open(f"/runs/{id}")
    expect(phone.get_by_role("rowheader", name="worker 1")).to_be_visible()
    expect(phone.get_by_role("button", name="Kill −9: worker 1")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    acts.get_by_role("button", name="Finish").click()
    lab.wait("finished")
    expect(page.get_by_role("group", name="Findings")).to_contain_text("kill −9 lost")
    expect(kill).to_be_hidden()
    lab.painted("What the visitors got, per second")
    _shown_to_a_hall(learner(1920, 1080), id)


def _shown_to_a_hall(page: Page, id: str) -> None:
    """A short table leaves room for the chart that follows; the keys turn to the others, and the address says which."""
    hall = LabPage(page).open(f"/runs/{id}/projector")
    expect(hall.chart("The processes").first).to_be_visible()
    hall.painted("What the visitors got, per second")
    page.keyboard.press("ArrowUp")
    expect(page).to_have_url(re.compile(r"/projector\?chart=memory$"))
    hall.painted("Memory of each worker")
    expect(hall.chart("The processes")).to_have_count(0)
    LabPage(page).open(page.url).painted("Memory of each worker")
    page.mouse.move(300, 300)
    page.get_by_role("button", name="Next chart").click()
    expect(hall.chart("The processes").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


ALL_SEEN = """() => {
    const rows = [...document.querySelectorAll(".processes tbody")].map((row) => row.getBoundingClientRect())
    const place = document.querySelector(".processes-wrap")?.getBoundingClientRect()
    const foot = document.querySelector(".foot-line")?.getBoundingClientRect()
    return rows.length === 17 && place && foot && place.bottom <= foot.top
        && rows.every((row) => row.top >= place.top && row.bottom <= place.bottom + 1)
}"""


def test_a_hall_sees_all_of_sixteen_workers(page: Page, learner: Learner) -> None:
    lab = LabPage(page).open("/labs/processes?seconds=120&workers=16&runtimes=node").skip()
    id = lab.wait("running")
    for width, height, least in ((1920, 1080, 28), (1280, 720, 16)):
        hall = learner(width, height)
        LabPage(hall).open(f"/runs/{id}/projector")
        hall.wait_for_function(ALL_SEEN)
        size = hall.evaluate("parseFloat(getComputedStyle(document.querySelector('.processes tbody td')).fontSize)")
        assert size >= least
    hall.set_viewport_size({"width": 1280, "height": 480})
    hall.get_by_role("rowheader", name="worker 16").scroll_into_view_if_needed()
    expect(hall.get_by_role("rowheader", name="worker 16")).to_be_in_viewport()
    page.get_by_role("group", name="Act on this run").get_by_role("button", name="Finish").click()
    lab.wait("finished")
