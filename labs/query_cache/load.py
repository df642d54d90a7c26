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
        share = [len(range(n, self._reads, self._readers)) for n in range(self._readers)]
        threads = [threading.Thread(target=self._work, args=(n + 1, count)) for n, count in enumerate(share)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, reader: int, count: int) -> None:
        self._all_there.wait()
        every = round(100 / self._writes) if self._writes else 0
        for n in range(1, count + 1):
            if every and (n + reader * every // self._readers) % every == 0:  # readers take turns in writing
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


LINES = {name: (blog.read if name != "write" else blog.raw_write).__code__.co_firstlineno for name in KINDS}
