"""gunicorn's gevent worker, with sockets that send all they are given."""

from __future__ import annotations

from typing import Any

from gevent import Timeout
from gevent.lock import RLock
from gevent.socket import SHUT_RDWR, socket
from gunicorn.workers.ggevent import GeventWorker as PlainGeventWorker

STALLED_SECONDS = 60.0


class WholeSendSocket(socket):
    """A socket whose `send` returns when everything is sent.

    simple-websocket, which Socket.IO uses here, calls `send` once for each frame and does not look at how much of it
    went. A gevent socket sends what fits into the system's buffer, so a viewer on a slow line would get half a frame
    and then nonsense. The lock keeps two greenlets' frames apart while one waits for the line.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._sending = RLock()

    def send(self, data: bytes, *args: Any, **options: Any) -> int:  # type: ignore[override]
        """Send all of `data`, however slow the line; returns its length.

        Who takes not one byte for `STALLED_SECONDS` has gone, or never reads: the line is ended, and TimeoutError
        raised.
        """
        rest = memoryview(data)
        with self._sending:
            while rest:
                try:
                    with Timeout(STALLED_SECONDS, TimeoutError):
                        rest = rest[super().send(rest, *args, **options) :]
                except TimeoutError:
                    self.shutdown(SHUT_RDWR)  # ends the wait of whoever reads it, too
                    raise
        return len(data)


class GeventWorker(PlainGeventWorker):
    """Hands every connection over as a `WholeSendSocket`."""

    def handle(self, listener: Any, client: socket, addr: Any) -> None:
        """Serve one connection until it ends."""
        whole = WholeSendSocket(client.family, client.type, client.proto, fileno=client.detach())
        super().handle(listener, whole, addr)
