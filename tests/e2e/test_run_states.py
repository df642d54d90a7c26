"""Every state a run can be in, and what happens to the page when something breaks in the middle."""

from __future__ import annotations

import re
from typing import Any

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.copy import RunningCopy, horse_of
from tests.e2e.conftest import Complaints, Learner
from tests.e2e.lab_page import LabPage
from tests.kept import keep
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
LONG = "/labs/streaming?amount=50&seconds=60"
"""Goes on until the test stops it: how fast this machine is does not matter."""


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
    _stop(page)
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
    lab = LabPage(page).open(LONG).run()
    id = lab.wait("running")
    _more(page)
    page.reload()
    lab.wait("running")
    _stop(page)
    _sees_all(page, copy.client().wait(id))


def test_two_tabs_and_a_late_third_see_the_same(page: Page, learner: Learner, copy: RunningCopy) -> None:
    lab = LabPage(page).open(LONG).run()
    id = lab.wait("running")
    second, late = learner(), learner()
    LabPage(second).open(f"/runs/{id}").wait("running")
    _more(second)
    _stop(page)
    LabPage(late).open(f"/runs/{id}")
    run = copy.client().wait(id)
    for one in (page, second, late):
        LabPage(one).wait("cancelled")
        _sees_all(one, run)


def test_a_line_that_breaks_in_the_middle(page: Page, copy: RunningCopy, complaints: Complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED", "WebSocket")
    lab = LabPage(page).open(LONG).run()
    id = lab.wait("running")
    _more(page)
    page.context.set_offline(True)
    _cut_sockets(page)
    expect(page.locator("#banner")).to_contain_text("Reconnecting")
    expect(page.locator("body")).to_have_attribute("data-connected", "false")
    page.context.set_offline(False)
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    _stop(page)
    _sees_all(page, copy.client().wait(id))


@pytest.mark.leaves_children  # gunicorn's master starts another worker
def test_the_web_worker_killed_in_the_middle(page: Page, copy: RunningCopy, complaints: Complaints) -> None:
    complaints.expect("ERR_", "WebSocket")
    lab = LabPage(page).open(LONG).run()
    id = lab.wait("running")
    [worker] = psutil.Process(copy.web[0].pid).children()
    worker.kill()
    wait_until(lambda: not worker.is_running())
    _stop(page)
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    _sees_all(page, copy.client().wait(id))


def test_the_runner_killed_in_the_middle(page: Page, copy: RunningCopy) -> None:
    lab = LabPage(page).open(LONG).run()
    lab.wait("running")
    horse_of(copy).kill()
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
    _sees_all(page, copy.client().wait(id))


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


def test_what_could_not_be_loaded_can_be_tried_again(page: Page, copy: RunningCopy, complaints: Complaints) -> None:
    complaints.expect("ERR_FAILED")
    first, second = keep(copy, "burst-2-cpus"), keep(copy, "two-tasks-2-cpus")
    for address, asked in (
        (f"/compare?runs={first},{second}", "**/events?after=0"),
        (f"/runs/{first}", "**/api/runs?mine=1*"),
    ):
        page.route(asked, lambda route: route.abort())
        page.goto(address)
        if "compare" not in address:
            LabPage(page).wait()
            LabPage(page).tab("My runs")
        said = page.get_by_role("alert")
        expect(said).to_be_visible()
        page.unroute(asked)
        said.get_by_role("button", name="Try again").click()
        expect(said).to_have_count(0)
    page.goto(f"/compare?runs={first},{second}")
    LabPage(page).painted("Who ran when")


def _seen(page: Page) -> int:
    """Number of the newest event that the page has taken in."""
    return int(page.locator("main").get_attribute("data-seq") or 0)


def _more(page: Page) -> None:
    """Until more samples came; more than what opens a run."""
    before = max(20, _seen(page))
    wait_until(lambda: _seen(page) > before + 20)


def _stop(page: Page) -> None:
    """Press Stop once more samples came."""
    _more(page)
    page.get_by_role("button", name="Stop", exact=True).click()
    LabPage(page).wait("cancelled")


def _sees_all(page: Page, run: Any) -> None:
    """Until the page has taken in the last event of the run; it takes in none before those that come first."""
    expect(page.locator("main")).to_have_attribute("data-seq", str(run["last"]))


def _cut_sockets(page: Page) -> None:
    """Going offline does not end an open WebSocket in Chromium; a broken line does."""
    page.evaluate("() => window.dispatchEvent(new Event('offline'))")
