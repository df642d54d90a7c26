"""The feed of a run's Redis commands: readable, bounded, nothing lost without being counted."""

from __future__ import annotations

import io
import threading
from collections import Counter
from typing import Any

import orjson
import pytest

from labs.querycache import Access
from labs.sdk.cache_feed import CacheFeed
from labs.sdk.emitter import Emitter
from labs.sdk.events import LONGEST_LINE, parse
from labs.sdk.redis_feed import LONGEST_COMMAND, MOST_COMMANDS, MOST_WAITING, SHARED, RedisFeed, readable, size_of
from labs.sdk.servers import client_name, named_url
from labs.sdk.together import PIPE_BUF

Events = list[dict[str, Any]]


class Told:
    """A feed and what it wrote."""

    def __init__(self, **options: Any) -> None:
        self.out = io.BytesIO()
        self.emit = Emitter(self.out)
        self.feed = RedisFeed(self.emit, **options)

    def lines(self) -> list[bytes]:
        """Everything, once it is over."""
        self.feed.close()
        self.emit.close()
        return [line for line in self.out.getvalue().splitlines() if b'"done"' not in line]

    def events(self) -> Events:
        return [parse(line) for line in self.lines()]


@pytest.fixture
def told() -> Told:
    return Told()


def test_commands_are_told_with_time_and_size(told: Told) -> None:
    told.feed.command(["SET", "lab:a", b"\x00\xff"], 0.000_25, 2)
    told.feed.command([b"GET", "lab:\u202eb"], 0.001, 0)
    commands = [command for event in told.events() for command in event["commands"]]
    assert [command[1:] for command in commands] == [
        [250, 2, "SET lab:a \\x00\\xff"],
        [1000, 0, "GET lab:\\u202eb"],
    ]


def test_what_is_too_much_is_counted(told: Told) -> None:
    for n in range(5000):
        told.feed.command(["GET", n], 0.0, 0)
    events = told.events()
    shown = [command for event in events for command in event["commands"]]
    assert len(shown) + sum(event["left"] for event in events) == 5000
    assert sum(event["left"] for event in events) > 0
    assert all(len(event["commands"]) <= MOST_COMMANDS for event in events)


def test_counts_add_up_whatever_threads_do(told: Told) -> None:
    def read(owner: str) -> None:
        for _ in range(500):
            told.feed.count(f"lab:{owner}", owner, "hit", b"find")
        told.feed.count(f"lab:{owner}", owner, "miss", b"find")

    threads = [threading.Thread(target=read, args=(f"u{n}",)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sums: dict[str, Counter[str]] = {}
    for event in told.events():
        for place, field, counts in event["counts"]:
            name, owner = event["keys"][place]
            assert (name, field) == (f"lab:{owner}", "find")
            sums.setdefault(name, Counter()).update(counts)
    assert len(sums) == 20
    assert all(counts == {"hit": 500, "miss": 1} for counts in sums.values())


def test_places_beyond_the_limit_are_counted_as_lost(told: Told) -> None:
    for n in range(3 * MOST_WAITING):
        told.feed.count(f"lab:{n}", str(n), "hit")
    events = told.events()
    told_of = sum(sum(counts.values()) for event in events for _, _, counts in event["counts"])
    assert told_of + sum(event["lost"] for event in events) == 3 * MOST_WAITING
    assert sum(event["lost"] for event in events) > 0


@pytest.mark.parametrize("what", ["\U0010ffff", "\\", "\x00", "\u202e", '"', "ß"])
def test_no_event_is_longer_than_a_line_may_be(told: Told, what: str) -> None:
    for n in range(100):
        name = f"lab:{n}" + what * 3000
        told.feed.command(["SET", name, what * 5000], 1.0, 10**9)
        told.feed.count(name, what * 3000, "hit", (what * 3000).encode())
        told.feed.step(name, what * 3000, "clear")
    lines = told.lines()
    assert len(lines) > 10
    assert max(map(len, lines)) < LONGEST_LINE


def test_a_shared_line_of_plain_names_fits_one_write() -> None:
    told = Told(limits=SHARED)
    for n in range(50):
        told.feed.command(["HGET", f"lab:blog:cache:{n:024}", "find " + "x" * 300], 1.0, 1)
        told.feed.count(f"lab:blog:cache:{n:024}", f"{n:024}", "hit", "find " + "x" * 500)
        told.feed.step(f"lab:blog:cache:{n:024}", f"{n:024}", "clear")
    assert max(map(len, told.lines())) < max(PIPE_BUF, 4096)


def test_a_long_query_keeps_the_end_that_tells_it_from_others(told: Told) -> None:
    told.feed.count("lab:a", "a", "hit", b"find lab.x filter " + b"y" * 5000 + b" #0123456789abcdef0123")
    [(_, field, _)] = [count for event in told.events() for count in event["counts"]]
    assert field.startswith("find lab.x filter yyy")
    assert field.endswith("… #0123456789abcdef0123")


def test_a_cache_says_what_it_did_with_owner_and_steps(told: Told) -> None:
    cache = CacheFeed(told.feed, "lab:qc")
    key, field = "lab:qc:ada", "find lab.x"
    for access in (
        Access("miss", key, field),
        Access("command", key, field, command="EVALSHA fill", seconds=0.001),
        Access("fill", key, field),
        Access("hit", key, field, age=1.0),
        Access("bypass", key, field, "redis down"),
        Access("clear", key),
    ):
        cache(access)
    events = told.events()
    assert [command[3] for event in events for command in event["commands"]] == ["EVALSHA fill lab:qc:ada find lab.x"]
    steps = [(event["keys"][place], what) for event in events for _, place, what, _ in event["steps"]]
    assert steps == [([key, "ada"], "miss"), ([key, "ada"], "fill"), ([key, "ada"], "clear")]
    assert [tag for event in events for _, _, _, tag in event["steps"]] == [" lab.x", " lab.x", ""]
    sums: Counter[str] = Counter()
    for event in events:
        for _, _, counts in event["counts"]:
            sums.update(counts)
    assert sums == {"miss": 1, "fill": 1, "hit": 1, "clear": 1}


def test_a_long_command_is_cut() -> None:
    line = readable(["SET", "lab:a", b"\xff" * 10_000_000])
    assert len(line) == LONGEST_COMMAND + 1
    assert line.endswith("…")


def test_sizes_of_replies() -> None:
    assert size_of([b"abc", None, ["de", 5], {"f": b"gh"}]) == 8


def test_connections_are_named_after_the_run() -> None:
    environ = {"LOOPSCOPE_LAB_REDIS_URL": "redis://host:1/9", "LOOPSCOPE_RUN": "abc123"}
    assert named_url(environ) == "redis://host:1/9?client_name=run%3Aabc123"
    assert named_url({**environ, "LOOPSCOPE_LAB_REDIS_URL": "unix:///s?db=9"}).endswith(
        "?db=9&client_name=run%3Aabc123"
    )
    assert client_name({"LOOPSCOPE_RUN": "two words"}) is None
    assert named_url({"LOOPSCOPE_LAB_REDIS_URL": "redis://h"}) == "redis://h"


def test_the_feed_writes_json_that_is_small_beside_its_run(told: Told) -> None:
    told.feed.command(["GET", "lab:a"], 0.0, 0)
    [line] = told.lines()
    assert set(orjson.loads(line)) == {"e", "t", "commands", "left", "keys", "counts", "steps", "lost"}
