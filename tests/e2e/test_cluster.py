"""The cluster lab in a browser, when the web process behind the page is killed."""

from __future__ import annotations

import re

import psutil
import pytest
from playwright.sync_api import Page, expect

from labs.sdk.process import tagged
from tests.copy import RunningCopy
from tests.e2e.conftest import Complaints
from tests.e2e.lab_page import LabPage
from tests.family import alive
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
LONG = "/labs/cluster?repeats=1&workers=2&slow=10&size=500&runtimes=node"


@pytest.mark.leaves_children  # the web process that comes in place of the killed one
def test_a_run_goes_on_without_the_web_process(page: Page, copy: RunningCopy, complaints: Complaints) -> None:
    complaints.expect("ERR_", "WebSocket")
    lab = LabPage(page).open(LONG).skip()
    id = lab.wait("running")
    wait_until(lambda: len(tagged(id)) >= 5)  # a program, a first process, two workers, a generator
    family, seen = [psutil.Process(process.pid) for process in tagged(id)], copy.client().run(id)["last"]
    web = psutil.Process(copy.web[0].pid)
    for process in (killed := [web, *web.children(recursive=True)]):
        process.kill()
    wait_until(lambda: not any(map(alive, killed)))
    expect(page.locator("#banner")).to_contain_text("Reconnecting")
    copy.start_web_again()
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    lab.wait("finished")
    run = copy.client().wait(id)
    assert run["last"] > seen
    expect(page.locator("main")).to_have_attribute("data-seq", str(run["last"]))
    lab.painted("Which worker served whom")
    expect(lab.chart("Which worker served whom")).to_contain_text(re.compile(r"worker 1 \(pid \d+\)"))
    expect(lab.chart("Lost requests")).to_contain_text("was lost.")
    expect(lab.table("Lost requests").get_by_role("row", name="all lost").get_by_role("cell")).to_have_text(["0"] * 3)
    expect(page.get_by_role("group", name="Findings").get_by_role("article").nth(1)).to_be_visible()
    wait_until(lambda: not any(map(alive, family)))


def test_a_sweep_begins_with_more_than_one_worker(page: Page, copy: RunningCopy) -> None:
    LabPage(page).open("/labs/cluster")
    page.get_by_role("radio", name="Sweep the workers").check()
    most = page.get_by_role("slider", name="Most workers")
    expect(most).to_have_value("4")
    expect(page).to_have_url(re.compile("workers=4"))
    most.fill("3")
    page.get_by_role("radio", name="Closed or open visitors").check()
    page.get_by_role("radio", name="Sweep the workers").check()
    expect(most).to_have_value("3")


def test_a_sweep_shows_who_serves_whom_for_each_number_of_workers(page: Page, copy: RunningCopy) -> None:
    """While it runs the number that runs, afterwards any one; what a finding cites brings its own."""
    lab = LabPage(page).open("/labs/cluster?mode=sweep&workers=2&repeats=1&requests=60&visitors=4").skip()
    lanes = lab.chart("Which worker served whom")
    expect(lanes).to_contain_text("gunicorn, 1 worker")
    lab.wait("finished")
    expect(lanes).to_contain_text("gunicorn, 2 workers")
    expect(lanes).to_contain_text(re.compile(r"worker 2 \(pid \d+\)"))
    lanes.get_by_role("combobox").select_option("1")
    expect(lanes).not_to_contain_text("worker 2")
    page.get_by_role("tab", name="Table").click()
    page.get_by_role("table", name="2 workers").get_by_role("button", name="closed 7", exact=True).click()
    expect(lanes).to_contain_text("gunicorn, 2 workers")
    lost = lab.table("Lost requests, live").get_by_role("row", name="2 workers")
    expect(lost.get_by_role("cell")).to_have_text(["0"] * 3)
