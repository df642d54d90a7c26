"""Every further lab of the section, once through: the question, the run, the charts, the findings, the source."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.lab_page import LabPage

pytestmark = pytest.mark.e2e

LABS = {
    "/labs/os-async?repeats=1&tasks=2&latency=100&runtimes=asyncio&runtimes=node": (
        "Who waited where",
        "Time until the last one was done",
    ),
    "/labs/multitask?repeats=1&hashes=2&latency=100&runtimes=asyncio": (
        "Who waited behind whom",
        "Time until the file was read",
    ),
    "/labs/blocked-loop?repeats=1&duration=500&ways=loop&runtimes=asyncio": (
        "Who worked, and who waited for the server",
        "How long the slowest /fast took",
        "Loop lag",
    ),
    "/labs/cluster?repeats=1&workers=2&size=100&runtimes=gunicorn&runtimes=node": (
        "Which worker served whom",
        "How long the answers took",
        "Answers a second",
    ),
    "/labs/query-cache?repeats=1&reads=40&ways=off&ways=on&ways=hand": (
        "Every read by what the cache did",
        "Time until the last read was answered",
        "Answers older than the last write",
        "Reads that the cache answered",
    ),
    "/labs/route-cache?repeats=1&requests=80&ways=off&ways=on": (
        "Every request by what the route did",
        "How long reads took",
        "How long answers had been out of date",
        "Answers out of date",
        "Answers of the wrong kind",
        "Memory of the keys",
    ),
    "/labs/workers?repeats=1&size=200&ways=loop&ways=thread&runtimes=asyncio": (
        "Who counted when",
        "Time for all the counts",
        "Loop lag",
    ),
}


@pytest.mark.parametrize("address", LABS, ids=lambda address: address.split("?")[0])
def test_a_lab_from_question_to_findings(address: str, page: Page) -> None:
    charts = LABS[address]
    lab = LabPage(page).open(address)
    expect(page.locator("#prediction").get_by_role("heading", level=3)).to_contain_text("?")
    lab.skip()
    lab.wait("finished")
    for title in charts:
        lab.painted(title)
    expect(lab.chart(charts[1]).locator(".chart-plot")).to_have_attribute("aria-label", re.compile("median|slowest"))
    findings = page.get_by_role("group", name="Findings").get_by_role("article")
    expect(findings.nth(1)).to_be_visible()
    rows = lab.table(charts[0]).get_by_role("row")
    expect(rows.nth(1)).to_be_visible()
    rows.nth(1).get_by_role("button").click()
    source = lab.tab("Source")
    expect(source.get_by_role("status")).not_to_be_empty()
