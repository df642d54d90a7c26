"""A closed loop: so many readers, each asks again as soon as it has its answer; every so often one of them writes."""

from __future__ import annotations

import threading
from typing import Any

from labs.query_cache import blog
from labs.query_cache.outcomes import KINDS, Outcomes
from labs.sdk.emitter import Emitter


class Load:
    """One part: the same reads and writes for every way."""

    def __init__(self, emit: Emitter, settings: dict[str, Any], outcomes: Outcomes) -> None:
        self._emit, self._outcomes = emit, outcomes
        self._way, self._ttl = settings["way"], settings["ttl"] / 1000
        self._readers, self._reads, self._writes = settings["readers"], settings["reads"], settings["writes"]
        self._lock = threading.Lock()
        self._written = 0
        self._begun = 0
        self._all_there = threading.Barrier(self._readers, action=emit.zero)

    def run(self) -> None:
        """All of it, from t = 0 when the last reader is there; returns when the last one is done."""
        threads = [threading.Thread(target=self._work, args=(n + 1,)) for n in range(self._readers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, reader: int) -> None:
        self._all_there.wait()
        for n, number in enumerate(range(reader - 1, self._reads, self._readers), 1):
            if writes_before(number, self._reads, self._readers, self._writes):
                self._write(f"w{reader}-{n}", f"reader {reader}")
            self._read(f"r{reader}-{n}", f"reader {reader}")

    def _write(self, id: str, lane: str) -> None:
        with self._lock:
            begin = self._emit.now()
            self._begun += 1
            blog.WRITES[self._way](self._begun)
            self._written = self._begun
            self._span(id, lane, "write", begin, self._emit.now())

    def _read(self, id: str, lane: str) -> None:
        least = self._written
        begin = self._emit.now()
        found = blog.read(self._way, self._ttl)
        end = self._emit.now()
        outcome, age = self._outcomes.last()
        self._span(id, lane, outcome, begin, end)
        self._emit.sample(outcome, 1000 * (end - begin), "ms", id=id, stale=found < least, age=age)

    def _span(self, id: str, lane: str, name: str, begin: float, end: float) -> None:
        self._emit.emit("begin", t=begin, id=id, lane=lane, name=name, kind=KINDS[name], at=f"blog.py:{LINES[name]}")
        self._emit.emit("end", t=end, id=id)


def writes_before(read: int, reads: int, readers: int, share: int) -> bool:
    """Whether somebody writes before this one of all reads: evenly, `share` times in each hundred.

    The reads go round among the readers; the first write is the first reader's, the second one the second's.
    """
    first = read - read % readers
    size = min(readers, reads - first)
    begun, due = first * share // 100, (first + size) * share // 100
    return (read - first - begun) % size < due - begun


LINES = {name: (blog.read if name != "write" else blog.raw_write).__code__.co_firstlineno for name in KINDS}
