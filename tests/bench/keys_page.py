"""The key browser's page in Chromium: from a change in Redis to the row that shows it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, WebSocket, sync_playwright

from tests.bench.figure import Figure, percentile
from tests.bench.keys_server import goal
from tests.copy import RunningCopy
from tests.e2e.browser import launch_options
from tests.million import Million

CHANGES = 100
DYING = 40
AT_ONCE = 10
APART = 70
"""Milliseconds between deadlines: less than between two messages to a page that have time."""
RATE, LOAD_SECONDS, TICK = 5000, 8.0, 0.05
NAMES = 40
WAIT_MS = 60_000

# Notes when a name was first painted, and when its row first was one of a key that is gone. The list changes inside an
# animation frame; what is noted is the frame after it, so the paint has happened: these times are a little too long.
NOTE = """
window.painted = {}; window.gone = {}; window.frames = 0;
const note = (into, name) => { if (!(name in into)) {
  into[name] = 0;
  requestAnimationFrame(() => { into[name] = performance.timeOrigin + performance.now() });
} };
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(() => {
    for (const row of document.querySelectorAll(".key:not([hidden])")) {
      const name = row.querySelector(".key-name").textContent;
      note(row.hasAttribute("data-gone") ? window.gone : window.painted, name);
    }
  }).observe(document.querySelector(".keys-list"),
    { subtree: true, childList: true, characterData: true, attributes: true });
  const count = () => { window.frames += 1; requestAnimationFrame(count) };
  count();
});
"""
EQUALS = """
there => {
  const names = [...document.querySelectorAll(".key:not([hidden]):not([data-gone]) .key-name")];
  return document.querySelector("[data-keys][data-state=ready]:not([data-scanning])")
    && there.join() === names.map((name) => name.textContent).sort().join();
}
"""


def figures(million: Million, copy: RunningCopy) -> Iterator[Figure]:
    """One page after the other, each fresh."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for measure in (_changes, _expiry, _load, _killed):
            context = browser.new_context(viewport={"width": 1440, "height": 2900})
            context.add_init_script(NOTE)
            page = context.new_page()
            yield from measure(page, million.app, copy.url)
            context.close()
        browser.close()


def _open(page: Page, url: str, filter: str = "") -> None:
    """The page, with what it shows read to the end of that reading."""
    page.goto(f"{url}/keys")
    page.wait_for_selector("[data-keys][data-state=ready] .key")
    if filter:
        page.get_by_role("searchbox").fill(filter)
        page.wait_for_function(
            "() => document.querySelector('.keys-count').textContent.startsWith('0 of')", timeout=WAIT_MS
        )
    page.wait_for_selector("[data-keys]:not([data-scanning])", timeout=WAIT_MS)


def _noted(page: Page, where: str, names: list[str]) -> dict[str, float]:
    """Milliseconds since 1970 by name, once all are there."""
    page.wait_for_function("([where, names]) => names.every((name) => window[where][name])", arg=[where, names],
                           timeout=WAIT_MS)  # fmt: skip
    found: dict[str, float] = page.evaluate(f"window.{where}")
    return found


def _changes(page: Page, app: Any, url: str) -> Iterator[Figure]:
    _open(page, url, "lab:painted:")
    taken = []
    for n in range(CHANGES):
        name = f"lab:painted:{CHANGES - n:04}"  # the newest is the first of the list, so that it is in view
        set_at = time.time() * 1000
        app.set(name, n, ex=600)
        taken.append(_noted(page, "painted", [name])[name] - set_at)
    p50, p95 = percentile(taken, 50), percentile(taken, 95)
    yield Figure("k  change → row painted", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", "p95 ≤ 200 ms", p95 <= 200)


def _expiry(page: Page, app: Any, url: str) -> Iterator[Figure]:
    _open(page, url, "lab:dying:")
    taken = []
    for first in range(0, DYING, AT_ONCE):
        names = [f"lab:dying:{n}" for n in range(first, first + AT_ONCE)]
        for n, name in enumerate(names):
            app.set(name, 1, px=2000 + APART * n)
        deadlines = {name: app.pexpiretime(name) for name in names}
        gone = _noted(page, "gone", names)
        taken += [gone[name] - deadlines[name] for name in names]
    yield goal("deadline of a key in view → row gone, p95", percentile(taken, 95), 100)


def _load(page: Page, app: Any, url: str) -> Iterator[Figure]:
    frames: list[str | bytes] = []

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.on("websocket", opened)
    _open(page, url)
    with _changing(app) as rates:
        page.wait_for_timeout(1000)
        frames.clear()
        first, begun = page.evaluate("window.frames"), time.perf_counter()
        page.wait_for_timeout((LOAD_SECONDS - 2) * 1000)
        last, passed = page.evaluate("window.frames"), time.perf_counter() - begun
        messages = sum(str(frame).startswith('42["keys"') for frame in frames) / passed
    fps = (last - first) / passed
    name = f"{rates[0]:.0f} changes a second"
    yield Figure(f"k  frames a second at {name}", f"{fps:.0f}", "≥ 30", fps >= 30)
    yield Figure(f"k  messages a second at {name}", f"{messages:.1f}", "≤ 10", 0 < messages <= 10)


@contextlib.contextmanager
def _changing(app: Any) -> Iterator[list[float]]:
    """`RATE` changes a second while the block runs, or as many as the machine gives; the real rate afterwards."""
    rates: list[float] = []

    def change() -> None:
        begun, done = time.perf_counter(), 0
        while (passed := time.perf_counter() - begun) < LOAD_SECONDS:
            if done < RATE * passed:
                app.mset({f"lab:load:{n % 5000}": n for n in range(done, done + int(RATE * TICK))})
                done += int(RATE * TICK)
            else:
                time.sleep(TICK / 10)
        rates.append(done / passed)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield rates
    finally:
        thread.join()


def _killed(page: Page, app: Any, url: str) -> Iterator[Figure]:
    """In the middle of a burst the subscriber's connection is closed by the server."""
    _open(page, url, "lab:burst:")
    names = [f"lab:burst:{n:02}" for n in range(NAMES)]
    for turn in range(200):
        app.mset(dict.fromkeys(names[: NAMES - turn % 7], turn))
        app.delete(*names[turn % NAMES :][:5])
        if turn == 100:
            app.client_kill(next(one["addr"] for one in app.client_list() if one["name"] == "loopscope:keys"))
    ended = time.perf_counter()
    there = sorted(key.decode() for key in app.scan_iter(match="lab:burst:*", count=10_000))
    page.wait_for_function(EQUALS, arg=there, timeout=WAIT_MS)
    seconds = time.perf_counter() - ended
    yield Figure("k  subscriber killed in a burst → page equals a SCAN", f"{seconds:.2f} s", "≤ 2 s", seconds <= 2)
