"""The HTTP API of the key browser: what is asked badly is told so; lists, values, deleting, the server's log."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from dashboard.keys.names import LONGEST_KEY, key_id
from tests.client import Client

ANY_BYTES = b"lab:\xff <b>"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/keys?cursor=-1", "whole number"),
        ("/api/keys?cursor=x", "whole number"),
        (f"/api/keys?filter={'x' * 513}", "512 characters"),
        (f"/api/keys?filter={quote(chr(34) + 'open')}", "quote"),
        (f"/api/keys?filter={quote(chr(34) + 'a' + chr(34) + ' b')}", "one word"),
        (f"/api/keys?cursor={2**64}", "whole number"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(path: str, words: str, learner: Client, app: Any) -> None:
    app.rpush("lab:l", 1)
    answer = learner.call("GET", path)
    assert answer.status == 400
    assert words in answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "base64url"),
        ({"id": "!!"}, "base64url"),
        ({"id": 1}, "base64url"),
        ({"id": key_id(b"lab:" + b"x" * LONGEST_KEY)}, "too long"),
        ({"id": key_id(b"lab:l"), "at": 0}, "at"),
        ({"id": key_id(b"lab:l"), "at": "x"}, "whole number"),
        ({"id": key_id(b"lab:l"), "at": "9" * 20}, "whole number"),
    ],
)
def test_no_value_of_what_cannot_be_named(body: Any, words: str, learner: Client, app: Any) -> None:
    app.rpush("lab:l", 1)
    answer = learner.call("POST", "/api/keys/value", body)
    assert answer.status == 400
    assert words in answer.json["detail"]


@pytest.mark.parametrize("bytes", [5000, LONGEST_KEY])
def test_the_value_of_a_key_with_a_long_name_can_be_read(bytes: int, learner: Client, app: Any) -> None:
    name = b"lab:" + b"n" * (bytes - 4)
    app.set(name, "here")
    assert learner.call("POST", "/api/keys/value", {"id": key_id(name)}).json["value"]["text"] == "here"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"pattern": ["lab:*"], "dry": True},
        {"pattern": "lab:*", "dry": 1},
        {"pattern": "lab:*", "dry": False, "cursor": 0},
        {"pattern": "lab:*", "dry": False, "cursor": "-1"},
        {"pattern": "*", "dry": False},
        {"pattern": "loopscope:*", "dry": False},
        {"pattern": '"lab:a" "lab:b"', "dry": False},
        [],
    ],
)
def test_nothing_is_deleted_by_mistake(body: Any, learner: Client, app: Any) -> None:
    app.set("lab:a", 1)
    assert learner.call("POST", "/api/keys/unlink", body).status == 400
    assert app.get("lab:a") == b"1"


def test_a_key_of_any_bytes_is_found_read_and_deleted(learner: Client, app: Any) -> None:
    app.set(ANY_BYTES, b"\x00\xfe")
    typed = r'"lab:\xff <b>"'
    page = learner.get(f"/api/keys?filter={quote(typed)}")
    assert [row["name"] for row in page["rows"]] == [r"lab:\xff <b>"]
    assert (page["cursor"], page["total"]) == ("0", 1)
    wanted = {"id": page["rows"][0]["id"]}
    value = learner.call("POST", "/api/keys/value", wanted).json
    assert value["value"]["text"] == r"\x00\xfe"
    wish = {"pattern": typed, "dry": True}
    assert learner.call("POST", "/api/keys/unlink", wish).json["sample"] == [r"lab:\xff <b>"]
    done = learner.call("POST", "/api/keys/unlink", {**wish, "dry": False}).json
    assert (done["count"], done["cursor"], done["total"]) == (1, "0", 0)
    assert learner.call("POST", "/api/keys/value", wanted).status == 404


def test_what_the_server_logged_as_slow_names_learners_keys_only(learner: Client, app: Any, redis: Any) -> None:
    learner.get("/api/keys")
    app.config_set("commandlog-execution-slower-than", 0)
    app.get("lab:seen")
    redis.get("loopscope:secret")
    app.config_set("commandlog-execution-slower-than", 10_000)
    words = [one["words"] for one in learner.get("/api/keys/slow")["commands"]]
    app.execute_command("COMMANDLOG", "RESET", "slow")
    assert "GET lab:seen" in words
    assert not any("secret" in one for one in words)


def test_hints_are_for_what_may_be_run(learner: Client) -> None:
    found = {hint["name"] for hint in learner.get("/api/keys/commands")["commands"]}
    assert "GET" in found
    assert "FLUSHALL" not in found
