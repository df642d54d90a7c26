"""(q) The query cache: a hit against the least it could cost, Redis away, and cached against uncached reads.

A is a bare HGET and its BSON decoded; B is A and the documents made of it. Medians of interleaved turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import bson

from dashboard.embedded import MongoDB, Valkey
from dashboard.embedded.ports import free_port
from labs.querycache import QueryCache, clear_hash, use
from tests.bench.figure import Figure
from tests.querycache import PREFIX, Desk, Post, desk

TURNS, EACH = 40, 20
SIZES = (1, 10, 100)
RAW_GOALS, DOCUMENT_GOALS = (2.0, 2.0, 1.7), (1.8, 1.4, 1.2)
OWNER = "bench"


def figures(folder: Path) -> Iterator[Figure]:
    """Every row of the target table that is a time or a count of round trips."""
    with (
        MongoDB(folder / "mongodb", folder / "mongodb.log") as mongodb,
        Valkey(folder / "valkey", folder / "valkey.log") as valkey,
    ):
        with desk(valkey.url, mongodb.url, ttl=3600) as found:
            _fill()
            plain = {size: _hits(found, size) for size in SIZES}
            yield from _against_the_least(plain)
            yield from _against_uncached()
            yield _round_trips(found)
            yield _away()
        with desk(valkey.url, mongodb.url, ttl=3600, by_collection=True) as found:
            _fill()
            yield _added(found, plain_cache_url=valkey.url)


def _fill() -> None:
    for size in SIZES:
        Post.objects.insert(
            [Post(user=f"{OWNER}{size}", title=f"title {n}", n=n, tags=["a", "b"]) for n in range(size)]
        )


def _query(size: int) -> Any:
    return Post.objects(user=f"{OWNER}{size}")


def _hits(found: Desk, size: int) -> dict[str, float]:
    """Seconds of A, B and the cache's own two kinds of hit."""
    clear_hash(OWNER)
    list(_query(size).cache(OWNER))
    [(field, value)] = found.redis.hgetall(f"{PREFIX}:{OWNER}").items()
    options = found.posts.codec_options

    def bare() -> list[Any]:
        held = found.redis.hget(f"{PREFIX}:{OWNER}", field)
        return list(bson.decode_all(held.partition(b"\n")[2], options))

    assert len(bare()) == size
    assert value
    return interleaved({
        "A": bare,
        "B": lambda: [Post._from_son(one) for one in bare()],
        "raw": lambda: list(_query(size).as_pymongo().cache(OWNER)),
        "documents": lambda: list(_query(size).cache(OWNER)),
    })  # fmt: skip


def interleaved(ways: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Median seconds of one call of each, all in turn, so that they share the machine's mood."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, work in ways.items():
            begun = time.perf_counter()
            for _ in range(EACH):
                work()
            took[name].append((time.perf_counter() - begun) / EACH)
    return {name: median(times) for name, times in took.items()}


def _against_the_least(plain: dict[int, dict[str, float]]) -> Iterator[Figure]:
    for name, base, goals in (("raw", "A", RAW_GOALS), ("documents", "B", DOCUMENT_GOALS)):
        for size, goal in zip(SIZES, goals, strict=True):
            ratio = plain[size][name] / plain[size][base]
            measured = f"{ratio:.2f} ({1e6 * plain[size][name]:.0f} µs ÷ {1e6 * plain[size][base]:.0f} µs)"
            yield Figure(f"q  cache hit, {size} {name} ÷ {base}", measured, f"≤ {goal}", ratio <= goal)


def _against_uncached() -> Iterator[Figure]:
    for size in SIZES:
        took = interleaved({"uncached": lambda size=size: list(_query(size)),  # type: ignore[misc]
                            "cached": lambda size=size: list(_query(size).cache(OWNER))})  # type: ignore[misc]  # fmt: skip
        measured = f"{took['uncached'] / took['cached']:.1f}× ({1e3 * took['cached']:.2f} ms)"
        yield Figure(f"q  uncached ÷ cached, {size} documents", measured)


def _round_trips(found: Desk) -> Figure:
    def commands() -> int:
        before = found.outcome("command")
        list(_query(1).cache(OWNER))
        return found.outcome("command") - before

    clear_hash(OWNER)
    miss, hit = commands(), commands()
    return Figure(
        "q  round trips of a hit / more on a miss", f"{hit} / {miss - hit}", "1 / 2", (hit, miss - hit) == (1, 2)
    )


def _away() -> Figure:
    """The breaker stays open for the whole measurement: a second is longer than it takes, else it waits longer."""
    away = QueryCache(f"redis://127.0.0.1:{free_port()}/9", prefix=PREFIX)
    use(away)
    for _ in range(3):
        away.store.breaker.failed()
    away.store.breaker._until = float("inf")
    took = interleaved({"uncached": lambda: list(_query(10)), "away": lambda: list(_query(10).cache(OWNER))})
    away.close()
    ratio = took["away"] / took["uncached"]
    return Figure("q  Redis away, breaker open ÷ uncached", f"{ratio:.2f}", "≤ 1.2", ratio <= 1.2)


def _added(found: Desk, plain_cache_url: str) -> Figure:
    """What the stamps of collection mode add to a hit."""
    from tests.querycache import redis_url

    plain = QueryCache(redis_url(plain_cache_url), prefix=f"{PREFIX}:plain", ttl=3600)

    def read(cache: QueryCache) -> None:
        use(cache)
        list(_query(10).cache(OWNER))

    took = interleaved({"plain": lambda: read(plain), "stamped": lambda: read(found.cache)})
    plain.clear_hash(OWNER)
    plain.close()
    ratio = took["stamped"] / took["plain"] - 1
    return Figure("q  added to a hit in collection mode", f"{ratio:.0%}", "≤ 10 %", ratio <= 0.10)
