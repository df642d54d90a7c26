"""What a run tells of its Redis client agrees with the cache's own counters, and with the server's log."""

from __future__ import annotations

import io
import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from dashboard.embedded import MongoDB, Valkey
from dashboard.keys.commandlog import slow_commands, slower_than
from labs.redis_basics import watched
from labs.sdk.cache_feed import CacheFeed
from labs.sdk.emitter import Emitter
from labs.sdk.events import Event, parse
from labs.sdk.lab import node_binary
from labs.sdk.redis_feed import RedisFeed, readable
from labs.sdk.told_redis import ToldRedis
from tests.keyspace import access_to, app_client, database_nine
from tests.querycache import PREFIX, Post, desk
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]


class Told:
    """A feed on an emitter, and its events once it is closed."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._emit = Emitter(self._out)
        self.feed = RedisFeed(self._emit)

    def events(self) -> list[Event]:
        self.feed.close()
        self._emit.close()
        return [event for event in map(parse, self._out.getvalue().splitlines()) if event["e"] == "redis"]


def test_counts_and_steps_are_those_of_the_cache(valkey: Valkey, mongodb: MongoDB) -> None:
    told = Told()
    with desk(valkey.url, mongodb.url) as found:
        found.cache.listeners.add(CacheFeed(told.feed, PREFIX))
        for _ in range(3):
            list(Post.objects(user="a").cache("a"))
        Post.objects(user="a").update(set__title="new")
        list(Post.objects(user="a").cache("a"))
        of_key = found.cache.counters.of(f"{PREFIX}:a")
    events = told.events()
    sums: Counter[str] = Counter()
    for event in events:
        for place, field, counts in event["counts"]:
            assert event["keys"][place] == [f"{PREFIX}:a", "a"]
            assert field == "" or field.startswith("find lab.posts filter")
            sums.update(counts)
    assert sums == of_key == {"miss": 2, "fill": 2, "hit": 2, "clear": 1}
    steps = [step for event in events for step in event["steps"]]
    assert [what for _, _, what, _ in steps] == ["miss", "fill", "clear", "miss", "fill"]
    assert [t for t, *_ in steps] == sorted(t for t, *_ in steps)
    words = [command[3].split(" find ")[0] for event in events for command in event["commands"]]
    assert words.count(f"UNLINK {PREFIX}:a") == 1
    assert words.count(f"HGET {PREFIX}:a") == 4


def test_a_told_client_tells_what_was_sent_and_nothing_else(valkey: Valkey) -> None:
    told = Told()
    with app_client(valkey) as app, ToldRedis.from_url(database_nine(valkey)) as client:
        app.set("lab:there", b"\xff" * 100)
        client.feed = told.feed
        client.get("lab:there")
        client.delete("lab:\u202e")
    commands = [command for event in told.events() for command in event["commands"]]
    assert [(size, line) for _, _, size, line in commands] == [(100, "GET lab:there"), (0, "DEL lab:\\u202e")]
    assert all(micros > 0 for _, micros, _, _ in commands)


def test_the_servers_log_names_the_run_and_leaves_our_own_questions_out(valkey: Valkey, tmp_path: Path) -> None:
    with app_client(valkey) as app, access_to(valkey, tmp_path) as access:
        before = slower_than(app)
        try:
            app.config_set("slowlog-log-slower-than", 0)
            app.client_setname("run:abc123")
            app.set("lab:logged", "1")
            access.client().scan(0, match="lab:*")
            found = slow_commands(access.client(), [access.users().browser.name])
        finally:
            app.config_set("slowlog-log-slower-than", before)
            app.slowlog_reset()
    assert [(one["words"], one["client"]) for one in found if "lab:logged" in one["words"]] == [
        ("SET lab:logged 1", "run:abc123")
    ]
    assert not [one for one in found if "SCAN" in one["words"]]


def test_node_shows_commands_as_python_does() -> None:
    words = ["set", "lab:a\u202e", "line\nbreak \\ \x00", "x" * 1000]
    script = f"""
        import {{ readable }} from "{ROOT}/labs/sdk/redis_feed.mjs";
        process.stdout.write(readable(JSON.parse(process.argv[1])));
    """
    command = [node_binary(), "--input-type=module", "-e", script, json.dumps(words)]
    node = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert node == readable(["SET", *words[1:]])


def test_a_watcher_sees_what_is_asked_and_nothing_is_left(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lesson about MONITOR, for a moment: a watcher was sent about what was asked, and is gone afterwards."""
    monkeypatch.setenv("LOOPSCOPE_LAB_REDIS_URL", database_nine(valkey))
    out = io.BytesIO()
    emit = Emitter(out)
    with app_client(valkey) as app:
        for way in ("alone", "watched"):
            watched.run(emit, way, "lab:my:test")
        assert app.keys("*") == []
        wait_until(lambda: not [one for one in app.client_list() if one["cmd"] == "monitor"])
    emit.close()
    told = [event for event in map(parse, out.getvalue().splitlines()) if event["e"] == "sample"]
    assert [(event["way"], event["seen"] > 0) for event in told] == [("alone", False), ("watched", True)]
    assert all(event["value"] > 0 for event in told)
