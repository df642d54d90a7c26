"""Redis by hand: the console beside the lab, challenges that the server decides, and the run."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.lab_page import LabPage
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


def test_challenges_are_decided_by_the_server(page: Page, app: Any) -> None:
    lab = LabPage(page).open("/labs/redis-basics")
    pane = lab.tab("Keys")
    done = pane.locator(".challenge[data-done]")
    expect(pane.locator(".challenge")).to_have_count(3)
    expect(done).to_have_count(0)
    line = pane.get_by_role("region", name="Console").locator("input")
    for command in (
        "HSET lab:my:spanish red rojo blue azul green verde",
        "EXPIRE lab:my:spanish 30",
        """SET lab:my:ada '{"name": "Ada"}'""",
    ):
        line.fill(command)
        line.press("Enter")
    expect(done).to_have_count(3)
    expect(pane.get_by_role("treeitem").filter(has_text="lab:my:spanish")).to_contain_text("dies in")


def test_challenges_are_decided_while_keys_never_rest(page: Page, app: Any) -> None:
    pane = LabPage(page).open("/labs/redis-basics").tab("Keys")
    expect(pane.locator(".challenge")).to_have_count(3)
    app.set("lab:my:ada", '{"name": "Ada"}')

    def ticked() -> bool:
        app.incr("lab:my:counter")
        return pane.locator(".challenge[data-done]").count() == 1

    wait_until(ticked)


def test_nested_hashes_are_drawn_as_the_object_they_stand_for(page: Page, app: Any) -> None:
    app.hset("lab:my:1", mapping={"name": "Ada"})
    pane = LabPage(page).open("/labs/redis-basics").tab("Keys")
    pane.get_by_role("treeitem").filter(has_text="lab:my:1").click()
    value = pane.get_by_role("region", name="Value of the chosen key")
    expect(value.get_by_role("row", name="name Ada")).to_be_visible()
    app.hset("lab:my:1:address", mapping={"city": "London"})
    expect(value.locator("details details")).to_contain_text("address")
    expect(value.locator("details details .json-leaf")).to_have_text('city: "London"')
    value.get_by_role("button", name="Fields").click()
    expect(value.get_by_role("row", name="name Ada")).to_be_visible()


def test_a_run_says_what_came_back(page: Page, app: Any) -> None:
    lab = LabPage(page).open("/labs/redis-basics?repeats=1&fields=4")
    lab.skip()
    lab.wait("finished")
    lab.painted("There and back, in four ways")
    lab.painted("One round trip")
    cards = page.get_by_role("group", name="Findings")
    expect(cards).to_contain_text("[object Object]")
    expect(cards).to_contain_text("the client refused and sent nothing")


def test_what_one_monitor_costs_is_guessed_and_measured(page: Page, app: Any) -> None:
    lab = LabPage(page).open("/labs/redis-basics?mode=monitor&repeats=1")
    expect(page.locator("#prediction")).to_contain_text("Of 100 GETs, how many does the server still answer?")
    lab.guess.press("End")
    lab.guess.press("PageDown")
    guessed = lab.guess.get_attribute("aria-valuetext")
    lab.run().wait("finished")
    left = "What is left beside one MONITOR"
    lab.painted(left)
    words = re.compile(rf"Your guess was {guessed}\. One MONITOR: median \d")
    expect(lab.chart(left).get_by_role("img", name=words)).to_be_visible()
    lab.painted("GETs that the server answered in a second")
    cards = page.get_by_role("group", name="Findings")
    expect(cards).to_contain_text("One MONITOR: cannot tell")
    expect(cards).to_contain_text(re.compile(r"It was sent [\d,]+ lines"))
    expect(page.locator("#question")).to_be_empty()
    assert app.keys("lab:my:*") == []
