"""Does looking change what is looked at? The same use of a cache, with the key browser closed and open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, sync_playwright

from labs.querycache.cache import QueryCache
from tests.bench.figure import Figure
from tests.copy import RunningCopy
from tests.e2e.browser import launch_options
from tests.keyspace import database_nine
from tests.million import Million
from tests.waiting import wait_until

OWNERS = 12
READS = 600
IDLE_SECONDS = 4
ELSEWHERE = b"lab:key:1"
"""A key that the page does not show: its idle time is the clock."""

Numbers = dict[str, Any]


def figures(million: Million, copy: RunningCopy) -> Iterator[Figure]:
    """Hit ratio (as the cache counts it), frequency and idle time of each key, twice."""
    app = million.app
    before = app.config_get("maxmemory-policy")["maxmemory-policy"]
    app.config_set("lfu-decay-time", 0)
    app.config_set("lfu-log-factor", 0)
    closed = _numbers(million, None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport={"width": 1440, "height": 1200})
        page.goto(f"{copy.url}/keys")
        page.wait_for_selector("[data-keys][data-state=ready] .key")
        page.get_by_role("searchbox").fill("lab:looked:")
        open_ = _numbers(million, page)
        browser.close()
    app.config_set("maxmemory-policy", before)
    names = {"hits": "hit ratio", "frequency": "LFU frequency of each key", "idle": "keys idle for at least 4 s"}
    for what, name in names.items():
        same = open_[what] == closed[what]
        measured = f"{_said(closed[what])} closed, {_said(open_[what])} open"
        yield Figure(f"k  page open or closed: {name}", measured, "the same", same)


def _said(value: Any) -> str:
    return f"{sum(value)} in all" if isinstance(value, list) else f"{value:.4g}"


def _numbers(million: Million, page: Page | None) -> Numbers:
    """Use the cache, then leave it alone, while the page (if any) shows every key and the value of one."""
    app = million.app
    app.config_set("maxmemory-policy", "allkeys-lfu")
    cache = QueryCache(database_nine(million.server), prefix="lab:looked", ttl=600)
    for n in range(READS):
        owner = n % (1 + n % OWNERS)  # some more often than others
        cache.fetch(cache.asked(owner, b"field", None), lambda: b"")
        if n == READS // 2:
            cache.clear_hash(0)
    keys = sorted(app.scan_iter(match="lab:looked*", count=10_000))
    _look(page, keys)
    found: Numbers = {"hits": cache.counters.hit_ratio, "frequency": [app.object("FREQ", key) for key in keys]}
    app.config_set("maxmemory-policy", "allkeys-lru")
    app.touch(*keys, ELSEWHERE)
    _look(page, keys)
    wait_until(lambda: app.object("IDLETIME", ELSEWHERE) >= IDLE_SECONDS)
    found["idle"] = sum(app.object("IDLETIME", key) >= IDLE_SECONDS for key in keys)
    cache.close()
    app.unlink(*keys)
    return found


def _look(page: Page | None, keys: list[bytes]) -> None:
    """Every key in view, each value opened in turn, and back."""
    if page is None:
        return
    for key in keys:
        page.get_by_role("treeitem").filter(has_text=key.decode()).first.click()
        page.locator(".value-name").filter(has_text=key.decode()).wait_for()
