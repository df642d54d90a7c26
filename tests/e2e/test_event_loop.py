"""The event loop lab: compose, predict, run, step, share."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Complaints, Learner
from tests.e2e.lab_page import LabPage
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

OWN = "/labs/event-loop?puzzle=own&program=file,.timer-0&runs=10&repeats=1"


def blocks(page: Page) -> Locator:
    return page.get_by_role("list", name="The program").get_by_role("listitem")


def letters(rows: Locator) -> list[str]:
    return [text.strip()[0] for text in rows.locator(".block-chip b").all_inner_texts()]


def test_compose_predict_run_and_step(page: Page) -> None:
    lab = LabPage(page).open(OWN)
    expect(blocks(page)).to_have_count(2)

    page.get_by_role("button", name="+ immediate").click()
    nest = page.get_by_role("button", name="C immediate: move into the callback above")
    nest.focus()
    nest.press("Enter")
    expect(page.get_by_role("button", name="C immediate: move out")).to_be_focused()
    page.get_by_role("spinbutton", name="B timer, milliseconds").fill("1")
    page.get_by_role("spinbutton", name="B timer, milliseconds").press("Tab")
    expect(page).to_have_url(re.compile("program=file,.timer-1,.immediate"))

    grip = page.get_by_role("button", name=re.compile("^C immediate, number"))
    grip.focus()
    grip.press("ArrowUp")
    rows = page.locator(".guess-order").get_by_role("listitem")
    wait_until(lambda: letters(rows) == ["A", "C", "B"])
    expect(page.get_by_text("Your guess: A C B")).to_be_visible()

    lab.run()
    lab.wait("finished")
    orders = lab.chart("The orders that came up")
    expect(orders.get_by_text("your guess")).to_be_visible()
    turns = lab.chart("The loop, turn by turn")
    forth = turns.get_by_role("button", name="One step on")
    called = turns.get_by_role("region", name="Called so far").locator(".block-chip")
    slide = turns.get_by_role("slider", name="Step")
    slide.focus()
    slide.press("Home")
    expect(called).to_have_count(0)
    while forth.get_attribute("aria-disabled") is None:
        forth.click()
    expect(called).to_have_count(3)
    expect(turns.get_by_text("The loop ends by itself.")).to_be_visible()
    rows = lab.table("The loop, turn by turn").get_by_role("row")
    expect(rows.last.get_by_role("rowheader")).to_have_text("end")


def test_a_shared_link_brings_the_program_and_a_bad_one_is_told(page: Page, complaints: Complaints) -> None:
    complaints.expect("422")
    lab = LabPage(page).open(OWN.replace("file,.timer-0", "tick,promise"))
    expect(blocks(page)).to_have_count(2)
    page.get_by_role("checkbox", name="gevent").check()
    lab.skip()
    expect(page.locator("#error-program")).to_contain_text("run it on Node.js only")
    page.get_by_role("button", name="A next tick: take out").click()
    page.get_by_role("button", name="A promise: take out").click()
    lab.skip()
    expect(page.locator("#error-program")).to_contain_text("add a block", ignore_case=True)


def test_a_row_is_dragged_to_its_place(page: Page) -> None:
    LabPage(page).open("/labs/event-loop?puzzle=timers")
    rows = page.locator(".guess-order").get_by_role("listitem")
    expect(rows).to_have_count(5)
    rows.first.locator(".grip").hover()  # waits until it lies still
    page.mouse.down()
    last = rows.last.bounding_box()
    assert last is not None
    page.mouse.move(last["x"] + 40, last["y"] + last["height"] - 2, steps=12)
    wait_until(lambda: letters(rows) == ["B", "C", "D", "E", "A"])
    page.mouse.up()
    assert letters(rows) == ["B", "C", "D", "E", "A"]


def test_a_loop_that_would_not_end_says_so_on_each_runtime(page: Page) -> None:
    address = "/labs/event-loop?puzzle=forever&runs=10&repeats=1&runtimes=gevent,asyncio,node"
    lab = LabPage(page).open(address).skip()
    run = lab.wait("finished")
    expect(page.get_by_role("heading", name="It would not end")).to_be_visible()
    turns = lab.chart("The loop, turn by turn")
    for runtime in ("gevent", "asyncio", "Node.js"):
        turns.get_by_role("radio", name=runtime).check()
        slide = turns.get_by_role("slider", name="Step")
        slide.focus()
        slide.press("End")
        expect(turns.get_by_text("This lab ends the run here.")).to_be_visible()
    page.goto(f"/runs/{run}/projector")
    expect(page.get_by_role("button", name="One step on")).to_be_visible()


def test_it_fits_a_phone(learner: Learner) -> None:
    page = learner(width=390, height=844)
    LabPage(page).open("/labs/event-loop?puzzle=own")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
