"""The program around blog.py: one way of caching under one load, and an uncached read timed just before and after it.

python on_python.py blog.py '{"mode": "ways", "way": "on", …}'
"""

from __future__ import annotations

import sys
import time
from typing import Any

import orjson
from mongoengine import disconnect

from labs.query_cache import blog, outage, stampede
from labs.query_cache.load import Load
from labs.query_cache.outcomes import Outcomes
from labs.querycache import QueryCache
from labs.sdk import servers
from labs.sdk.cache_feed import CacheFeed
from labs.sdk.emitter import Emitter
from labs.sdk.own_place import own_place
from labs.sdk.redis_feed import RedisFeed

CALIBRATIONS = 15


def uncached(emit: Emitter, when: str) -> None:
    """Time one read that asks the database."""
    times = []
    for _ in range(CALIBRATIONS):
        begun = time.perf_counter()
        blog.read("off", 0)
        times.append(time.perf_counter() - begun)
    emit.sample("unit", sorted(times)[CALIBRATIONS // 2], when=when)


def perform(emit: Emitter, params: dict[str, Any], told: CacheFeed) -> None:
    """Whichever experiment is asked for."""
    outcomes = Outcomes()
    if params["mode"] == "outage":
        outage.run(emit, params, outcomes, told)
        return
    cache = blog.cache(servers.named_url(), leases=params["way"] != "no leases")
    cache.listeners.add(outcomes)
    emit.zero()
    cache.listeners.add(told)
    if params["mode"] == "stampede":
        stampede.run(emit, params, outcomes)
    else:
        Load(emit, params, outcomes).run()
    cache.listeners.remove(told)
    tell(emit, cache)
    blog.leave(cache)


def tell(emit: Emitter, cache: QueryCache) -> None:
    """What the cache itself counted, and what it holds."""
    for name, count in cache.counters.total.items():
        emit.sample("counted", count, "", of=name)
    key = cache.store.key(blog.OWNER)
    with servers.redis_client() as redis:
        held: Any = redis.hgetall(key)
    for field, value in held.items():
        emit.emit("log", text=f"{key} → {field.decode()}: {len(value)} bytes", stream="keys")


if __name__ == "__main__":
    emit = Emitter(sys.stdout.buffer)
    emit.host()
    settings = orjson.loads(sys.argv[2])
    with own_place("qc"):
        blog.connect(settings["documents"])
        uncached(emit, "before")
        feed = RedisFeed(emit)
        perform(emit, settings, CacheFeed(feed, blog.PREFIX))
        feed.close()
        uncached(emit, "after")
        disconnect()
    emit.close()
