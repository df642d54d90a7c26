"""What a run does with Redis, beside its charts: counts, commands, chains, the log; and the list's own past."""

from __future__ import annotations

import re
import time
from typing import Any

import bson
import pytest
from playwright.sync_api import Page, expect

from labs.querycache.codec import Entry, pack
from tests.e2e.lab_page import LabPage
from tests.e2e.test_access import serious
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


def test_chart_and_keys_tell_one_story(page: Page, app: Any) -> None:
    lab = LabPage(page).open("/labs/query-cache?repeats=1&reads=400&readers=2&writes=2&ways=hand")
    pane = lab.tab("Keys")
    page.get_by_role("tab", name="This run").click()
    lab.skip().wait("finished")
    key = pane.locator(".run-key")
    expect(key).to_contain_text("owner ada")
    expect(key).to_contain_text("from the cache")
    expect(pane.get_by_role("list", name="Commands, newest first")).to_contain_text("HGET lab:qc:")

    chart = lab.chart("What follows a write")
    chains = chart.locator(".chain")
    expect(chains.nth(1)).to_be_visible()
    expect(key).to_have_attribute("aria-pressed", "false")
    for chain in [*chains.all()[:3], chains.first]:
        chain.click()  # a write may begin before the last one's refill: such chains lie below one another
        expect(chain).to_have_attribute("aria-pressed", "true")
    expect(chains.first).to_have_attribute("aria-pressed", "true")
    expect(key).to_have_attribute("aria-pressed", "true")
    steps = chart.get_by_role("group", name="The chosen chain, step by step")
    expect(steps).to_contain_text("Write → key deleted")
    chains.first.press("ArrowRight")
    expect(chains.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(chains.nth(1)).to_be_focused()
    expect(chart.locator(".chain[data-on]")).to_have_count(0)
    key.click()
    expect(chart.locator(".chain[data-on]")).to_have_count(chains.count())
    expect(lab.table("What follows a write")).to_contain_text("A write")
    app.rpush("lab:slow", *range(100_000))
    app.sort("lab:slow", alpha=True, store="lab:sorted")  # several times the log's bound of 10 ms, on any machine
    app.unlink("lab:slow", "lab:sorted")
    page.get_by_role("tab", name="Server's log").click()
    expect(pane.get_by_role("button", name="Ask again")).to_be_visible()
    expect(pane.locator("#keys-server")).to_contain_text("SORT")
    assert serious(page) == []

    page.goto("/keys")
    page.get_by_role("tab", name="Newest run").click()
    expect(page.locator("#keys-run")).to_contain_text("The query cache: finished.")
    expect(page.locator(".run-key")).to_contain_text("owner ada")


def test_what_the_cache_holds_is_shown_as_documents(page: Page, app: Any) -> None:
    now = round(time.time() * 1000)
    posts = b"".join(bson.encode({"title": f"Post {n}"}) for n in range(5))
    app.hset(
        "lab:qc:ada",
        f'find lab.posts filter {{"user": "ada"}} #{20 * "0"}',
        pack(Entry(posts, now, now + 600_000), "bson"),
    )
    page.goto("/keys")
    page.get_by_role("treeitem").filter(has_text="lab:qc:ada").click()
    result = page.locator("#value").get_by_role("listitem")
    expect(result).to_contain_text("find in lab.posts, where user is “ada”")
    expect(result).to_contain_text("5 documents")
    expect(result).to_contain_text('{"title": "Post 0"}')
    expect(result).to_contain_text("and 2 more")
    assert serious(page) == []


KEEP_TOUCHED = """list => {
    const look = () => (window.touched ||= list.querySelector("[data-touched]")?.dataset.touched)
    new MutationObserver(look).observe(list, { subtree: true, childList: true, attributes: true })
}"""


def test_a_row_says_what_the_run_does_with_its_key(page: Page, app: Any) -> None:
    """Also by reading, of which no server tells. The key is made again after the run, then the run is played again."""
    lab = LabPage(page).open("/labs/query-cache?repeats=1&reads=400&readers=2&writes=2&ways=hand")
    pane = lab.tab("Keys")
    lab.skip().wait("finished")
    page.get_by_role("tab", name="This run").click()
    name = pane.locator(".run-key .key-name").inner_text()
    page.get_by_role("tab", name="Now").click()
    app.hset(name, "a", "query")
    row = pane.get_by_role("treeitem").filter(has_text=name).filter(has_text="stays")
    expect(row).to_contain_text(re.compile(r"\d+ hits, \d+ miss(es)?, \d+ fills?, "))
    expect(pane.locator("[data-touched]")).to_have_count(0)
    pane.get_by_role("tree", name="Keys").evaluate(KEEP_TOUCHED)
    page.get_by_role("button", name="Replay", exact=True).click()
    play = page.get_by_role("group", name="Replay").get_by_role("button", name="Play", exact=True)

    def touched() -> bool:
        if play.is_visible():  # it came to the end
            play.click()
        return bool(page.evaluate("window.touched"))

    wait_until(touched)
    assert serious(page) == []


def test_the_list_goes_back_in_time_and_returns(page: Page, app: Any) -> None:
    app.set("lab:old", "1")
    page.goto("/keys")
    rows = page.get_by_role("treeitem")
    old, later = rows.filter(has_text="lab:old"), rows.filter(has_text="lab:later")
    expect(old).to_be_visible()
    app.set("lab:later", "2")
    expect(later).to_be_visible()
    app.delete("lab:old")
    expect(old).to_have_count(0)
    page.get_by_role("button", name="Pause").click()
    was = page.get_by_role("region", name="What was")
    expect(was).to_contain_text("Paused at")
    was.get_by_role("button", name="The change before").click()
    expect(was).to_contain_text("ago")
    slider = was.get_by_role("slider", name="Back in time")
    slider.press("Home")
    expect(later).to_have_count(0)
    expect(old).not_to_contain_text("deleted")
    expect(old).to_be_visible()
    assert serious(page) == []
    was.get_by_role("button", name="Back to now").click()
    expect(later).to_be_visible()
    expect(old).to_have_count(0)
    expect(was).to_have_count(0)
