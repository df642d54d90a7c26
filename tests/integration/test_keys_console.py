"""The console is confined by the server: commands of every kind, as the learner, with nothing filtered by us."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.embedded import Valkey
from dashboard.keys.commands import hints
from dashboard.keys.console import Console
from tests.hostile import COMMANDS, app_state
from tests.keyspace import access_to

ALLOWED: list[tuple[str, dict[str, str]]] = [
    ('SET lab:a "some words"', {"kind": "status", "text": "OK"}),
    ("GET lab:a", {"kind": "text", "text": "some words"}),
    ("GET lab:none", {"kind": "nil", "text": ""}),
    ("INCR lab:n", {"kind": "integer", "text": "1"}),
    ("HSET lab:h a 1 b 2", {"kind": "integer", "text": "2"}),
    ("RPUSH lab:l a b", {"kind": "integer", "text": "2"}),
    ("TYPE lab:h", {"kind": "status", "text": "hash"}),
    ("EXPIRE lab:a 100", {"kind": "integer", "text": "1"}),
    ("DEL lab:a", {"kind": "integer", "text": "1"}),
    ("MULTI", {"kind": "status", "text": "OK"}),
    ("INCR lab:n", {"kind": "status", "text": "QUEUED"}),
]


@pytest.fixture
def console(valkey: Valkey, tmp_path: Path) -> Iterator[Console]:
    with access_to(valkey, tmp_path) as access:
        found = Console(access)
        yield found
        found.close()


def test_there_are_sixty_and_more() -> None:
    assert len(COMMANDS) >= 60


@pytest.mark.parametrize("inside", ["alone", "in MULTI"])
def test_no_command_escapes(inside: str, console: Console, app: Any, redis: Any) -> None:
    redis.set("loopscope:secret", "the app's")
    app.set("lab:mine", "mine")
    app.rpush("lab:list", 2, 1)
    console.run("PING")
    before = app_state(app, redis)
    for line in COMMANDS:
        if inside != "alone":
            console.run("MULTI")
        answer = console.run(line)
        reply = answer.get("reply", {"kind": "error"})
        if inside != "alone":  # what was queued is refused when it is performed
            performed = console.run("EXEC")["reply"]
            reply = performed["items"][0] if reply["kind"] == "status" else reply
        assert reply["kind"] == "error", (line, answer)
        assert app_state(app, redis) == before, line
        assert app.get("lab:mine") == b"mine", line
        assert console.run("GET lab:mine")["reply"]["text"] == "mine", line


@pytest.mark.parametrize("line", ["RESET", "QUIT", "HELLO 2", "HELLO 3", "SELECT 9"])
def test_what_ignores_acls_gives_nothing(line: str, console: Console, app: Any, redis: Any) -> None:
    redis.set("loopscope:secret", "the app's")
    console.run("PING")
    before = app_state(app, redis)
    console.run(line)
    for attempt in ("FLUSHALL", "GET loopscope:secret", "SELECT 0", "CONFIG GET *", "ACL WHOAMI"):
        assert console.run(attempt)["reply"]["kind"] == "error"
    assert app_state(app, redis) == before
    assert console.run("SET lab:mine 1")["reply"]["text"] == "OK"


def test_after_reset_the_very_same_connection_is_nobody(console: Console, app: Any) -> None:
    """Not our signing in again, but the server refuses: `default` is off."""
    console.run("PING")
    wire = console._wire
    assert wire is not None
    assert wire.ask(b"RESET").value == b"RESET"
    for words in ([b"FLUSHALL"], [b"GET", b"lab:a"], [b"ACL", b"WHOAMI"]):
        assert str(wire.ask(*words).value).startswith("b'NOAUTH")


def test_replies_keep_their_shape(console: Console, app: Any) -> None:
    for line, expected in ALLOWED:
        assert console.run(line)["reply"] == expected, line
    assert console.run("DISCARD")["reply"]["text"] == "OK"
    table = console.run("HGETALL lab:h")["reply"]
    assert table["kind"] == "map"
    assert [item["text"] for item in table["items"]] == ["a", "1", "b", "2"]


@pytest.mark.parametrize(
    ("line", "words", "why"),
    [
        ("LPUSH lab:mine 1", "WRONGTYPE", "another kind of value"),
        ("FLUSHALL", "NOPERM", "database 9"),
        ("CONFIG GET *", "NOPERM", "further than your own keys"),
        ("GET other", "NOPERM", "begin with “lab:”"),
        ("NOSUCH", "ERR unknown command", "no such command"),
        ("GET", "ERR wrong number", "The hint above the line"),
        ("INCR lab:mine", "ERR value is not an integer", "A whole number is needed here"),
        ("EXPIRE lab:mine abc", "ERR value is not an integer", "such as a time to live"),
        ("SET lab:mine v EX soon", "ERR value is not an integer", "such as a time to live"),
        ("EXPIRE lab:mine 9223372036854775807", "ERR invalid expire time", "too large"),
        ("SET lab:my:colour dark red", "ERR syntax error", 'needs quotes: "dark red"'),
        ("INCRBY lab:most 1", "ERR increment or decrement would overflow", "64 bits"),
        ("EVAL 'return 1' 0", "NOPERM", "the server does nothing else"),
        ("SCRIPT LOAD x", "NOPERM", "keys that its call does not name"),
        ("SORT lab:list", "NOPERM", "through BY and GET"),
        ("SORT_RO lab:list", "NOPERM", "through BY and GET"),
        ("WATCH lab:mine", "NOPERM", "MULTI, EXEC and DISCARD only"),
        ("SUBSCRIBE x", "NOPERM", "Channels are not part"),
        ("EXEC", "ERR EXEC without MULTI", "MULTI begins"),
        ("KEYS *", "NOPERM", "SCAN takes small steps"),
        ("SETRANGE lab:big 1048576 x", "ERR string exceeds", "that large"),
    ],
)
def test_an_error_is_the_servers_own_words_and_why(line: str, words: str, why: str, console: Console, app: Any) -> None:
    app.mset({"lab:mine": "mine", "lab:most": 2**63 - 1})
    reply = console.run(line)["reply"]
    assert reply["kind"] == "error"
    assert reply["text"].startswith(words)
    assert why in reply["why"]


def test_a_large_reply_does_not_fill_the_process(console: Console, app: Any) -> None:
    app.set("lab:big", b"x" * 1_000_000)
    assert "larger than" in console.run("GET lab:big")["problem"]
    app.rpush("lab:many", *range(100_000))
    assert "larger than" in console.run("LRANGE lab:many 0 -1")["problem"]
    assert console.run("STRLEN lab:big")["reply"]["text"] == "1000000"
    part = console.run("LRANGE lab:many 0 999")["reply"]
    assert (len(part["items"]), part["more"]) == (200, 800)


@pytest.mark.parametrize("line", ["", "   ", 'SET lab:a "open', "SET 'a'b", "x" * 20_000, "GET " + "a " * 1001])
def test_a_line_that_is_none_never_gets_to_the_server(line: str, console: Console, app: Any) -> None:
    assert set(console.run(line)) == {"problem"}


def test_quotes_in_the_middle_are_put_between_others(console: Console, app: Any) -> None:
    assert "between '…'" in console.run('SET lab:my:ada {"name": "Ada"}')["problem"]
    assert "between '…'" in console.run('SET lab:my:ada "{"name": "Ada"}"')["problem"]
    assert console.run("""SET lab:my:ada '{"name": "Ada"}'""")["reply"]["text"] == "OK"


def test_quotes_and_bytes(console: Console, app: Any) -> None:
    console.run(r'SET "lab:\xff\x00 <b>" "it\'s \"so\"\n"')
    assert app.get(b"lab:\xff\x00 <b>") == b'it\'s "so"\n'
    console.run(r"SET lab:single 'it\'s \x41'")
    assert app.get("lab:single") == rb"it's \x41"


def test_hints_are_what_the_server_allows(valkey: Valkey, console: Console, app: Any) -> None:
    found = {hint["name"]: hint for hint in hints(console._access.users().app)}
    assert {"GET", "HSET", "EXPIRE", "SCAN", "MULTI", "MEMORY USAGE", "CLIENT SETNAME", "SELECT"} <= set(found)
    assert not {"FLUSHALL", "KEYS", "EVAL", "CONFIG GET", "CLIENT KILL", "BLPOP", "SORT", "SWAPDB"} & set(found)
    assert found["GET"]["usage"] == "key"
    assert "NX" in found["SET"]["usage"]
    assert found["HSET"]["summary"]


@pytest.mark.parametrize("rules", [["~*", "&*", "+@all"], ["+@all"], ["-@all"]])
def test_there_is_no_console_where_somebody_needs_no_password(
    rules: list[str], valkey: Valkey, tmp_path: Path, app: Any
) -> None:
    app.execute_command("ACL", "SETUSER", "bob", "on", "nopass", *rules)
    try:
        with access_to(valkey, tmp_path) as access:
            console = Console(access)
            assert access.users().learner is None
            assert "“bob” needs no password" in console.run("AUTH bob x")["problem"]
            app.execute_command("ACL", "SETUSER", "bob", "off")
            assert access.renew().learner is not None
            assert console.run("AUTH bob x")["reply"]["kind"] == "error"
            console.close()
    finally:
        app.execute_command("ACL", "DELUSER", "bob")
