"""A real browser on the session's running copy. A page that logs an error or throws fails the test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.copy import RunningCopy
from tests.e2e.browser import launch_options
from tests.e2e.keys_page import row
from tests.served import copy, mongodb, valkey  # noqa: F401

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
DESKTOP = (1440, 900)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with many tests first: processes that share the files then end together."""
    folder = Path(__file__).parent
    ours = [item for item in items if item.path.parent == folder]
    counts = Counter(item.path for item in ours)
    items[:] = [item for item in items if item.path.parent != folder]
    items += sorted(ours, key=lambda item: (-counts[item.path], item.path))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(), timeout=180_000)
        yield browser
        browser.close()


class Complaints:
    """What pages said to their console that nobody should have to read."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.expected: tuple[str, ...] = ()

    def expect(self, *words: str) -> None:
        """Complaints with one of these words belong to what the test does."""
        self.expected += words

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"threw {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "trace"):
            self.found.append(f"{message.type}: {message.text}")

    def unexpected(self) -> list[str]:
        return [text for text in self.found if not any(word in text for word in self.expected)]


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    found = Complaints()
    yield found
    assert found.unexpected() == []


Learner = Callable[..., Page]


class Desks:
    """Browser contexts that are handed on when a learner has left: without cookies, storage and pages, but with the
    files that the browser keeps, as on a machine that is used again and again.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}

    def take(self, **options: Any) -> tuple[str, BrowserContext]:
        """A context with these options, and its kind."""
        kind = repr(sorted(options.items()))
        if waiting := self._free.get(kind):
            return kind, waiting.pop()
        context = self._browser.new_context(accept_downloads=True, **options)
        context.set_default_timeout(PATIENCE_MS)
        return kind, context

    def give_back(self, kind: str, context: BrowserContext, origin: str) -> None:
        """The next learner of its kind is a new one."""
        for page in context.pages:
            page.close()
        context.set_offline(False)
        context.clear_cookies()
        page = context.new_page()
        stored = {"origin": origin, "storageTypes": "local_storage,indexeddb,service_workers,cache_storage"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        page.close()
        self._free.setdefault(kind, []).append(context)


@pytest.fixture(scope="session")
def desks(browser: Browser) -> Desks:
    return Desks(browser)


@pytest.fixture
def learner(desks: Desks, copy: RunningCopy, complaints: Complaints) -> Iterator[Learner]:  # noqa: F811
    """`learner()` is a page of a new learner; `learner(width=390, height=844, color_scheme="dark")` is another."""
    taken: list[tuple[str, BrowserContext]] = []

    def new(width: int = DESKTOP[0], height: int = DESKTOP[1], **options: Any) -> Page:
        taken.append(desks.take(base_url=copy.url, viewport={"width": width, "height": height}, **options))
        page = taken[-1][1].new_page()
        complaints.listen(page)
        return page

    yield new
    for kind, context in taken:
        desks.give_back(kind, context, copy.url)


@pytest.fixture
def page(learner: Learner) -> Page:
    """A learner at a desk."""
    return learner()


@pytest.fixture
def keys(page: Page, app: Any) -> Page:
    """The page of keys, with a key whose value is JSON and one with a hostile name and value."""
    app.set("lab:greeting", '{"hello": ["world"]}')
    app.set("lab:<img src=x onerror=alert(1)>\u202e", "<script>alert(1)</script>")
    page.goto("/keys")
    expect(row(page, "lab:greeting")).to_be_visible()
    return page
