"""A Redis that tells nobody what happens to its keys, and that the app may not set up: the page says so."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.embedded.valkey import OPTIONS, USER
from dashboard.keys.probe import SETTING

pytestmark = pytest.mark.e2e


def test_a_list_that_is_not_live_says_so(page: Page, app: Any) -> None:
    app.set("lab:first", "1")
    page.goto("/keys")
    rows = page.get_by_role("treeitem")
    expect(rows).to_have_count(1)
    app.config_set(SETTING, "")
    app.execute_command("ACL", "SETUSER", USER, "-config|set")
    try:
        for one in app.client_list():
            if one["name"] == "loopscope:keys":
                app.client_kill(one["addr"])
        note = page.locator(".keys-note")
        expect(note).to_contain_text("Not live. This Redis tells nobody")
        app.set("lab:second", "2")
        note.get_by_role("button", name="Refresh").click()
        expect(rows).to_have_count(2)
        app.execute_command("ACL", "SETUSER", USER, "+@all")
        app.config_set(SETTING, OPTIONS[SETTING])
        expect(note).to_be_hidden()
        app.set("lab:third", "3")
        expect(rows).to_have_count(3)
    finally:
        app.execute_command("ACL", "SETUSER", USER, "+@all")
        app.config_set(SETTING, OPTIONS[SETTING])
