"""What a person sees on the page of keys."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def row(page: Page, name: str) -> Locator:
    """Lines whose name holds this, whatever else is said beside it."""
    return page.get_by_role("treeitem").filter(has=page.locator(".key-name", has_text=name))
