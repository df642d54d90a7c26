"""The list of keys as a person uses it: live rows, console, tree by keyboard, filter, flush."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from redis import Redis

from dashboard.embedded import Valkey
from tests.e2e.conftest import Complaints, Learner
from tests.e2e.keys_page import row
from tests.e2e.lab_page import LabPage
from tests.e2e.test_access import serious
from tests.keyspace import overdue
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


def type_(page: Page, line: str) -> None:
    field = page.get_by_role("region", name="Console").locator("input")
    field.fill(line)
    field.press("Enter")


KEEP_WORDS = """list => {
    const words = (window.words = [])
    const rows = () => [...list.querySelectorAll("[role=treeitem]:not([hidden])")]
    const look = () => words.push(...rows().map((row) => row.innerText))
    new MutationObserver(look).observe(list, { subtree: true, childList: true, characterData: true, attributes: true })
}"""


def told(page: Page, name: str, word: str) -> bool:
    """Whether the row says it within a few seconds, however short: what is over stays for a moment only."""
    said = "([name, word]) => words.some((text) => text.includes(name) && text.replace(name, '').includes(word))"
    with contextlib.suppress(AssertionError):
        return bool(wait_until(lambda: page.evaluate(said, [name, word]), 5))
    return False


def one_is_told(page: Page, act: Callable[[str], object], word: str) -> str:
    """Do it to one key after the other until the list says the word: after a gap it is read anew, without words."""
    for name in (f"lab:k{n}" for n in range(12)):
        act(name)
        if told(page, name, word):
            return name
    raise AssertionError(f"never said {word}: {page.evaluate('words')}")


def test_rows_live_and_die_while_one_looks(keys: Page, app: Any) -> None:
    keys.get_by_role("tree", name="Keys").evaluate(KEEP_WORDS)
    name = one_is_told(keys, lambda name: app.set(name, "1"), "new")
    app.expire(name, 1000)
    expect(row(keys, name)).to_contain_text("dies in")
    for word, end in (("expired", lambda name: app.pexpire(name, 300)), ("deleted", app.delete)):

        def live_and_die(name: str, end: Callable[[str], object] = end) -> None:
            app.set(name, "1")
            expect(row(keys, name)).to_be_visible()
            end(name)

        name = one_is_told(keys, live_and_die, word)
        expect(row(keys, name)).to_have_count(0)


def test_a_flush_that_tells_nobody_is_seen(keys: Page, app: Any) -> None:
    app.flushdb()
    expect(row(keys, "lab:greeting")).to_have_count(0)
    expect(keys.get_by_text("No keys yet.")).to_be_visible()


def test_left_to_the_server_a_key_outlives_its_time(keys: Page, app: Any) -> None:
    keys.get_by_role("button", name="Natural expiry").click()
    with overdue(app, "lab:late", px=3000):
        expect(row(keys, "lab:late")).to_contain_text("expired, not yet reclaimed")
    assert not app.exists("lab:late")  # whoever asks for it makes the server reclaim it
    expect(row(keys, "lab:late")).to_have_count(0)


def test_the_console_talks_to_the_server(keys: Page, app: Any) -> None:
    log = keys.get_by_role("log", name="Replies")
    type_(keys, "HSET lab:colours red rot")
    expect(log).to_contain_text("(integer) 1")
    assert app.hget("lab:colours", "red") == b"rot"
    expect(row(keys, "lab:colours")).to_be_visible()
    type_(keys, "FLUSHALL")
    expect(log).to_contain_text("NOPERM")
    expect(log).to_contain_text("You work in database 9")
    keys.get_by_role("region", name="Console").locator("input").fill("EXPIRE")
    expect(keys.get_by_text("EXPIRE key seconds")).to_be_visible()


def walk(at: Locator, key: str, name: str) -> None:
    """Press the key until the line of this name has the keyboard; each press moves by one line."""
    while at.locator(".key-name").inner_text() != name:
        line = str(at.get_attribute("id"))
        at.page.keyboard.press(key)
        expect(at).not_to_have_id(line)


def test_the_tree_by_keyboard(keys: Page, app: Any) -> None:
    app.set("lab:deep:er:key", "found it")
    expect(row(keys, "lab:deep:er:key")).to_be_visible()
    keys.get_by_role("button", name="Tree").click()
    tree = keys.get_by_role("tree", name="Keys")
    branch = row(keys, "deep:")
    expect(branch).to_have_attribute("aria-expanded", "true")
    expect(branch).to_have_attribute("aria-level", "2")
    tree.focus()
    tree.press("Home")
    at = keys.locator("[data-at]")
    expect(at).to_contain_text("lab:")
    walk(at, "ArrowDown", "deep:")
    tree.press("ArrowLeft")
    expect(branch).to_have_attribute("aria-expanded", "false")
    tree.press("ArrowRight")
    expect(branch).to_have_attribute("aria-expanded", "true")
    expect(keys.get_by_text("key", exact=True)).to_be_visible()
    walk(at, "ArrowDown", "key")
    tree.press("End")
    expect(at).to_contain_text("greeting")
    walk(at, "ArrowUp", "key")
    tree.press("Enter")
    expect(keys.locator("#value")).to_contain_text("found it")


def test_the_keyboard_keeps_its_place(keys: Page, app: Any) -> None:
    """In a plain list no line lies above another; where a key dies, the next one takes the keyboard."""
    app.mset({"lab:k1": "1", "lab:k2": "2", "lab:k3": "3"})
    expect(row(keys, "lab:k3")).to_be_visible()
    tree, at = keys.get_by_role("tree", name="Keys"), keys.locator("[data-at]")
    tree.focus()
    tree.press("End")
    expect(at).to_contain_text("lab:k3")
    tree.press("ArrowUp")
    expect(at).to_contain_text("lab:k2")
    tree.press("ArrowLeft")
    expect(at).to_contain_text("lab:k2")
    app.delete("lab:k2")
    expect(row(keys, "lab:k2")).to_have_count(0)
    expect(at).to_contain_text("lab:k3")
    tree.press("ArrowUp")
    expect(at).to_contain_text("lab:k1")


def test_of_two_names_that_look_the_same_the_chosen_one_is_marked(keys: Page, app: Any) -> None:
    names = [f"lab:same:{'x' * 520}{end}" for end in "12"]
    app.mset({name: name[-1] for name in names})
    same = row(keys, "lab:same:")
    expect(same).to_have_count(2)
    same.nth(1).click()
    chosen = keys.locator('[role=treeitem][aria-selected="true"]')
    expect(chosen).to_have_id(str(same.nth(1).get_attribute("id")))
    app.set("lab:other", "1")
    expect(row(keys, "lab:other")).to_be_visible()  # drawn anew
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_id(str(same.nth(1).get_attribute("id")))


def test_a_pause_over_a_lost_connection_ends_in_what_is_there(
    keys: Page, app: Any, learner: Learner, complaints: Complaints
) -> None:
    """What was heard before the gap is of no use after it. Somebody else looks all the time, so nothing begins anew."""
    other = learner()
    other.goto("/keys")
    expect(row(other, "lab:greeting")).to_be_visible()
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    keys.get_by_role("button", name="Pause").click()
    app.set("lab:short", "1")
    expect(keys.get_by_role("region", name="What was")).to_contain_text("until you are back")
    keys.context.set_offline(True)
    expect(keys.locator("body")).to_have_attribute("data-connected", "false")
    app.delete("lab:short")
    app.set("lab:zeal", "1")
    keys.context.set_offline(False)
    expect(keys.locator("body")).to_have_attribute("data-connected", "true")
    expect(keys.get_by_role("region", name="What was")).not_to_contain_text("until you are back")
    keys.get_by_role("button", name="Back to now").click()
    expect(row(keys, "lab:zeal")).to_be_visible()
    expect(row(keys, "lab:short")).to_have_count(0)


KEEP_MIXED = """list => {
    const names = () => [...list.querySelectorAll("[role=treeitem]:not([hidden])")].map((row) => row.innerText).join()
    const look = () => (window.mixed ||= names().includes("lab:p:") && names().includes("lab:q:"))
    new MutationObserver(look).observe(list, { subtree: true, childList: true, characterData: true, attributes: true })
}"""


def test_what_was_swapped_away_is_not_shown(keys: Page, app: Any, valkey: Valkey) -> None:
    """Both sides have more keys than one reading takes: a scan that ends early must not leave the dead ones."""
    app.mset({f"lab:p:{n}": "1" for n in range(3000)})
    keys.reload()
    expect(keys.get_by_role("button", name="Show more")).to_be_visible()
    keys.get_by_role("tree", name="Keys").evaluate(KEEP_MIXED)
    with Redis.from_url(valkey.url.removesuffix("/0") + "/8") as other:
        other.mset({f"lab:q:{n}": "1" for n in range(3000)})
        app.execute_command("SWAPDB", 8, 9)
        try:
            expect(row(keys, "lab:q:").first).to_be_visible()
            expect(row(keys, "lab:p:")).to_have_count(0)
            expect(keys.get_by_role("button", name="Show more")).to_be_visible()
            assert not keys.evaluate("window.mixed")  # the dead are not dug away row by row while one scrolls
        finally:
            other.flushdb()


def test_a_list_that_nobody_sees_is_true_when_one_comes_back(page: Page, app: Any) -> None:
    LabPage(page).open("/labs/redis-basics").tab("Keys")
    count = page.locator("#pane-keys .keys-count")
    expect(count).to_have_text("0 of 0 keys")
    page.get_by_role("tab", name="Guide").click()
    for from_ in range(0, 20_500, 4100):
        app.mset({f"lab:my:t:{n}": "1" for n in range(from_, from_ + 4100)})
        expect(count).to_have_text(re.compile(f"of {from_ + 4100:,} keys"))
    expect(count).to_have_text("20,000 of 20,500 keys")
    for from_ in range(0, 20_500, 4100):
        app.unlink(*(f"lab:my:t:{n}" for n in range(from_, from_ + 4100)))
        expect(count).to_have_text(re.compile(f" {20_500 - from_ - 4100:,} keys"))
    app.mset({f"lab:my:five:{n}": "1" for n in range(5)})
    expect(count).to_have_text(re.compile(" 5 keys"))
    page.get_by_role("tab", name="Keys").click()
    expect(count).to_have_text("5 of 5 keys")
    expect(row(page, "lab:my:five:")).to_have_count(5)


def test_a_filter_in_quotes_finds_what_comes_live(keys: Page, app: Any) -> None:
    app.set(b"lab:\xffold", "1")
    keys.get_by_role("searchbox", name="Filter").fill('"lab:\\xFF*"')
    expect(row(keys, "old")).to_be_visible()
    app.set(b"lab:\xffnew", "1")
    expect(row(keys, "new")).to_be_visible()
    app.delete(b"lab:\xffold")
    expect(row(keys, "old")).to_have_count(0)
    keys.get_by_role("searchbox", name="Filter").fill("lab:[z-a]reet*")
    expect(row(keys, "lab:greeting")).to_be_visible()


def test_a_filter_and_a_flush_that_counts_first(keys: Page, app: Any) -> None:
    keys.get_by_role("searchbox", name="Filter").fill("nothing like it")
    expect(keys.get_by_text("No key fits this filter.")).to_be_visible()
    keys.get_by_role("searchbox", name="Filter").fill("greet")
    expect(row(keys, "lab:greeting")).to_be_visible()
    app.set("lab:other", "1")
    keys.get_by_role("button", name="Flush").click()
    dialog = keys.get_by_role("dialog", name="Delete keys")
    expect(dialog).to_contain_text("3 of 3 keys would go")
    dialog.get_by_role("textbox").fill("no:*")
    expect(dialog).to_contain_text("A pattern begins with lab:, such as")
    expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
    dialog.get_by_role("textbox").fill("lab:o*")
    expect(dialog).to_contain_text("1 of 3 keys would go")
    expect(dialog.get_by_role("listitem")).to_have_text(["lab:other"])
    dialog.get_by_role("button", name="Delete 1").click()
    expect(dialog).to_contain_text("1 key deleted.")
    assert sorted(app.keys())[0].startswith(b"lab:<img")
    assert app.dbsize() == 2
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_axe_is_content(width: int, scheme: str, learner: Any, app: Any) -> None:
    app.set("lab:greeting", "hello", ex=1000)
    page = learner(width=width, color_scheme=scheme)
    page.goto("/keys")
    row(page, "lab:greeting").click()
    expect(page.locator("#value")).to_contain_text("hello")
    assert serious(page) == []
