"""For everybody: axe finds nothing serious, the keyboard is enough, a phone is wide enough."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.settings import ROOT
from tests.copy import RunningCopy
from tests.e2e.conftest import Complaints, Learner
from tests.e2e.lab_page import LabPage
from tests.kept import keep

pytestmark = pytest.mark.e2e
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


STILL = """() => {
    const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity)
    for (const one of ending) one.finish()
    return Promise.allSettled(ending.map((one) => one.finished))
}"""
"""A colour on its way to another has the contrast of neither. Some are on their way for seconds: they arrive now."""


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical, with the elements, when every colour has come to where it goes."""
    page.evaluate(AXE.read_text())
    page.evaluate(STILL)
    found: list[dict[str, Any]] = page.evaluate("() => axe.run().then((result) => result.violations)")
    return [
        f"{one['id']}: {', '.join(node['html'][:120] for node in one['nodes'][:3])}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def finished_run(copy: RunningCopy) -> str:
    return keep(copy, "burst-2-cpus")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious(
    scheme: str, width: int, learner: Learner, copy: RunningCopy, complaints: Complaints
) -> None:
    complaints.expect("404")
    id = finished_run(copy)
    page = learner(width, 900, color_scheme=scheme)
    lab = LabPage(page)
    for address in ("/", "/labs/hashing", f"/runs/{id}", f"/compare?runs={id}", f"/runs/{id}/projector", "/nowhere"):
        page.goto(address)
        if "compare" in address:
            expect(page.get_by_role("heading", name="No runs to compare yet")).to_be_visible()
        elif id in address:
            lab.wait("finished")
            lab.painted("Who ran when")
        assert serious(page) == [], address


def test_axe_on_every_tab(learner: Learner, copy: RunningCopy) -> None:
    id = finished_run(copy)
    page = learner()
    lab = LabPage(page).open(f"/runs/{id}")
    lab.wait("finished")
    lab.painted("Who ran when")
    for name in ("Source", "Table", "Log", "My runs"):
        lab.tab(name)
        assert serious(page) == [], name


def test_the_keyboard_is_enough(page: Page) -> None:
    lab = LabPage(page).open("/labs/hashing?repeats=1&tasks=2&pool=2")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip")).to_be_focused()
    _tab_to(page, "#prediction [role=slider]")
    page.keyboard.press("PageUp")
    _tab_to(page, "#runbar .run")
    page.keyboard.press("Enter")
    lab.wait("finished")
    lab.painted("Who ran when")
    expect(page.get_by_role("group", name="Findings")).to_be_visible()
    _tab_to(page, "[role=tab][aria-selected=true]")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Source")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Source")).to_be_visible()


def test_arrows_walk_through_the_spans(page: Page, copy: RunningCopy) -> None:
    id = finished_run(copy)
    lab = LabPage(page).open(f"/runs/{id}")
    lab.wait("finished")
    lab.painted("Who ran when")
    lab.tab("Source")
    chart = lab.chart("Who ran when").locator("[tabindex='0']").first
    chart.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#source-note")).to_contain_text("Hash 1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#source-note")).to_contain_text("Hash 2")


@pytest.mark.parametrize("address", ["/", "/labs/hashing", "run", "compare"])
def test_a_phone_is_wide_enough(address: str, learner: Learner, copy: RunningCopy) -> None:
    id = finished_run(copy)
    page = learner(390, 844, has_touch=True, is_mobile=True)
    other = finished_run(copy)
    page.goto({"run": f"/runs/{id}", "compare": f"/compare?runs={id},{other}"}.get(address, address))
    if address == "run":
        LabPage(page).wait("finished")
    if address in ("run", "compare"):
        LabPage(page).painted("Who ran when")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_run_is_within_reach(learner: Learner) -> None:
    page = learner(390, 844, has_touch=True, is_mobile=True)
    LabPage(page).open("/labs/hashing")
    expect(page.get_by_role("button", name="Run the experiment")).to_be_in_viewport()


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as a person would; fail if it cannot be reached."""
    for _ in range(200):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with Tab")
