"""Everybody at once: the answer has just been dropped, and all readers want it."""

from __future__ import annotations

import threading
from typing import Any

from labs.query_cache import blog
from labs.query_cache.outcomes import KINDS, Outcomes
from labs.querycache import clear_hash
from labs.sdk.emitter import Emitter

ROUNDS = 8


def run(emit: Emitter, settings: dict[str, Any], outcomes: Outcomes) -> None:
    """Eight rounds; in each the answer is dropped, then all readers start together."""
    readers = settings["readers"]
    begin_together, end_together = threading.Barrier(readers + 1), threading.Barrier(readers + 1)
    lock = threading.Lock()
    asked = [0]

    def work(reader: int) -> None:
        for number in range(1, ROUNDS + 1):
            begin_together.wait()
            begin = emit.now()
            blog.read("on", 0)
            end = emit.now()
            outcome, _ = outcomes.last()
            with lock:
                asked[0] += outcome != "hit" and outcome != "wait"
            id = f"{number}-{reader}"
            emit.emit("begin", t=begin, id=id, lane=f"reader {reader}", name=outcome, kind=KINDS[outcome])
            emit.emit("end", t=end, id=id)
            end_together.wait()

    threads = [threading.Thread(target=work, args=(n + 1,)) for n in range(readers)]
    for thread in threads:
        thread.start()
    for number in range(1, ROUNDS + 1):
        clear_hash(blog.OWNER)
        asked[0] = 0
        begin_together.wait()
        end_together.wait()
        emit.sample("queries", asked[0], "queries", round=number)
    for thread in threads:
        thread.join()
