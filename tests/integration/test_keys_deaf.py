"""Servers that tell nothing, and connections that die without a word: live again by itself, or it is said why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboard.embedded import Valkey
from dashboard.embedded.valkey import OPTIONS
from dashboard.keys.probe import PROBES, SETTING
from tests.between import Between
from tests.keyspace import access_to, watching
from tests.waiting import wait_until

OWN = "somebody"


@dataclass(frozen=True)
class At:
    """A server as its URL says."""

    url: str


@pytest.fixture
def quiet(app: Any) -> Iterator[Any]:
    """The server as Redis comes: it tells nobody what happens to its keys."""
    app.config_set(SETTING, "")
    yield app
    app.config_set(SETTING, OPTIONS[SETTING])  # not what it said before: that leaves out new keys


def test_a_server_that_tells_nothing_is_asked_to(valkey: Valkey, tmp_path: Path, quiet: Any) -> None:
    with access_to(valkey, tmp_path) as access, watching(access) as page:
        assert page.live
        quiet.set("lab:a", "1")
        page.wait_for(b"lab:a", "new")
        quiet.expire("lab:a", 100)
        page.wait_for(b"lab:a", "expire")
    told = {one["name"] for message in page.messages for one in message["changed"]}
    assert told == {"lab:a"}  # not the key that was touched to find out
    assert quiet.keys(PROBES + b"*") == []


def test_where_it_refuses_that_is_said_until_it_is_set_up(valkey: Valkey, tmp_path: Path, quiet: Any) -> None:
    quiet.execute_command("ACL", "SETUSER", OWN, "on", ">word", "~*", "&*", "+@all", "-config|set")
    try:
        theirs = At(valkey.url.replace(f"app:{valkey.password}", f"{OWN}:word"))
        with access_to(theirs, tmp_path) as access, watching(access) as page:
            assert not page.live
            assert f"CONFIG SET {SETTING} KEAnm" in page.watch.join("viewer")["why"]
            wait_until(lambda: any(SETTING in message["why"] for message in list(page.messages)))
            quiet.config_set(SETTING, "KEAnm")
            wait_until(lambda: page.messages[-1]["why"] == "")
            assert page.watch.join("viewer") == {"live": True, "why": ""}
            quiet.set("lab:a", "1")
            page.wait_for(b"lab:a", "new")
    finally:
        quiet.execute_command("ACL", "DELUSER", OWN)


def test_a_connection_that_died_silently_is_noticed(valkey: Valkey, tmp_path: Path, app: Any) -> None:
    with Between(valkey.port) as between:
        there = At(valkey.url.replace(str(valkey.port), str(between.port)))
        with access_to(there, tmp_path) as access, watching(access) as page:
            app.set("lab:before", "1")
            page.wait_for(b"lab:before", "new")
            between.fall_silent()
            app.set("lab:during", "1")
            wait_until(lambda: page.stale()[-1:] == ["start"] and "lost" in page.stale())
            wait_until(lambda: app.set("lab:after", "1") and page.causes(b"lab:after"))  # once it is heard again
