"""Live rows: what happens to the keys, in at most ten messages a second to everybody who watches in this process."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from dashboard.keys.access import Access
from dashboard.keys.clock import ServerClock
from dashboard.keys.names import key_of
from dashboard.keys.pace import Pace
from dashboard.keys.pending import LOST, Change, Pending, told
from dashboard.keys.rows import Row, name_of, read_rows, server_now
from dashboard.keys.subscriber import LOOK_SECONDS, Subscriber, SwapWatch
from dashboard.keys.visible import Visible

log = logging.getLogger(__name__)

MOST_ROWS = 200
"""Changed keys of one message that are looked at again; the others only tell what happened."""
JOIN_SECONDS = 3.0

Spawn = Callable[..., Any]


class Watch:
    """Runs while somebody watches. `emit(message)` reaches all of them; `spawn(function)` starts a task."""

    def __init__(self, access: Access, emit: Callable[[dict[str, Any]], None], spawn: Spawn) -> None:
        self._access = access
        self._emit = emit
        self._spawn = spawn
        self._viewers: set[str] = set()
        self._visible = Visible()
        self._pending = Pending()
        self._subscriber: Subscriber | None = None
        self._turns = threading.Lock()
        self._wake = threading.Event()
        self._swaps = SwapWatch()
        self._clock = ServerClock()
        self._nudged: set[bytes] = set()
        """Keys in view whose time is over, since the last message: their end is to be seen at once."""

    def join(self, viewer: str) -> dict[str, Any]:
        """This viewer watches from now on. `{live, why}`: whether changes are heard already; if never, why."""
        with self._turns:
            self._viewers.add(viewer)
            subscriber = self._subscriber or self._start()
        until = time.monotonic() + JOIN_SECONDS
        while not (subscriber.connected or subscriber.closed) and time.monotonic() < until:
            time.sleep(0.01)
        return {"live": subscriber.connected and not subscriber.why, "why": subscriber.why}

    def leave(self, viewer: str) -> None:
        """Nothing more for this one; without viewers all ends."""
        self._viewers.discard(viewer)
        self._visible.forget(viewer)
        self._wake.set()

    def see(self, viewer: str, keys: Iterable[bytes], natural: bool) -> dict[str, Any]:
        """What is in view: those keys expire on time. `{rows, now}`; a key that is not there has no row."""
        wanted = list(keys)
        self._visible.see(viewer, wanted, natural)
        client = self._access.client()
        rows = self._look(client, wanted)
        self._wake.set()
        return {"rows": rows, "now": self._clock.now()}

    def _start(self) -> Subscriber:
        self._pending = Pending()
        self._subscriber = Subscriber(self._access.renew, self._pending, self._wake.set, time.sleep)
        self._spawn(self._subscriber.run)
        self._spawn(self._run, self._subscriber)
        return self._subscriber

    def _run(self, subscriber: Subscriber) -> None:
        try:
            self._carry()
        finally:  # whatever happened: the next viewer starts it again
            with self._turns:
                if self._subscriber is subscriber:
                    self._subscriber = None
            subscriber.close()

    def _watched(self) -> bool:
        """Whether anybody watches. If not, all ends here, so that whoever joins from now on begins anew."""
        with self._turns:
            if not self._viewers:
                self._subscriber = None
            return bool(self._viewers)

    def _carry(self) -> None:
        pace, looked, self._swaps = Pace(), 0.0, SwapWatch()
        while self._watched():
            self._wake.wait(self._patience(pace))
            self._wake.clear()
            try:
                self._nudge()
                if (now := time.monotonic()) - looked > LOOK_SECONDS:
                    looked = now
                    self._look_around()
                if self._pending and not self._turn(pace, now):
                    pace.sent(now)
                    self._nudged.clear()
                    self._tell()
            except RedisError as error:
                log.warning("key browser: %s", error)
                self._tell_lost()
                self._pending.spoil("start")  # told when the server answers again
                time.sleep(LOOK_SECONDS)

    def _turn(self, pace: Pace, now: float) -> float:
        """Seconds until a message may go."""
        return pace.wait(now, urgent=self._pending.ends(self._nudged))

    def _patience(self, pace: Pace) -> float:
        """Seconds to sleep: until the next message may go, or the next key in view dies."""
        waits = [LOOK_SECONDS]
        if self._pending:
            waits.append(self._turn(pace, time.monotonic()))
        if (due := self._visible.next_due()) is not None:
            waits.append((due - self._clock.now()) / 1000)
        return max(0.0, min(waits))

    def _nudge(self) -> None:
        """At its deadline ask each key in view whether it is still there. The server then reclaims it, and tells.

        PEXPIRE … GT is no read, so it counts neither as hit nor as miss, and changes no key that lives longer.
        """
        if due := self._visible.due(self._clock.now()):
            client: Any = self._access.client()
            with client.pipeline(transaction=False) as pipeline:
                for key in due:
                    pipeline.execute_command("PEXPIRE", key, 1, "GT")
                pipeline.execute(raise_on_error=False)
            self._nudged.update(due)

    def _look_around(self) -> None:
        client: Any = self._access.client()
        self._compare_clocks(client)
        answer = client.info("commandstats")
        if self._swaps.swapped(answer):
            self._pending.spoil("swap")

    def _tell(self) -> None:
        changes, stale = self._pending.take()
        if stale == LOST:  # at once: a server that is away may take long to refuse an answer
            self._tell_lost()
            return
        client: Any = self._access.client()
        rows = self._look(client, self._worth_a_look(changes))
        found = {row["id"]: row for row in rows}
        changed = []
        for key, change in changes.items():
            entry = {**name_of(key), **told(change)}
            if entry["id"] in found:
                entry["row"] = found[entry["id"]]
            changed.append(entry)
        total = int(client.dbsize())
        self._say(changed, stale, total)

    def _tell_lost(self) -> None:
        self._say([], LOST, None)

    def _say(self, changed: list[Row], stale: str | None, total: int | None) -> None:
        subscriber, events = self._subscriber, self._pending.events
        why = subscriber.why if subscriber else ""
        self._emit({
            "changed": changed, "stale": stale, "total": total, "now": self._clock.now(), "events": events, "why": why,
        })  # fmt: skip

    def _worth_a_look(self, changes: dict[bytes, Change]) -> list[bytes]:
        """Keys in view first, then others, never too many. One that was only missed is not there."""
        there = [key for key, change in changes.items() if not change.gone and change.last != "keymiss"]
        for key, change in changes.items():
            if change.gone:
                self._visible.learn(key, None)
        there.sort(key=lambda key: key not in self._visible)
        return there[:MOST_ROWS]

    def _look(self, client: Redis, keys: list[bytes]) -> list[Row]:
        rows = read_rows(client, keys)
        found = {row["id"]: row for row in rows}
        known = {key_of(id): row for id, row in found.items()}
        for key in keys:
            self._visible.learn(key, known.get(key))
        self._compare_clocks(client)
        return rows

    def _compare_clocks(self, client: Redis) -> None:
        self._clock.compare(lambda: server_now(client))
