"""Lists and values of any size, a bounded piece at a time, whatever bytes they are."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from dashboard.embedded import Valkey
from dashboard.keys.access import Access
from dashboard.keys.bulk import BadPattern, unlink
from dashboard.keys.names import has_glob
from dashboard.keys.page import Filter, read_page
from dashboard.keys.rows import read_rows
from dashboard.keys.value import WINDOW_BYTES, WINDOW_ITEMS, BadPlace, read_window
from labs.sdk.shown import shown
from tests.keyspace import access_to
from tests.million import FIELDS, KEYS, million

HOSTILE = [
    b"lab:<img src=x onerror=alert(1)>", b"lab:\x00\x1b[2J", "lab:\u202egnp.exe".encode(), b"lab:\xff\xfe\xfd",
    b"lab:" + b"x" * 5000, b"lab:", b"lab:\r\n$5\r\nhello", "lab:🙂 é".encode(), b"lab:*?[a]\\",
]  # fmt: skip


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Access, Any]]:
    """A server of its own with a million keys, a string of 100 MB and a hash of a million fields."""
    with million(tmp_path_factory.mktemp("large")) as found:
        yield found.access, found.app


@pytest.fixture
def client(valkey: Valkey, tmp_path: Path) -> Iterator[Redis]:
    with access_to(valkey, tmp_path) as found:
        yield found.client()


def pages(client: Redis, filter: bytes) -> Iterator[dict[str, Any]]:
    cursor = 0
    while True:
        page = read_page(client, cursor, Filter(filter))
        yield page
        if (cursor := int(page["cursor"])) == 0:
            return


def test_the_first_page_of_a_million(large: tuple[Access, Any]) -> None:
    access, app = large
    app.config_resetstat()
    page = read_page(access.client(), 0, Filter(b""))
    assert page["total"] == KEYS + 2
    assert 100 <= len(page["rows"]) < 400
    assert page["looked"] < 1000
    assert all(row["type"] and row["size"] > 0 for row in page["rows"])
    calls = app.info("commandstats")
    assert "cmdstat_keys" not in calls
    assert calls["cmdstat_scan"]["calls"] <= 3


def test_a_filter_that_matches_nothing_goes_through_all_in_steps(large: tuple[Access, Any]) -> None:
    access, _ = large
    found = list(pages(access.client(), b"nobody"))
    assert len(found) > 1
    assert not any(page["rows"] for page in found)
    assert sum(page["looked"] for page in found) >= KEYS * 0.9


def test_an_exact_name_is_found_on_the_first_page(large: tuple[Access, Any]) -> None:
    access, _ = large
    page = read_page(access.client(), 0, Filter(b"lab:key:777777"))
    assert page["rows"][0]["name"] == "lab:key:777777"


def test_a_string_of_a_hundred_megabytes(large: tuple[Access, Any]) -> None:
    access, _ = large
    client = access.client()
    window = read_window(client, b"lab:big", "string", 100_000_000, "0")
    assert window["length"] == 100_000_000
    assert len(base64.b64decode(window["data"])) == WINDOW_BYTES
    last = read_window(client, b"lab:big", "string", 100_000_000, str(100_000_000 - 10))
    assert base64.b64decode(last["data"]) == b"\0" * 9 + b"x"
    assert last["next"] is None


def test_a_hash_of_a_million_fields(large: tuple[Access, Any]) -> None:
    access, app = large
    app.config_resetstat()
    row = read_rows(access.client(), [b"lab:hash"])[0]
    window = read_window(access.client(), b"lab:hash", "hash", row["size"], "0")
    assert window["length"] == FIELDS
    assert WINDOW_ITEMS <= len(window["items"]) < WINDOW_ITEMS * 2
    assert window["next"]
    calls = app.info("commandstats")
    assert not {"cmdstat_hgetall", "cmdstat_hkeys", "cmdstat_hvals"} & set(calls)


def test_every_key_comes_at_least_once(client: Redis, app: Any) -> None:
    names = {f"lab:{n}" for n in range(5000)}
    app.mset(dict.fromkeys(names, 1))
    assert {row["name"] for page in pages(client, b"") for row in page["rows"]} == names


@pytest.mark.parametrize("key", HOSTILE, ids=range(len(HOSTILE)))
def test_any_bytes_are_a_name_and_a_value(key: bytes, client: Redis, app: Any) -> None:
    app.set(key, key)
    app.hset(b"lab:h", key, key)
    row = read_rows(client, [key])[0]
    assert row["name"] == shown(key, 512)
    assert base64.b64decode(read_window(client, key, "string", 1, "0")["data"]) == key
    item = read_window(client, b"lab:h", "hash", 1, "0")["items"][0]
    assert item["name"].startswith(shown(key[:500]))
    found = [row for page in pages(client, b"" if has_glob(key) else key) for row in page["rows"]]
    assert shown(key, 512) in {row["name"] for row in found}


def test_windows_of_every_type(client: Redis, app: Any) -> None:
    app.rpush("lab:l", *range(250))
    app.zadd("lab:z", {f"m{n:03}": n for n in range(250)})
    app.sadd("lab:s", *range(250))
    for n in range(150):
        app.xadd("lab:x", {"n": n}, id=f"{n + 1}-0")
    app.hset("lab:h", mapping={"a": 1, "b": "x" * 5000})
    app.hexpire("lab:h", 100, "a")
    counts = {"list": (b"lab:l", 250), "zset": (b"lab:z", 250), "set": (b"lab:s", 250), "stream": (b"lab:x", 150)}
    for kind, (key, count) in counts.items():
        items: list[Any] = []
        at: Any = "0"
        while at is not None:
            window = read_window(client, key, kind, 1000, at)
            items += window["items"]
            at = window["next"]
        assert len(items) == count, kind
        assert window["length"] == count
    first, second = sorted(read_window(client, b"lab:h", "hash", 1000, "0")["items"], key=lambda item: item["name"])
    assert (first["text"], first["expires"] > 0) == ("1", True)
    assert (second["cut"], second["size"], second["expires"]) == (True, 5000, None)


@pytest.mark.parametrize(
    ("kind", "at"),
    [
        ("string", "-1"),
        ("string", "x"),
        ("list", "²"),
        ("stream", "x"),
        ("hash", "9" * 30),
        ("string", str(2**63)),
        ("list", str(2**63 - 1)),
        ("hash", str(2**64)),
        ("stream", f"{2**64}-0"),
        ("stream", f"{'9' * 6000}-0"),
    ],
)
def test_a_place_that_is_none_is_refused(kind: str, at: str, client: Redis, app: Any) -> None:
    {"string": app.set, "list": app.rpush}.get(kind, lambda key, value: None)("lab:v", "1")
    if kind == "stream":
        app.xadd("lab:v", {"a": "b"})
    if kind == "hash":
        app.hset("lab:v", "a", "b")
    with pytest.raises(BadPlace):
        read_window(client, b"lab:v", kind, 10, at)


def all_of(client: Redis, pattern: bytes, *, dry: bool) -> int:
    """How many fit, or went, step by step: each step ends at once."""
    steps = [unlink(client, pattern, 0, dry=dry, clock=iter(range(1000)).__next__)]
    while cursor := int(steps[-1]["cursor"]):
        steps.append(unlink(client, pattern, cursor, dry=dry, clock=iter(range(1000)).__next__))
    assert len(steps) > 1
    return sum(step["count"] for step in steps)


def test_bulk_counts_before_it_deletes(client: Redis, app: Any) -> None:
    app.mset({f"lab:a:{n}": n for n in range(2500)} | {"lab:b": 1, "else": 1})
    assert len(unlink(client, b"lab:a:*", 0, dry=True)["sample"]) == 8
    assert (all_of(client, b"lab:a:*", dry=True), app.dbsize()) == (2500, 2502)
    assert all_of(client, b"lab:a:?", dry=False) == 10
    assert all_of(client, b"lab:a:*", dry=False) == 2490
    assert sorted(app.keys()) == [b"else", b"lab:b"]


@pytest.mark.parametrize("pattern", [b"*", b"", b"loopscope:*", b"la*", b"[l]ab:*", b"lab:" + b"x" * 600])
def test_bulk_stays_inside(pattern: bytes, client: Redis) -> None:
    with pytest.raises(BadPattern):
        unlink(client, pattern, 0, dry=False)


@pytest.mark.parametrize("before", range(6))
def test_text_that_a_window_cuts_is_still_text(before: int, client: Redis, app: Any) -> None:
    text = "x" * before + "ñ€🙂" * 3000
    app.set("lab:text", text)
    at: Any = "0"
    pieces = []
    while at is not None:
        window = read_window(client, b"lab:text", "string", len(text), at)
        assert window["plain"]
        pieces.append(window["text"])
        at = window["next"]
    assert len(pieces) > 3
    assert "".join(pieces) == text


def test_bytes_that_are_no_text_stay_bytes(client: Redis, app: Any) -> None:
    for value in (b"x\xf0\x9f", b"\xff" * 20_000, b"\xf0\x9f\x99" * 10_000):
        app.set("lab:bytes", value)
        window = read_window(client, b"lab:bytes", "string", 1, "0")
        assert not window["plain"]
        assert len(base64.b64decode(window["data"])) == min(len(value), WINDOW_BYTES)


@pytest.mark.parametrize("kind", ["list", "zset", "stream"])
def test_large_items_behind_small_ones_do_not_come_all_at_once(kind: str, client: Redis, app: Any) -> None:
    large = 300_000
    with app.pipeline(transaction=False) as many:
        for n in range(2040):
            value = b"%04d" % n + (b"y" * large if n >= 2000 else b"")
            if kind == "list":
                many.rpush("lab:v", value)
            elif kind == "zset":
                many.zadd("lab:v", {value: n})
            else:
                many.xadd("lab:v", {"n": value}, id=f"{n + 1}-0")
        many.execute()
    size = read_rows(client, [b"lab:v"])[0]["size"]
    before = app.info("stats")["total_net_output_bytes"]
    window = read_window(client, b"lab:v", kind, size, "1990-0" if kind == "stream" else "1990")
    assert 10 < len(window["items"]) < 30
    assert window["next"]
    assert app.info("stats")["total_net_output_bytes"] - before < 10 * large
