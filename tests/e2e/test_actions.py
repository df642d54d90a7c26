"""Acting on a running run from the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, Learner
from tests.e2e.lab_page import LabPage

pytestmark = pytest.mark.e2e


def test_acts_are_seen_in_every_tab_and_after_a_reload(page: Page, learner: Learner) -> None:
    lab = LabPage(page).open("/labs/acting")
    acts = page.get_by_role("group", name="Act on this run")
    expect(acts).to_be_hidden()
    id = lab.run().wait("running")
    tab = page.context.new_page()
    LabPage(tab).open(f"/runs/{id}")
    other = learner()
    LabPage(other).open(f"/runs/{id}")
    expect(other.get_by_text("Only the learner who started this run can act on it.")).to_be_visible()
    expect(other.get_by_role("button", name="Kill")).to_have_count(0)
    expect(acts.get_by_role("button", name="Long")).to_have_count(0)
    acts.get_by_label("Worker").select_option("3")
    acts.get_by_role("button", name="Kill").press("Enter")
    for one in (page, tab):
        expect(one.get_by_text("kill {'worker': 3}")).to_be_visible()
    page.reload()
    expect(page.get_by_text("kill {'worker': 3}")).to_be_visible()
    tab.get_by_role("button", name="Finish").click()
    for one in (page, tab, other):
        LabPage(one).wait("finished")
        expect(one.get_by_role("group", name="Act on this run")).to_be_hidden()
    expect(tab.get_by_role("heading", name="Run ")).to_be_focused()  # not lost with the button


def test_a_refused_act_says_why(page: Page, complaints: Complaints) -> None:
    complaints.expect("422")
    LabPage(page).open("/labs/acting").run().wait("running")
    acts = page.get_by_role("group", name="Act on this run")
    acts.locator("option").last.evaluate("option => { option.value = '99' }")
    acts.get_by_label("Worker").select_option("99")
    acts.get_by_role("button", name="Kill").click()
    expect(acts.get_by_role("status")).to_contain_text("worker must be from 1 to 4, not 99")
    acts.get_by_role("button", name="Finish").click()
    LabPage(page).wait("finished")
