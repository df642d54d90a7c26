"""The program: one way of caching under one load, and what an uncached read costs just before and after it."""

import time

from labs.query_cache import blog, outage, stampede
from labs.query_cache.load import Load
from labs.query_cache.outcomes import Outcomes
from labs.sdk import servers
from labs.sdk.emitter import start

CALIBRATIONS = 15


def uncached(when: str) -> None:
    times = []
    for _ in range(CALIBRATIONS):
        begun = time.perf_counter()
        blog.read("off", 0)
        times.append(time.perf_counter() - begun)
    emit.sample("unit", sorted(times)[CALIBRATIONS // 2], when=when)


params, emit = start()
emit.host()
blog.connect(params["documents"])
outcomes = Outcomes()
uncached("before")
if params["mode"] == "outage":
    outage.run(emit, params, outcomes)
    cache = blog.cache(servers.url("redis"))
else:
    cache = blog.cache(servers.url("redis"), leases=params["way"] != "no leases")
    cache.listeners.add(outcomes)
    cache.clear_hash(blog.OWNER)
    cache.counters.total.clear()
    emit.zero()
    if params["mode"] == "stampede":
        stampede.run(emit, params, outcomes)
    else:
        Load(emit, params, outcomes).run()
    for name, count in cache.counters.total.items():
        emit.sample("counted", count, "", of=name)
    held = cache.store._redis.hgetall(cache.store.key(blog.OWNER))
    for field, value in held.items():
        emit.emit("log", text=f"{cache.store.key(blog.OWNER)} → {field.decode()}: {len(value)} bytes", stream="keys")
uncached("after")
blog.leave(cache)
emit.close()
