"""A real browser on a running copy. A page that logs an error or throws fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from dashboard.embedded import MongoDB, Valkey
from tests.copy import RunningCopy, running_copy
from tests.e2e.browser import launch_options
from tests.fixtures import labs as fixtures

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
DESKTOP = (1440, 900)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def copy(valkey: Valkey, mongodb: MongoDB, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCopy]:
    """One web process and one runner, with the labs that misbehave beside the real ones."""
    folder: Path = tmp_path_factory.mktemp("copy")
    with running_copy(valkey.url, mongodb.url, folder, LOOPSCOPE_EXTRA_LABS=fixtures.NAMED) as found:
        yield found


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


@pytest.fixture
def learner(browser: Browser, copy: RunningCopy, complaints: Complaints) -> Iterator[Learner]:
    """`learner()` is a page of a new learner; `learner(width=390, height=844, color_scheme="dark")` is another."""
    contexts: list[BrowserContext] = []

    def new(width: int = DESKTOP[0], height: int = DESKTOP[1], **options: Any) -> Page:
        context = browser.new_context(
            base_url=copy.url, viewport={"width": width, "height": height}, accept_downloads=True, **options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def page(learner: Learner) -> Page:
    """A learner at a desk."""
    return learner()
