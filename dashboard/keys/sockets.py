"""Socket.IO messages of the key browser: watch, look at, type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask_socketio import SocketIO, join_room, leave_room
from redis.exceptions import RedisError

from dashboard.keys.access import Access
from dashboard.keys.console import Console
from dashboard.keys.names import BadKey, key_of
from dashboard.keys.visible import MOST
from dashboard.keys.watch import Watch
from dashboard.keys.wire import WireError

ROOM = "keys"


def install(socketio: SocketIO, access: Access) -> Callable[[str], None]:
    """Answers what to call when a viewer disconnects.

    Messages: `keys.watch`, `keys.leave`, `keys.see {ids, natural}`, `keys.type {line}`; the server sends `keys`.
    """
    watch = Watch(access, lambda message: socketio.emit("keys", message, to=ROOM), socketio.start_background_task)
    consoles: dict[str, Console] = {}

    @socketio.on("keys.watch")
    def join(wish: object = None) -> dict[str, Any]:
        join_room(ROOM)
        return {"ok": True, **watch.join(_viewer())}

    @socketio.on("keys.leave")
    def leave(wish: object = None) -> None:
        leave_room(ROOM)
        watch.leave(_viewer())

    @socketio.on("keys.see")
    def see(wish: object = None) -> dict[str, Any]:
        try:
            keys, natural = _seen(wish)
            return {"ok": True, **watch.see(_viewer(), keys, natural)}
        except (BadKey, RedisError) as error:
            return {"ok": False, "detail": str(error)}

    @socketio.on("keys.type")
    def type_(wish: object = None) -> dict[str, Any]:
        line = wish.get("line") if isinstance(wish, dict) else None
        if not isinstance(line, str):
            return {"problem": 'Send {"line": text}.'}
        console = consoles.setdefault(_viewer(), Console(access))
        try:
            return console.run(line)
        except (RedisError, WireError) as error:
            return {"problem": f"The learners' Redis does not answer: {error}"}

    def forget(viewer: str) -> None:
        watch.leave(viewer)
        if console := consoles.pop(viewer, None):
            console.close()

    return forget


def _seen(wish: object) -> tuple[list[bytes], bool]:
    """Raises `BadKey` for anything but `{ids, natural}`."""
    given = wish if isinstance(wish, dict) else {}
    ids, natural = given.get("ids"), given.get("natural", False)
    if not isinstance(ids, list) or len(ids) > MOST or not isinstance(natural, bool):
        raise BadKey(f'Send {{"ids": at most {MOST} ids, "natural": true or false}}.')
    return [key_of(id) for id in ids], natural


def _viewer() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
