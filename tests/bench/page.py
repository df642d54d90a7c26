"""(b) From a lab event to the frame that shows it; (e) bytes of a lab page over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from dashboard.embedded import MongoDB, Valkey
from tests.bench.figure import Figure, percentile
from tests.copy import RunningCopy, running_copy
from tests.e2e.browser import launch_options
from tests.fixtures import labs as fixtures

RATE = 1000
SECONDS = 15
GOAL_MS = 100
GOAL_KB = 650
NOTE_PAINTS = """
window.paints = [];
document.addEventListener("painted", (event) => {
  window.paints.push([event.detail.seq, performance.timeOrigin + performance.now()]);
}, true);
"""


def figures(folder: Path) -> Iterator[Figure]:
    """Both in headless Chromium, on one running copy."""
    with (
        Valkey(folder / "valkey", folder / "valkey.log") as valkey,
        MongoDB(folder / "mongodb", folder / "mongodb.log") as mongodb,
        running_copy(valkey.url, mongodb.url, folder, LOOPSCOPE_EXTRA_LABS=fixtures.NAMED) as copy,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options())
        yield _bytes(browser.new_page(), copy)
        yield from _painted(browser.new_page(), copy)
        browser.close()


def _painted(page: Page, copy: RunningCopy) -> Iterator[Figure]:
    page.add_init_script(NOTE_PAINTS)
    client = copy.client()
    first = client.start("streaming", amount=1, seconds=60)  # holds the queue until the page is there
    id = client.start("streaming", amount=RATE, seconds=SECONDS)
    page.goto(f"{copy.url}/runs/{id}")
    page.wait_for_selector("body[data-connected=true]")
    client.call("POST", f"/api/runs/{first}/cancel")
    client.wait(id, seconds=SECONDS * 4)
    events = client.events(id)
    page.wait_for_function("last => window.paints.at(-1)?.[0] >= last", arg=events[-1]["seq"], timeout=20_000)
    paints: list[tuple[int, float]] = page.evaluate("window.paints")
    delays, at = [], 0
    for event in (e for e in events if e["e"] == "sample"):
        while paints[at][0] < event["seq"]:
            at += 1
        delays.append(paints[at][1] - event["value"] * 1000)
    p50, p95 = percentile(delays, 50), percentile(delays, 95)
    name = f"b  event → painted at {RATE} events/s"
    whole = len(delays) == RATE * SECONDS
    measured = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {'none lost' if whole else 'SOME LOST'}"
    yield Figure(name, measured, f"p95 ≤ {GOAL_MS} ms", whole and p95 <= GOAL_MS)


def _bytes(page: Page, copy: RunningCopy) -> Figure:
    """Everything that the first visit of a lab page loads, as it travels; Plotly comes when all else is there."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []

    def finished(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    page.goto(f"{copy.url}/labs/hashing")
    page.wait_for_selector("body[data-connected=true]")
    page.wait_for_function("() => window.Plotly !== undefined")
    page.wait_for_load_state("networkidle")
    kilobytes = sum(sizes) / 1000
    return Figure(f"e  lab page over the wire, {len(sizes)} requests", f"{kilobytes:.0f} kB", f"≤ {GOAL_KB} kB",
                  kilobytes <= GOAL_KB)  # fmt: skip
