"""Spans of work that no thread does, and the size of a hash."""

from __future__ import annotations

import asyncio
import io
import time
from hashlib import pbkdf2_hmac

import orjson
import pytest

from labs.sdk.emitter import Emitter
from labs.sdk.hash_size import iterations_for
from labs.sdk.outside import outside


def test_spans_outside_may_lie_over_each_other_and_tell_where_they_were_asked() -> None:
    out = io.BytesIO()
    emit = Emitter(out)

    async def one(n: str) -> None:
        with outside(emit, n, f"request {n}", kind="net", lane=f"request {n}"):
            await asyncio.sleep(0.01)

    async def both() -> None:
        await asyncio.gather(one("1"), one("2"))

    asyncio.run(both())
    emit.close()
    events = [orjson.loads(line) for line in out.getvalue().splitlines()]
    assert [(e["e"], e.get("id")) for e in events[:2]] == [("begin", "1"), ("begin", "2")]
    assert {(e["e"], e.get("id")) for e in events[2:4]} == {("end", "1"), ("end", "2")}
    assert (events[0]["lane"], events[0]["kind"]) == ("request 1", "net")
    assert events[0]["at"].startswith("test_waiting_outside.py:")
    assert all("cpu" not in event for event in events), "the loop's CPU time belongs to no single request"


def test_work_that_fails_has_no_end() -> None:
    out = io.BytesIO()
    emit = Emitter(out)
    with pytest.raises(OSError, match="refused"), outside(emit, "1", "request 1", kind="net", lane="request 1"):
        raise OSError("refused")
    emit.close()
    assert [orjson.loads(line)["e"] for line in out.getvalue().splitlines()] == ["begin", "done"]


def test_a_hash_takes_about_as_long_as_asked() -> None:
    """Within a wide margin: this machine may be busy with anything."""
    iterations = iterations_for(0.1)
    assert iterations % 1000 == 0
    best = min(_seconds(iterations) for _ in range(5))
    assert 0.02 < best < 0.5


def _seconds(iterations: int) -> float:
    begun = time.perf_counter()
    pbkdf2_hmac("sha512", b"a", b"b", iterations, 512)
    return time.perf_counter() - begun
