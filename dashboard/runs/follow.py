"""Live delivery: one greenlet for each run that somebody here is watching, from its stream to its Socket.IO room.

The stream is the truth. What is sent here may be missed, doubled or early; the browser mends that with
`GET /api/runs/<id>/events?after=…`. So nothing is remembered here but how far each run has been sent.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import request
from flask_socketio import SocketIO, join_room, leave_room
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from dashboard.problems import Problem
from dashboard.runs.backlog import drop_stalled
from dashboard.runs.desk import RunDesk
from dashboard.runs.store import ENDED
from dashboard.runs.stream import Batch, RunStream, join

log = logging.getLogger(__name__)

WAIT_MILLISECONDS = 500
SOONEST_SECONDS = 0.02
LATEST_SECONDS = 0.1
SECONDS_A_VIEWER = 0.001
MESSAGE_BYTES = 256 * 1024
MOST_FOLLOWED = 20
"""Runs that one browser page may follow at once."""


def interval(viewers: int) -> float:
    """Seconds between two messages to a room: 20 ms for one viewer, 100 ms from a hundred on.

    A message costs a send for each viewer; measured, 300 viewers at every 20 ms saturate a process.
    """
    return min(LATEST_SECONDS, max(SOONEST_SECONDS, viewers * SECONDS_A_VIEWER))


def messages(batches: list[Batch]) -> list[Batch]:
    """Consecutive batches, joined up to about 256 kB."""
    joined: list[Batch] = []
    group: list[Batch] = []
    size = 0
    for batch in batches:
        if group and size + len(batch.lines) > MESSAGE_BYTES:
            joined.append(join(group))
            group, size = [], 0
        group.append(batch)
        size += len(batch.lines)
    return [*joined, join(group)] if group else joined


class Follower:
    """Knows who watches what in this process."""

    def __init__(self, socketio: SocketIO, stream: RunStream, desk: RunDesk) -> None:
        self._socketio = socketio
        self._stream = stream
        self._desk = desk
        self._viewers: dict[str, set[str]] = {}

    def watch(self, run: str, viewer: str) -> None:
        """From when this returns, everything appended to the run is sent to its room."""
        if run in self._viewers:
            self._viewers[run].add(viewer)
            return
        self._viewers[run] = {viewer}
        cursor = self._stream.last(run)
        self._socketio.start_background_task(self._follow, run, cursor)

    def unwatch(self, run: str, viewer: str) -> None:
        self._viewers.get(run, set()).discard(viewer)

    def forget(self, viewer: str) -> None:
        for viewers in self._viewers.values():
            viewers.discard(viewer)

    def followed_by(self, viewer: str) -> int:
        return sum(viewer in viewers for viewers in self._viewers.values())

    def _follow(self, run: str, cursor: int) -> None:
        try:
            self._carry(run, cursor)
        finally:  # whatever happened: the next viewer starts it again
            del self._viewers[run]

    def _carry(self, run: str, cursor: int) -> None:
        """Send what comes until the run is over or nobody watches."""
        news: dict[str, Any] = {}
        over = False
        while self._viewers[run] and not over:
            try:
                batches = self._stream.wait(run, cursor, WAIT_MILLISECONDS)
                if batches:
                    cursor = batches[-1].last
                    over = batches[-1].ends_run
                    self._send(run, batches)
                else:
                    news, over = self._look(run, news)
            except (RedisError, PyMongoError) as error:
                log.warning("run %s: a server does not answer: %s", run, error)
                self._socketio.sleep(1)
            except Exception:  # who watches now would hear nothing more, and never know
                log.exception("run %s: could not be followed", run)
                self._socketio.sleep(1)
            self._socketio.sleep(interval(len(self._viewers[run])))

    def _send(self, run: str, batches: list[Batch]) -> None:
        for message in messages(batches):
            body = {"run": run, "first": message.first, "last": message.last, "lines": message.lines.decode()}
            self._socketio.emit("events", body, to=run)
        drop_stalled(self._socketio.server, tuple(self._viewers[run]))

    def _look(self, run: str, before: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Nothing came for a while: tell the place in the queue if it changed; notice a lost runner."""
        found = self._desk.view(self._desk.find(run), None)
        news = {name: found[name] for name in ("state", "ahead", "wait")}
        if news != before:
            self._socketio.emit("queue", {"run": run, **news}, to=run)
        return news, found["state"] in ENDED


def install(socketio: SocketIO, follower: Follower, desk: RunDesk) -> None:
    """Socket.IO messages that a browser may send. When one disconnects, tell `follower.forget`."""

    @socketio.on("follow")
    def follow(wish: object = None) -> dict[str, Any]:
        run = wish.get("run") if isinstance(wish, dict) else None
        if not isinstance(run, str):
            return {"ok": False, "detail": 'Send {"run": id}.'}
        viewer = _viewer()
        if follower.followed_by(viewer) >= MOST_FOLLOWED:
            return {"ok": False, "detail": f"One page can follow {MOST_FOLLOWED} runs at most."}
        try:
            desk.find(run)
        except Problem as problem:
            return {"ok": False, "detail": problem.detail}
        join_room(run)
        follower.watch(run, viewer)
        return {"ok": True}

    @socketio.on("unfollow")
    def unfollow(wish: object = None) -> None:
        run = wish.get("run") if isinstance(wish, dict) else None
        if isinstance(run, str):
            leave_room(run)
            follower.unwatch(run, _viewer())


def _viewer() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
