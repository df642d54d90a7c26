"""The indexes lab in the browser: writes with more and more indexes, from the question to the findings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.lab_page import LabPage

pytestmark = pytest.mark.e2e


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
