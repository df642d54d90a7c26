"""SecantusDB, a server that speaks MongoDB's protocol on the WiredTiger engine, from the wheel of that name.

It is licensed under the GPL and runs as a process of its own; nothing of it is imported here.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from pathlib import Path

import bson

from dashboard.embedded.server import POLL_SECONDS, STOP_SECONDS, Server

OP_MSG = 2013
CACHE_SIZE = "256M"
KNOCKS_PER_SIGNAL = 25


class MongoDB(Server):
    """The embedded MongoDB-protocol server."""

    name = "SecantusDB"

    @property
    def url(self) -> str:
        """A mongodb:// URL without a database."""
        return f"mongodb://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        """The daemon of this very environment, as a standalone server."""
        options = {
            "host": "127.0.0.1",
            "port": str(self.port),
            "storage-path": str(self.folder),
            "cache-size": CACHE_SIZE,
        }
        daemon = str(Path(sys.executable).with_name("secantusd-py"))
        return [daemon, "--standalone", *(word for key, value in options.items() for word in (f"--{key}", value))]

    def answers(self) -> bool:
        """Whether it answers MongoDB's `hello`."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            return _hello(connection).get("ok") == 1.0

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End the process.

        Its acceptor sleeps on for two seconds after SIGTERM unless a connection wakes it; and a SIGTERM that meets the
        main thread just before it begins to wait is not seen until the next. So knock until nobody listens any more.
        """
        self._terminate()
        deadline = time.monotonic() + seconds
        knocks = 0
        while self.alive and time.monotonic() < deadline and self._knock():
            knocks += 1
            if knocks % KNOCKS_PER_SIGNAL == 0:
                self._terminate()
            time.sleep(POLL_SECONDS)
        self._wait_for_end(max(0.0, deadline - time.monotonic()))

    def _knock(self) -> bool:
        """Connect and hang up; whether somebody listened."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _hello(connection: socket.socket) -> dict[str, object]:
    """Ask `hello` by hand: a driver would leave threads behind just to find out whether the server is up."""
    body = struct.pack("<iB", 0, 0) + bson.encode({"hello": 1, "$db": "admin"})
    connection.sendall(struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body)
    with connection.makefile("rb") as reply:
        length = struct.unpack("<i", reply.read(4))[0]
        answer = reply.read(length - 4)
    return dict(bson.decode(answer[17:]))
