"""The indexes lab in the browser, from the question to the findings; and runs on two servers laid over each other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.copy import RunningCopy
from tests.e2e.lab_page import LabPage
from tests.kept import keep

pytestmark = pytest.mark.e2e


def test_look_ups_in_growing_collections(page: Page) -> None:
    lab = LabPage(page).open("/labs/indexes?repeats=1&lookups=3")
    lab.skip()
    lab.wait("finished")
    lab.painted("Time of one look-up")
    chart = lab.chart("Time of one look-up")
    expect(chart).to_contain_text("Answered by SecantusDB")
    expect(chart.locator(".chart-plot")).to_have_attribute(
        "aria-label", re.compile("from .* at 1,?000 to .* at 10,?000")
    )
    findings = page.get_by_role("group", name="Findings").get_by_role("article")
    expect(findings.filter(has_text="10,000 of 10,000 documents read")).to_be_visible()
    expect(findings.filter(has_text="By title, with an index: 1 of 10,000 documents read")).to_be_visible()
    expect(findings.filter(has_text="fewer than three repeats cannot tell how it grows")).to_have_count(3)
    for way in ("By _id", "By title, no index", "By title, with an index"):
        expect(chart).to_contain_text(way)


def test_writes_with_more_indexes(page: Page) -> None:
    lab = LabPage(page).open("/labs/indexes?mode=writes&repeats=1&writes=20")
    lab.skip()
    lab.wait("finished")
    for title in ("Time of one write", "Size of all indexes"):
        lab.painted(title)
        expect(lab.chart(title)).to_contain_text("Answered by SecantusDB")
    label = lab.chart("Size of all indexes").locator(".chart-plot")
    expect(label).to_have_attribute("aria-label", re.compile("from .* at 0 to .* at 8"))
    findings = page.get_by_role("group", name="Findings").get_by_role("article")
    expect(findings.nth(1)).to_be_visible()
    expect(lab.table("Size of all indexes").get_by_role("row").nth(1)).to_be_visible()


@pytest.mark.parametrize(
    ("recording", "chart", "way"),
    [
        ("route-cache", "Answers out of date", "By hand"),
        ("query-cache", "Answers older than the last write", "Cleared by hand"),
    ],
)
def test_caches_before_different_servers_lie_over_each_other(
    page: Page, copy: RunningCopy, recording: str, chart: str, way: str
) -> None:
    ids = keep(copy, f"{recording}-2-cpus"), keep(copy, f"{recording}-mongod-2-cpus")
    page.goto(f"/compare?runs={','.join(ids)}")
    lab = LabPage(page)
    lab.painted(chart)
    expect(page.locator("#changed")).to_contain_text("the server that answered")
    for server in ("A, SecantusDB", "B, MongoDB"):
        expect(lab.chart(chart)).to_contain_text(f"{server}, {way}")


def test_runs_on_different_servers_are_compared_under_their_names(page: Page, copy: RunningCopy) -> None:
    ids = keep(copy, "indexes-2-cpus"), keep(copy, "indexes-mongod-2-cpus")
    page.goto(f"/compare?runs={','.join(ids)}")
    lab = LabPage(page)
    lab.painted("Time of one look-up")
    expect(page.locator("#changed")).to_contain_text("the server that answered")
    expect(page.get_by_role("region", name="The difference")).to_contain_text("B, MongoDB against A, SecantusDB: ")
    expect(page.get_by_role("region", name="The difference")).not_to_contain_text("The machine")
    table = lab.table("Time of one look-up")
    for words in ("A, SecantusDB, By title, no index", "B, MongoDB, By _id"):
        expect(lab.chart("Time of one look-up")).to_contain_text(words)
        expect(table).to_contain_text(words)
