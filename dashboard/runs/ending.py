"""How a run ends, whoever ends it: last event, archive, state. Every way out comes through `conclude`."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import psutil
from pymongo.errors import PyMongoError
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from dashboard.runs.actions import ActionBox
from dashboard.runs.queue import RunQueue
from dashboard.runs.store import Run, RunStore
from dashboard.runs.stream import Batch, RunStream, Signs, is_end
from labs.sdk.events import Event
from labs.sdk.own_place import take_away_of
from labs.sdk.process import end_tagged
from labs.sdk.servers import ServersError

LOST = "the runner was lost in the middle of the run; what had arrived is kept. Run it again."
FORGOTTEN = "the queue has forgotten this run; start it again"
QUEUED_GRACE_SECONDS = 10.0
ATTEMPTS = 20
"""How often the last word is put behind a run whose program still talks."""


class Ending:
    """Concludes runs. `stream_seconds`: how long Redis keeps the events of an ended run.

    `lab_servers`: the variables that tell programs where the learners' servers are.
    """

    def __init__(
        self, redis: Redis, store: RunStore, queue: RunQueue, stream_seconds: int, lab_servers: Mapping[str, str]
    ) -> None:
        self._stream = RunStream(redis)
        self._signs = Signs(redis)
        self._actions = ActionBox(redis)
        self._store = store
        self._queue = queue
        self._stream_seconds = stream_seconds
        self._lab_servers = lab_servers

    def conclude(self, run: str, state: str, reason: str) -> None:
        """End a run. The stream's own last word wins; without one, `state` and `reason` become it.

        A wish to stop turns any other ending into "cancelled". Safe to call twice, and from several processes.
        """
        end_tagged(run)
        if wish := self._signs.stop_reason(run):
            state, reason = "cancelled", wish
        last = self._say_last_word(run, state, reason, self._stream.newest_event(run))
        state, reason = last["state"], last.get("reason", "")
        self._keep(run)
        self._store.end(run, state, reason or None, last["seq"])
        self._stream.expire(run, self._stream_seconds)
        self._signs.clear(run)
        self._actions.clear(run)
        self._tidy(run)

    def _tidy(self, run: str) -> None:
        """Take away what killed programs left on the learners' servers. Where one is away, their lab does it later."""
        try:
            take_away_of(run, self._lab_servers)
        except (RedisError, PyMongoError, ServersError) as error:
            print(f"what run {run} left on the learners' servers stays for now: {error}", flush=True)

    def _say_last_word(self, run: str, state: str, reason: str, newest: Event | None) -> Event:
        """The last event: ours, put behind the `newest`, or the one that somebody else has said meanwhile."""
        tried = 0
        while newest is None or not is_end(newest):
            t = newest["t"] if newest and "part" not in newest else None
            word = {"e": "run", "t": t or 0.0, "state": state, "reason": reason}
            try:
                self._stream.append(run, [word], newest["seq"] if newest else 0)
                return word
            except ResponseError:  # something came in between
                if (tried := tried + 1) == ATTEMPTS:
                    raise
                newest = self._stream.newest_event(run)
        return newest

    def _keep(self, run: str) -> None:
        """Events and summary into MongoDB."""
        self._store.keep_events(run, self._stream.read(run))
        results, trust = [], None
        for event in _events(self._store.events(run)):
            if event["e"] == "result" and "part" not in event:
                results.append(event)
            elif event["e"] == "trust":
                trust = event
        self._store.summarise(run, results, trust)

    def settle(self, run: Run) -> Run:
        """The run as it is now: one whose runner has died is concluded as failed first."""
        if run.state == "queued":
            return self._settle_queued(run)
        if run.state != "running":
            return run
        newest = self._stream.newest_event(run.id)
        over = newest is not None and is_end(newest)
        who = self._signs.alive(run.id)
        if who is not None and (over or not _died(who)):
            return run  # its runner is at work, or about to conclude
        self.conclude(run.id, "failed", LOST)
        return self._store.get(run.id) or run

    def _settle_queued(self, run: Run) -> Run:
        """A run that waits for ever, because Redis has forgotten the queue, is told so."""
        age = (datetime.now(UTC) - run.created).total_seconds()
        if age < QUEUED_GRACE_SECONDS or self._queue.knows(run.id) or self._signs.alive(run.id):
            return run
        self.conclude(run.id, "failed", FORGOTTEN)
        return self._store.get(run.id) or run

    def settle_all(self) -> None:
        for run in self._store.unfinished():
            self.settle(run)


def identity(pid: int) -> str:
    """The name "host:pid" of a process here."""
    return f"{socket.gethostname()}:{pid}"


def _died(who: str) -> bool:
    """Whether "host:pid" is a process of this host that is gone. Other hosts' processes are believed."""
    host, _, pid = who.rpartition(":")
    return host == socket.gethostname() and not psutil.pid_exists(int(pid))


def _events(batches: Iterator[Batch]) -> Iterator[dict[str, Any]]:
    """Only the kinds of event that a summary needs; parsing the rest would take long for long runs."""
    for batch in batches:
        for line in batch.lines.split(b"\n"):
            if b'"result"' in line or b'"trust"' in line:
                yield orjson.loads(line)
