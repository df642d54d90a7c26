"""A visit that is watched: requests reach the run that their own browser named, and nobody else can write into it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from dashboard.embedded import MongoDB, Valkey
from dashboard.keys.console import Console
from dashboard.lab_servers import redis_beside
from labs.blog.lab import lab
from labs.blog.relay import Relay, stream_of
from labs.blog.settings import BlogSettings
from labs.sdk.servers import VARIABLES
from labs.sdk.tag import TAG
from tests.blog import Browser, serving
from tests.keyspace import access_to
from tests.tags import own_tag
from tests.waiting import wait_until

Events = list[dict[str, Any]]
FORGED: dict[str, dict[Any, Any]] = {
    "not JSON": {"request": "notjson"},
    "not an object": {"request": "[1]"},
    "other fields": {"request": '{"name": "x"}'},
    "numbers for words": {
        "request": '{"name": 1, "status": "x", "seconds": "y", "pieces": [{"name": 1, "kind": 2, "begin": "a", '
        '"end": null}], "accesses": []}'
    },
    "unknown pieces": {"request": '{"name": "x", "status": 200, "seconds": 1, "pieces": [{"a": 1}], "accesses": []}'},
    "no request": {"other": "x"},
}


@pytest.fixture(scope="module")
def redis_url(valkey: Valkey) -> str:
    return redis_beside(valkey.url)


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB, redis_url: str) -> Iterator[str]:
    settings = BlogSettings(mongodb_url=mongodb.url, redis_url=redis_url, cached=False, secret="test")
    relay = Relay(redis_url)
    with serving(settings, relay) as url:
        yield url
    relay.close()


@contextmanager
def visiting(redis_url: str, tag: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program of a visit, once it watches."""
    [runtime] = [one for one in lab.runtimes if one.key == "visit"]
    command = [*runtime.command(), orjson.dumps({"seconds": 240}).decode()]
    environ = {**os.environ, VARIABLES["redis"]: redis_url, TAG: tag}
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        try:
            while b"The blog is open" not in (line := program.stdout.readline()):
                assert line
            yield program
        finally:
            program.kill()


def finished(program: subprocess.Popen[bytes]) -> Events:
    """What it says until it has been finished, as a learner finishes it."""
    said, _ = program.communicate(orjson.dumps({"n": 1, "action": "finish", "params": {}}) + b"\n", timeout=60)
    assert program.returncode == 0
    return [orjson.loads(line) for line in said.splitlines()]


def rows(events: Events) -> list[str]:
    return list(dict.fromkeys(event["lane"] for event in events if event["e"] == "begin"))


def watched(url: str, run: str) -> Browser:
    browser = Browser(url)
    assert browser.post("/api/watch", {"run": run}).status == 204
    return browser


def test_no_learner_can_write_into_a_run(valkey: Valkey, app: Any, tmp_path: Path) -> None:
    app.xadd(stream_of("somebodys"), {"run": "somebodys"})
    with access_to(valkey, tmp_path) as access:
        console = Console(access)
        for command in ("XADD {} * request notjson", "XLEN {}", "DEL {}"):
            reply = console.run(command.format(stream_of("somebodys")))["reply"]
            assert reply["kind"] == "error", command
        console.close()
    app.delete(stream_of("somebodys"))


@pytest.mark.parametrize("entry", FORGED.values(), ids=FORGED)
def test_an_entry_that_is_no_request_is_left_out(blog: str, redis_url: str, app: Any, entry: dict[Any, Any]) -> None:
    run = own_tag("visit")
    with visiting(redis_url, run) as program:
        app.xadd(stream_of(run), entry)
        app.xadd(stream_of(run), entry)
        for _ in range(2):
            watched(blog, run).get("/api/current_user")
        wait_until(lambda: app.xlen(stream_of(run)) == 5)  # what opened it, what was forged, what was asked
        events = finished(program)
    assert [row.split(" ", 1)[1] for row in rows(events)].count("/api/current_user") == 2
    assert sum("no request of the blog" in event.get("text", "") for event in events) == 1
    assert events[-1]["e"] == "done"
    assert not app.exists(stream_of(run))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_killed_leaves_no_stream_for_long(redis_url: str, app: Any, number: signal.Signals) -> None:
    run = own_tag("visit")
    with visiting(redis_url, run) as program:
        program.send_signal(number)
        program.wait(60)
    if number == signal.SIGTERM:
        assert not app.exists(stream_of(run))
    else:
        assert 0 < app.ttl(stream_of(run)) <= 300
        app.delete(stream_of(run))


def test_addresses_that_the_blog_does_not_know_are_not_told(blog: str, redis_url: str, app: Any) -> None:
    run = own_tag("visit")
    with visiting(redis_url, run) as program:
        watched(blog, run).get("/nowhere/private-name?word=1")
        wait_until(lambda: app.xlen(stream_of(run)) == 2)
        events = finished(program)
    assert "unknown path" in "".join(rows(events))
    assert "private-name" not in str(events)


def test_who_signs_in_and_out_is_still_watched(blog: str, redis_url: str, app: Any) -> None:
    run = own_tag("visit")
    with visiting(redis_url, run) as program:
        browser = watched(blog, run)
        browser.sign_in()
        browser.ask("POST", "/auth/logout", Origin=browser.url)
        browser.get("/api/current_user")
        wait_until(lambda: app.xlen(stream_of(run)) == 5)
        events = finished(program)
    assert {row.split(" ", 1)[1] for row in rows(events)} == {
        "/auth/google", "/auth/google/callback", "POST /auth/logout", "/api/current_user",
    }  # fmt: skip
