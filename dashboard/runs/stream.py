"""The events of a run in Redis: one stream a run, and the id of an entry is the number of its last event.

An entry is a batch: `lines`, whole events as NDJSON, each with its `seq`. So "everything after event 41" is one
range query, appending the same batch twice is refused by the server, and order cannot be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from redis import Redis

from labs.sdk.events import Event

PREFIX = "loopscope:run:"
ALIVE_SECONDS = 6
"""A running run without a sign of life for so long counts as lost."""

READ_ENTRIES = 500
LARGEST_ENTRY = 512 * 1024
"""About how many bytes one entry has at most: the embedded server takes no more than 1 MB at once."""


@dataclass(frozen=True)
class Batch:
    """Events `first` to `last` (inclusive) as NDJSON, without a line end after the last."""

    first: int
    last: int
    lines: bytes

    def after(self, seq: int) -> Batch:
        """The same without the events up to `seq`."""
        skip = seq - self.first + 1
        if skip <= 0:
            return self
        return Batch(seq + 1, self.last, self.lines.split(b"\n", skip)[skip])

    @property
    def ends_run(self) -> bool:
        """Whether the last event says that the run is over."""
        last = orjson.loads(self.lines.rsplit(b"\n", 1)[-1])
        return is_end(last)


def is_end(event: Event) -> bool:
    """Whether an event is the last of its run."""
    return bool(event["e"] == "run" and event["state"] != "started")


def join(batches: list[Batch]) -> Batch:
    """Consecutive batches as one."""
    return Batch(batches[0].first, batches[-1].last, b"\n".join(batch.lines for batch in batches))


class RunStream:
    """Append to and read from the streams of all runs."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis

    @staticmethod
    def key(run: str) -> str:
        return f"{PREFIX}{run}:events"

    def append(self, run: str, events: Iterable[Event], after: int) -> int:
        """Number the events from `after` + 1 on and add them as a batch, large ones as several; the last number."""
        seq = after
        lines: list[bytes] = []
        size = 0
        for event in events:
            seq += 1
            event["seq"] = seq
            lines.append(orjson.dumps(event))
            size += len(lines[-1])
            if size >= LARGEST_ENTRY:
                self._add(run, seq, lines)
                lines, size = [], 0
        if lines:
            self._add(run, seq, lines)
        return seq

    def _add(self, run: str, last: int, lines: list[bytes]) -> None:
        fields = {"first": last - len(lines) + 1, "lines": b"\n".join(lines)}
        self._redis.xadd(self.key(run), fields, id=f"{last}-0")

    def last(self, run: str) -> int:
        """Number of the newest event; 0 where there is none."""
        newest = self._redis.xrevrange(self.key(run), count=1)
        return _seq(newest[0][0]) if newest else 0

    def read(self, run: str, after: int = 0) -> Iterator[Batch]:
        """Every batch after event `after` that is there now."""
        while True:
            entries = self._redis.xrange(self.key(run), min=f"({after}-0", count=READ_ENTRIES)
            for id, fields in entries:
                yield _batch(id, fields).after(after)
                after = _seq(id)
            if len(entries) < READ_ENTRIES:
                return

    def wait(self, run: str, after: int, milliseconds: int) -> list[Batch]:
        """Batches after event `after`; waits for the first one, at most so long."""
        answer = self._redis.xread({self.key(run): f"{after}-0"}, count=READ_ENTRIES, block=milliseconds)
        entries = answer[0][1] if answer else []
        return [_batch(id, fields) for id, fields in entries]

    def newest_event(self, run: str) -> Event | None:
        newest = self._redis.xrevrange(self.key(run), count=1)
        if not newest:
            return None
        event: Event = orjson.loads(_batch(*newest[0]).lines.rsplit(b"\n", 1)[-1])
        return event

    def expire(self, run: str, seconds: int) -> None:
        """Let Redis forget the stream later: the run is kept elsewhere now."""
        self._redis.expire(self.key(run), seconds)


class Signs:
    """Small keys beside a stream: a sign of life of the runner, and the wish that the run be stopped."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis

    def beat(self, run: str, who: str) -> None:
        """`who` runs it: "host:pid". Good for `ALIVE_SECONDS`."""
        self._redis.set(f"{PREFIX}{run}:alive", who, ex=ALIVE_SECONDS)

    def alive(self, run: str) -> str | None:
        who = self._redis.get(f"{PREFIX}{run}:alive")
        return who.decode() if who else None

    def ask_to_stop(self, run: str, reason: str) -> None:
        self._redis.set(f"{PREFIX}{run}:stop", reason, ex=3600)

    def stop_reason(self, run: str) -> str | None:
        reason = self._redis.get(f"{PREFIX}{run}:stop")
        return reason.decode() if reason else None

    def clear(self, run: str) -> None:
        self._redis.delete(f"{PREFIX}{run}:alive", f"{PREFIX}{run}:stop")


def _seq(id: bytes) -> int:
    return int(id.partition(b"-")[0])


def _batch(id: bytes, fields: dict[bytes, bytes]) -> Batch:
    return Batch(int(fields[b"first"]), _seq(id), fields[b"lines"])
