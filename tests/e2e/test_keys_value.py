"""The value of a key beside the list: it follows its key, keeps the keyboard, shows text, JSON, hashes and times."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.keys.names import key_id
from tests.e2e.keys_page import row
from tests.keyspace import overdue
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


def test_hostile_names_are_text(keys: Page) -> None:
    row(keys, "<img src=x onerror=alert(1)>\\u202e").click()
    value = keys.locator("#value")
    expect(value).to_contain_text("<script>alert(1)</script>")
    assert value.locator("script, img").count() == 0


def test_a_value_follows_its_key(keys: Page, app: Any) -> None:
    row(keys, "lab:greeting").click()
    value = keys.locator("#value")
    expect(value).to_contain_text('"world"')
    app.set("lab:greeting", "changed meanwhile")
    expect(value).to_contain_text("changed meanwhile")
    value.get_by_role("button", name="Hex").click()
    expect(value).to_contain_text("63 68 61 6e 67 65 64")


def test_a_value_follows_a_key_that_never_rests(keys: Page, app: Any) -> None:
    row(keys, "lab:greeting").click()
    value = keys.locator("#value")
    expect(value).to_contain_text('"world"')

    def seen() -> bool:
        app.set("lab:greeting", "it changes and changes")
        return "it changes" in value.inner_text()

    wait_until(seen)


def test_a_window_of_what_is_another_value_now(keys: Page, app: Any) -> None:
    """A later window of a text; then there is a list, and a shorter text, that have no such window."""
    app.set("lab:long", "long " * 4000)
    row(keys, "lab:long").click()
    value = keys.locator("#value")
    for now, words in (("rpush", "an item"), ("set", "a short text")):
        value.get_by_role("button", name="Next window").click()
        expect(value.get_by_role("button", name="First")).to_be_visible()
        with app.pipeline() as at_once:
            at_once.delete("lab:long")
            getattr(at_once, now)("lab:long", words)
            at_once.execute()
        expect(value).to_contain_text(words)
        app.set("lab:long", "long " * 4000)
        expect(value).to_contain_text("long long")


def test_the_keyboard_stays_where_it_is_in_a_value(keys: Page, app: Any) -> None:
    app.set("lab:long", "long " * 4000)
    row(keys, "lab:greeting").click()
    value = keys.locator("#value")
    inner = value.locator("summary").nth(1)
    inner.press("Enter")
    expect(value.locator("details").nth(1)).not_to_have_attribute("open", "")
    app.set("lab:greeting", '{"hello": ["world", "and sun"]}')
    expect(inner).to_contain_text("[2]")
    expect(inner).to_be_focused()
    expect(value.locator("details").nth(1)).not_to_have_attribute("open", "")
    digits = value.get_by_role("button", name="Hex")
    digits.press("Enter")
    expect(digits).to_have_attribute("aria-pressed", "true")
    expect(digits).to_be_focused()
    app.set("lab:greeting", "now plain")
    expect(value).to_contain_text("now plain")
    expect(digits).to_be_focused()
    row(keys, "lab:long").click()
    further = value.get_by_role("button", name="Next window")
    further.press("Enter")
    expect(value).to_contain_text("bytes 8192 to")
    expect(further).to_be_focused()
    further.press("Enter")
    expect(value).to_contain_text("to 20000 of 20,000")
    expect(value.get_by_role("button", name="First")).to_be_focused()


def test_json_is_shown_as_it_was_written(keys: Page, app: Any) -> None:
    app.set("lab:json", '{"big": 9007199254740993, "many": [' + ", ".join(map(str, range(600))) + "]}")
    row(keys, "lab:json").click()
    value = keys.locator("#value")
    expect(value).to_contain_text("big: 9007199254740993")
    expect(value).to_contain_text("and 100 more")


def test_the_object_of_a_hash_does_not_ask_about_the_dead(keys: Page, app: Any) -> None:
    asked: list[str] = []
    keys.on("request", lambda one: asked.append(one.post_data or "") if one.url.endswith("/api/keys/value") else None)
    app.hset("lab:ada", "name", "Ada")
    app.hset("lab:ada:home", "town", "London")
    keys.get_by_role("button", name="Natural expiry").click()
    with overdue(app, "lab:ada:late", px=3000):
        expect(row(keys, "lab:ada:late")).to_contain_text("expired, not yet reclaimed")
        row(keys, "lab:ada").first.click()
        expect(keys.locator("#value")).to_contain_text("London")
    ids = {one: any(key_id(one) in body for body in asked) for one in (b"lab:ada", b"lab:ada:home", b"lab:ada:late")}
    assert ids == {b"lab:ada": True, b"lab:ada:home": True, b"lab:ada:late": False}


def test_times_to_live_are_counted_down_in_the_value_too(keys: Page, app: Any) -> None:
    """Of the key and of its fields, by the server's clock, though nothing changes."""
    app.hset("lab:dying", mapping={"red": "rojo", "blue": "azul"})
    app.hpexpire("lab:dying", 600_000, "red")
    app.pexpire("lab:dying", 90_000)
    row(keys, "lab:dying").click()
    value = keys.locator("#value")
    red, blue = value.get_by_role("row").filter(has_text="red"), value.get_by_role("row").filter(has_text="blue")
    expect(red).to_contain_text("dies in 10 min")
    expect(blue).to_contain_text("stays")
    now = value.get_by_text("dies in").first.inner_text()
    expect(value.get_by_text("dies in").first).not_to_have_text(now)
    app.hdel("lab:dying", "red")
    expect(value.get_by_role("columnheader", name="life")).to_have_count(0)
