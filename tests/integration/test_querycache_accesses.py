"""What the cache tells of itself."""

from __future__ import annotations

from typing import Any

from dashboard.embedded import MongoDB, Valkey
from tests.querycache import PREFIX, Post, desk


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
