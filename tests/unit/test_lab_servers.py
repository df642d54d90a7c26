"""Where the labs' servers are: derived from the app's, given by URL, or noted by a running copy."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pymongo.uri_parser import parse_uri
from redis.connection import parse_url

from dashboard import lab_servers
from dashboard.settings import Settings
from labs.sdk.servers import ServersError, facts, url, words


@pytest.mark.parametrize(
    "given",
    [
        "redis://host:6379/0", "redis://host:6379", "redis://host", "redis://u:p%40ss@host:1/3?db=4",
        "rediss://:p@host/0?ssl_cert_reqs=none", "unix:///tmp/redis.sock", "unix://u:p@/tmp/redis.sock?db=0",
    ],
)  # fmt: skip
def test_learners_keys_are_in_database_9_of_the_same_server(given: str) -> None:
    read: Any = parse_url
    app, learners = read(given), read(lab_servers.redis_beside(given))
    assert learners.pop("db") == 9
    app.pop("db", None)
    assert learners == app


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ("mongodb://host:27017", None),
        ("mongodb://a,b:1/loopscope?replicaSet=rs", None),
        ("mongodb://u:p%40ss@host", "admin"),
        ("mongodb://u:p@host/", "admin"),
        ("mongodb://u:p@host/loopscope", "loopscope"),
        ("mongodb://u:p@host/loopscope?authSource=people", "people"),
    ],
)
def test_learners_documents_are_in_the_database_lab_of_the_same_server(given: str, source: str | None) -> None:
    app, learners = parse_uri(given), parse_uri(lab_servers.mongodb_beside(given))
    assert learners["database"] == "lab"
    assert learners["options"].get("authSource") == source
    for same in ("nodelist", "username", "password"):
        assert learners[same] == app[same]
    assert learners["options"].get("replicaSet") == app["options"].get("replicaSet")


def test_a_setting_wins_over_what_is_derived() -> None:
    settings = Settings(redis_url="redis://app/0", mongodb_url="mongodb://app", lab_redis_url="redis://lab/3")
    assert lab_servers.urls(settings) == {"redis": "redis://lab/3", "mongodb": "mongodb://app/lab"}
    assert lab_servers.environ(settings, ["mongodb"]) == {"LOOPSCOPE_LAB_MONGODB_URL": "mongodb://app/lab"}
    assert lab_servers.environ(settings, []) == {}
    assert lab_servers.urls(Settings()) == {}


def test_a_note_holds_while_its_process_lives_and_is_private(tmp_path: Path) -> None:
    known = {"redis": "redis://:secret@host/9", "mongodb": "mongodb://host/lab"}
    assert lab_servers.noted(tmp_path) == {}
    lab_servers.note(tmp_path, known)
    assert lab_servers.noted(tmp_path) == known
    assert (tmp_path / lab_servers.NOTE).stat().st_mode & 0o777 == 0o600
    lab_servers.forget(tmp_path)
    lab_servers.forget(tmp_path)
    assert lab_servers.noted(tmp_path) == {}


@pytest.mark.parametrize("text", ["", "{}", "[]", "7"])
def test_a_note_that_is_rubbish_counts_for_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / lab_servers.NOTE).write_text(text)
    assert lab_servers.noted(tmp_path) == {}


def test_a_note_of_a_dead_copy_counts_for_nothing_though_its_number_lives_again(tmp_path: Path) -> None:
    (tmp_path / lab_servers.NOTE).write_text(json.dumps({"pid": os.getpid(), "born": 1.0, "urls": {}}))
    assert lab_servers.noted(tmp_path) == {}


def test_nobody_said_where_the_server_is() -> None:
    with pytest.raises(ServersError, match="LOOPSCOPE_LAB_REDIS_URL does not say"):
        url("redis", {})
    with pytest.raises(ServersError, match="LOOPSCOPE_LAB_MONGODB_URL"):
        facts(["mongodb"], {})
    assert facts([], {}) == []


def test_a_server_in_words() -> None:
    assert words({"need": "redis", "name": "Valkey", "version": "9.1.2"}) == "Valkey 9.1.2"
    assert words({"name": "MongoDB", "version": "8", "engine": "wiredTiger"}) == "MongoDB 8 (wiredTiger)"
    assert words({"name": "MongoDB", "version": "8", "engine": ""}) == "MongoDB 8"
