"""Waterfalls on their way: from the app to a run that watches, and into the event vocabulary.

The app and the run are different processes, perhaps on different hosts. Between them lies a Redis stream that only
the run makes and removes; the app appends to it as long as it is there. It lies beside what learners may touch.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter
from redis import Redis
from redis.exceptions import RedisError

from labs.blog.trace import Piece, Trace
from labs.querycache import Access
from labs.sdk.cache_feed import CacheFeed
from labs.sdk.emitter import Emitter

MOST_KEPT = 2000
PREFIX = "blog:requests:"
"""Not `lab:`: a learner's console could write into anybody's run."""


def stream_of(run: str) -> str:
    """The name of a run's stream."""
    return PREFIX + run


@dataclass(frozen=True)
class Told:
    """A finished request."""

    name: str
    status: int
    seconds: float
    pieces: Sequence[Piece]
    accesses: Sequence[Access] = ()
    """What it wanted of the query cache."""

    @classmethod
    def of(cls, trace: Trace) -> Told:
        return cls(trace.name, trace.status, trace.seconds, trace.pieces(), trace.accesses)

    def pack(self) -> bytes:
        return orjson.dumps(self, default=Access._asdict)

    @classmethod
    def unpack(cls, data: bytes) -> Told:
        """Raises ValueError when it is not what `pack` gives."""
        return _TOLD.validate_json(data, strict=True)


_TOLD = TypeAdapter(Told)


class Relay:
    """Takes finished requests; those that a run watches go into its stream. Never fails and never waits for long."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(redis_url, socket_timeout=1, socket_connect_timeout=1) if redis_url else None

    def __call__(self, trace: Trace) -> None:
        if not trace.watcher or self._redis is None:
            return
        try:
            entry = {b"request": Told.of(trace).pack()}
            self._redis.xadd(stream_of(trace.watcher), entry, maxlen=MOST_KEPT, nomkstream=True)  # type: ignore[arg-type]
        except RedisError as error:
            logging.getLogger(__name__).warning("a waterfall was lost: %s", error)

    def close(self) -> None:
        """Let go of the connections."""
        if self._redis is not None:
            self._redis.close()


def report(emit: Emitter, n: int, request: Told, cache: CacheFeed) -> None:
    """The n-th request as events: a row of its own in which t = 0 is the moment when it began."""
    for access in request.accesses:
        cache(access)
    lane = f"{n:02d} {request.name.removeprefix('GET ')}"
    for i, piece in enumerate(request.pieces, 1):
        id = f"{n}.{i}"
        emit.emit("begin", t=piece.begin, id=id, lane=lane, name=piece.name, kind=piece.kind)
        emit.emit("end", t=piece.end, id=id)
    emit.emit("sample", t=request.seconds, series="answered", value=request.seconds, unit="s",
              request=n, name=request.name, status=request.status)  # fmt: skip
