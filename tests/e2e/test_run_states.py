"""Every state a run can be in, and what happens to the page when something breaks in the middle."""

from __future__ import annotations

import re

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.copy import RunningCopy, horse_of
from tests.e2e.conftest import Complaints, Learner
from tests.e2e.lab_page import LabPage
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
LONG = "/labs/streaming?amount=20&seconds=60"


def test_waiting_in_line_and_cancelling(page: Page, copy: RunningCopy) -> None:
    client = copy.client()
    first = client.start("streaming", amount=1, seconds=60)
    client.wait(first, "running")
    lab = LabPage(page).open("/labs/steady").run()
    lab.wait("queued")
    expect(page.locator("#banner")).to_contain_text("1 ahead")
    page.get_by_role("button", name="Cancel", exact=True).click()
    lab.wait("cancelled")
    expect(page.locator("#banner")).to_contain_text("Cancelled")
    client.call("POST", f"/api/runs/{first}/cancel")
    client.wait(first)


def test_stopping_a_running_run_keeps_what_came(page: Page) -> None:
    lab = LabPage(page).open(LONG).run()
    lab.wait("running")
    wait_until(lambda: _seen(page) > 20)  # samples, after what opens a run
    page.get_by_role("button", name="Stop", exact=True).click()
    lab.wait("cancelled")
    expect(page.locator("#banner")).to_contain_text("Stopped by the learner")
    expect(page.locator("#banner")).to_contain_text("is kept")


def test_a_failed_run_says_why_and_offers_the_log(page: Page) -> None:
    lab = LabPage(page).open("/labs/crashing").run()
    lab.wait("failed")
    banner = page.locator("#banner")
    expect(banner).to_contain_text("this program fails on purpose")
    banner.get_by_role("button", name="Open the log").click()
    expect(page.get_by_role("tabpanel", name="Log")).to_contain_text("RuntimeError")


def test_reload_in_the_middle_loses_nothing(page: Page, copy: RunningCopy) -> None:
    lab = LabPage(page).open("/labs/streaming?amount=50&seconds=4").run()
    id = lab.wait("running")
    page.reload()
    lab.wait("running", "finished")
    lab.wait("finished")
    assert _seen(page) == copy.client().run(id)["last"]


def test_two_tabs_and_a_late_third_see_the_same(page: Page, learner: Learner, copy: RunningCopy) -> None:
    lab = LabPage(page).open("/labs/streaming?amount=50&seconds=4").run()
    id = lab.wait("running")
    second, late = learner(), learner()
    LabPage(second).open(f"/runs/{id}")
    lab.wait("finished")
    LabPage(late).open(f"/runs/{id}")
    last = copy.client().run(id)["last"]
    for one in (page, second, late):
        LabPage(one).wait("finished")
        expect(one.locator("main")).to_have_attribute("data-seq", str(last))


def test_a_line_that_breaks_in_the_middle(page: Page, copy: RunningCopy, complaints: Complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED", "WebSocket")
    lab = LabPage(page).open("/labs/streaming?amount=50&seconds=6").run()
    id = lab.wait("running")
    page.context.set_offline(True)
    _cut_sockets(page)
    expect(page.locator("#banner")).to_contain_text("Reconnecting")
    expect(page.locator("body")).to_have_attribute("data-connected", "false")
    page.context.set_offline(False)
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    lab.wait("finished")
    assert _seen(page) == copy.client().run(id)["last"]


@pytest.mark.leaves_children  # gunicorn's master starts another worker
def test_the_web_worker_killed_in_the_middle(page: Page, copy: RunningCopy, complaints: Complaints) -> None:
    complaints.expect("ERR_", "WebSocket")
    lab = LabPage(page).open("/labs/streaming?amount=50&seconds=6").run()
    id = lab.wait("running")
    [worker] = psutil.Process(copy._processes[0].pid).children()
    worker.kill()
    lab.wait("finished")
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    assert _seen(page) == copy.client().run(id)["last"]


def test_the_runner_killed_in_the_middle(page: Page, copy: RunningCopy) -> None:
    lab = LabPage(page).open(LONG).run()
    lab.wait("running")
    horse = wait_until(lambda: horse_of(copy._processes[1].pid))
    assert horse is not None
    horse.kill()
    lab.wait("failed")
    expect(page.locator("#banner")).to_contain_text(re.compile("died|lost"))


def test_a_slow_line_still_gets_everything(page: Page, copy: RunningCopy) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 300, "downloadThroughput": 200_000, "uploadThroughput": 50_000},
    )
    lab = LabPage(page).open("/labs/streaming?amount=200&seconds=3").run()
    id = lab.wait("finished")
    assert _seen(page) == copy.client().run(id)["last"]


def test_an_unknown_run_is_told_calmly(page: Page, complaints: Complaints) -> None:
    complaints.expect("404")
    answer = page.goto("/runs/nope")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("labs", re.IGNORECASE)).first).to_be_visible()


def test_markup_from_a_program_stays_text(page: Page) -> None:
    lab = LabPage(page).open("/labs/bad-lines").run()
    lab.wait("finished")
    expect(lab.tab("Log")).to_contain_text("not JSON: hello")


def _seen(page: Page) -> int:
    """Number of the newest event that the page has taken in."""
    return int(page.locator("main").get_attribute("data-seq") or 0)


def _cut_sockets(page: Page) -> None:
    """Going offline does not end an open WebSocket in Chromium; a broken line does."""
    page.evaluate("() => window.dispatchEvent(new Event('offline'))")
