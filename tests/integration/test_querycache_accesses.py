"""What the cache tells of itself."""

from __future__ import annotations

import threading
from typing import Any

from dashboard.embedded import MongoDB, Valkey
from labs.querycache import clear_hash
from tests.querycache import PREFIX, Desk, Post, desk


def test_accesses_are_told_with_command_time_and_size(valkey: Valkey, mongodb: MongoDB) -> None:
    with desk(valkey.url, mongodb.url) as found:
        heard: list[Any] = []
        found.cache.listeners.add(heard.append)
        found.cache.listeners.add(lambda _: [][0])
        for _ in range(2):
            list(Post.objects(user="a").cache("a"))
        told = [one.outcome for one in heard if one.outcome != "command"]
        assert told == ["miss", "fill", "hit"]
        commands = [one for one in heard if one.outcome == "command"]
        assert {one.command for one in commands} == {"INFO", "HGET", "EVALSHA lease", "EVALSHA fill"}
        assert commands[-1].size > 100
        assert commands[-1].seconds > 0
        hit = heard[-1]
        assert hit.key == f"{PREFIX}:a"
        assert hit.field.startswith("find lab.posts")
        assert hit.age is not None
        counts = found.cache.counters
        assert counts.of(hit.key, hit.field) == {"miss": 1, "fill": 1, "hit": 1}
        assert counts.hit_ratio == 0.5


def unlinks_sent(found: Desk) -> int:
    return int(found.redis.info("commandstats").get("cmdstat_unlink", {}).get("calls", 0))


def test_each_unlink_that_is_sent_is_told_by_who_sends_it(valkey: Valkey, mongodb: MongoDB) -> None:
    with desk(valkey.url, mongodb.url) as found:
        heard: list[Any] = []
        found.cache.listeners.add(lambda one: heard.append(one) if one.outcome == "command" else None)
        Post.objects(user="a").cache("a").first()
        heard.clear()
        before = unlinks_sent(found)
        found.cache.store.owed.add([f"{PREFIX}:a", f"{PREFIX}:b"])
        Post.objects(user="a").cache("a").first()
        assert [one.command for one in heard] == ["UNLINK", "HGET", "EVALSHA lease", "EVALSHA fill"]
        assert unlinks_sent(found) - before == 1

        heard.clear()
        before = unlinks_sent(found)

        def clear_many() -> None:
            for number in range(50):
                clear_hash(number)

        clears = [threading.Thread(target=clear_many) for _ in range(4)]
        for clear in clears:
            clear.start()
        for clear in clears:
            clear.join()
        assert len([one for one in heard if one.command == "UNLINK"]) == unlinks_sent(found) - before
