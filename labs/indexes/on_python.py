"""The program: look-ups in one collection in one way, or writes with so many indexes."""

import statistics
import time
from typing import Any

from labs.indexes import collection as made
from labs.indexes.plan_words import examined, stages
from labs.sdk.emitter import start
from labs.sdk.own_place import collection, own_collections

PINGS = 25


def pings(when: str) -> None:
    """A round trip that does nothing: what every command costs at least."""
    times = []
    for _ in range(PINGS):
        begun = time.perf_counter()
        database.command("ping")
        times.append(time.perf_counter() - begun)
    emit.sample("unit", statistics.median(times), when=when)


def timed(id: str, name: str, series: str, work: Any) -> Any:
    begun = time.perf_counter()
    with emit.span(id, name, kind="db", lane="program"):
        found = work()
    emit.sample(series, 1000 * (time.perf_counter() - begun), "ms")
    return found


def look_up() -> None:
    documents, way = params["documents"], params["way"]
    posts = made.grown(database, documents, indexed=way == "index")
    numbers = made.wanted(documents, params["lookups"], params["repeat"])
    key = (lambda n: {"_id": n}) if way == "id" else (lambda n: {"title": made.title_of(n)})
    made.all_with(posts, {"_id": 0})  # connected and warm, without one more scan
    emit.zero()
    until = time.perf_counter() + params["seconds"]
    for place, number in enumerate(numbers):
        if place >= params["least"] and time.perf_counter() > until:
            break  # among many documents one scan takes seconds
        found = timed(
            str(place + 1), f"look-up {place + 1}", "lookup", lambda number=number: made.all_with(posts, key(number))
        )
        assert len(found) == 1
    if params["repeat"] > 1:
        return  # the plan is the same, and to explain it takes a look-up
    explained = posts.find(key(numbers[0])).explain()
    seen, entries = examined(explained)
    emit.sample("plan", seen, "documents", stages=stages(explained), entries=entries)


def write() -> None:
    count, indexes = params["writes"], params["indexes"]
    posts = database[collection(made.LAB, "writes")]
    fields = made.FIELDS[:indexes]
    for field in fields:
        posts.create_index(field)
    everything = [{"_id": n, **{field: (n * 7919 + place) % 10_007 for place, field in enumerate(made.FIELDS)}}
                  for n in range(count)]  # fmt: skip
    emit.zero()
    for n, one in enumerate(everything):
        timed(f"i{n}", f"insert {n + 1}", "insert", lambda one=one: posts.insert_one(one))
    for n in range(count):
        change = {"$inc": dict.fromkeys(made.FIELDS, 1)}
        timed(f"u{n}", f"update {n + 1}", "update", lambda n=n, change=change: posts.update_one({"_id": n}, change))
    sizes = database.command("collStats", posts.name).get("indexSizes", {})
    emit.sample("index size", sum(sizes.values()) / 1024, "KiB", indexes=len(sizes))


params, emit = start()
emit.host()
with own_collections(made.LAB) as database:
    pings("before")
    look_up() if params["mode"] == "lookup" else write()
    pings("after")
emit.close()
