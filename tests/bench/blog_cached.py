"""(q) The query cache in use: the blog's own routes with it and without, a stampede, and reads after clears."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from dashboard.embedded import MongoDB, Valkey
from labs.blog.settings import BlogSettings
from labs.querycache import QueryCache, clear_hash, use
from tests.bench.figure import Figure
from tests.blog import Browser, serving
from tests.querycache import PREFIX, Desk, Post, desk, redis_url

ROUTES = ("/api/current_user", "/api/blogs")
POSTS, PAIRS, EACH = 10, 15, 10
READERS, ROUNDS = 20, 10
WRITES = 200


def figures(folder: Path) -> Iterator[Figure]:
    """Every row that is about use: a request over HTTP, many readers at once, writes among reads."""
    with (
        MongoDB(folder / "used-mongodb", folder / "used-mongodb.log") as mongodb,
        Valkey(folder / "used-valkey", folder / "used-valkey.log") as valkey,
    ):
        yield from _routes(mongodb.url, valkey.url)
        with desk(valkey.url, mongodb.url, ttl=3600) as found:
            yield from _stampedes(found, redis_url(valkey.url))
            yield _stale()


def _routes(mongodb: str, valkey: str) -> Iterator[Figure]:
    """One blog; its cache is taken out of use and put back between the turns, which take turns in beginning."""
    settings = BlogSettings(mongodb_url=mongodb, redis_url=redis_url(valkey), secret="bench", cached=False)
    with ExitStack() as stack:
        browser = Browser(stack.enter_context(serving(settings)))
        stack.callback(use, None)
        browser.sign_in("Bench")
        for n in range(POSTS):
            assert browser.post("/api/blogs", {"title": f"Post {n}", "content": "words " * 40}).status == 201
        cache = QueryCache(redis_url(valkey), prefix="lab:blog:cache")
        stack.callback(cache.close)
        for route in ROUTES:
            ratios, took = [], []
            for pair in range(PAIRS):
                ways: list[QueryCache | None] = [cache, None] if pair % 2 else [None, cache]
                seconds = {way: _seconds(browser, route, way) for way in ways}
                ratios.append(seconds[None] / seconds[cache])
                took.append(seconds[cache])
            spread = f"{median(ratios):.2f}× ({min(ratios):.2f} to {max(ratios):.2f})"
            yield Figure(f"q  {route}, uncached ÷ cached", f"{spread}, {1e3 * median(took):.1f} ms")


def _seconds(browser: Browser, route: str, cache: QueryCache | None) -> float:
    """Of one request, on average; the first fills the cache and is not counted."""
    use(cache)
    browser.get(route)
    begun = time.perf_counter()
    for _ in range(EACH):
        assert browser.get(route).status == 200
    return (time.perf_counter() - begun) / EACH


def _stampedes(found: Desk, url: str) -> Iterator[Figure]:
    """All readers at once after a clear."""
    asked = {}
    for leases in (True, False):
        cache = QueryCache(url, prefix=PREFIX, ttl=3600, leases=leases)
        use(cache)
        asked[leases] = [_stampede(found) for _ in range(ROUNDS)]
        cache.close()
    use(found.cache)
    most = max(asked[True])
    yield Figure(f"q  queries of {READERS} readers at once, with leases", f"{most} at most", "1", most == 1)
    measured = f"{median(asked[False]):.0f} ({min(asked[False])} to {max(asked[False])})"
    yield Figure(f"q  queries of {READERS} readers at once, without", measured)


def _stampede(found: Desk) -> int:
    clear_hash("a")
    before, together = found.queries.reads, threading.Barrier(READERS)

    def read() -> None:
        together.wait()
        list(Post.objects(user="a").cache("a"))

    _on_threads([read] * READERS)
    return found.queries.reads - before


def _stale() -> Figure:
    """Readers all the time, while somebody writes and clears: answers older than a clear that had returned."""
    cleared, over, reads, stale = [0], threading.Event(), [0], [0]

    def read() -> None:
        while not over.is_set():
            least = cleared[0]
            oldest = min(post.n for post in Post.objects(user="b").cache("b"))
            reads[0] += 1
            stale[0] += oldest < least

    def write() -> None:
        try:
            for n in range(1, WRITES + 1):
                Post._get_collection().update_many({"user": "b"}, {"$set": {"n": n}})
                clear_hash("b")
                cleared[0] = n
        finally:
            over.set()

    Post._get_collection().update_many({"user": "b"}, {"$set": {"n": 0}})
    _on_threads([read, write, read])
    return Figure("q  stale reads after a clear", f"{stale[0]} of {reads[0]}", "0", stale[0] == 0)


def _on_threads(works: list[Callable[[], Any]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
