"""What waits for a viewer whose line stands still is bounded: it loses its connection.

When it is back, it reads by number what it has missed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

log = logging.getLogger(__name__)

MOST_MESSAGES = 1000
MOST_BYTES = 32 * 1024 * 1024
"""Viewers of a run share the text of its messages, so this is per run rather than per viewer."""


def drop_stalled(server: Any, viewers: Iterable[str]) -> None:
    """Close the connections of those viewers for whom too much waits. `server`: the `socketio.Server`.

    Socket.IO queues without a limit what a client does not take, until its ping times out. A page loses nothing by
    this: it connects again and asks for everything after the last number it has.
    """
    for viewer in viewers:
        eio_sid = server.manager.eio_sid_from_sid(viewer, "/")
        connection = server.eio.sockets.get(eio_sid)
        if connection is not None and not connection.closed and _too_much(connection.queue):
            log.warning("viewer %s takes nothing any more: connection closed", viewer)
            while not connection.queue.empty():
                connection.queue.get(block=False)
                connection.queue.task_done()
            connection.close(wait=False, abort=True, reason=server.reason.TRANSPORT_ERROR)


def _too_much(queue: Any) -> bool:
    """`queue` holds Engine.IO packets, and None at its end."""
    if queue.qsize() > MOST_MESSAGES:
        return True
    return sum(len(packet.data or "") for packet in queue.queue if packet is not None) > MOST_BYTES
