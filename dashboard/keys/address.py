"""Where the learners' keys are, and as which user the key browser goes there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from redis import Redis
from redis.connection import parse_url

ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Address:
    """One Redis database, and who asks."""

    host: str = "127.0.0.1"
    port: int = 6379
    path: str = ""
    """Of a Unix socket; empty for TCP."""
    tls: bool = False
    database: int = 0
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """What our own connections call themselves: what they ask is not the learners' doing. Nobody else knows it."""
        return "loopscope-" + hashlib.sha256(f"name of {self.user} {self.password}".encode()).hexdigest()[:16]

    @classmethod
    def of(cls, url: str) -> Address:
        """From a redis://, rediss:// or unix:// URL."""
        parts: dict[str, Any] = dict(parse_url(url))  # type: ignore[no-untyped-call]
        return cls(
            host=parts.get("host", "127.0.0.1"), port=parts.get("port", 6379), path=parts.get("path", ""),
            tls=urlsplit(url).scheme == "rediss", database=int(parts.get("db", 0)),
            user=parts.get("username") or "", password=parts.get("password") or "",
        )  # fmt: skip

    def as_user(self, user: str, password: str) -> Address:
        """The same database, as somebody else."""
        return replace(self, user=user, password=password)

    def client(self, **options: Any) -> Redis:
        """A redis-py client that answers in bytes and tells the server not to count what it reads as use."""
        where: dict[str, Any] = {"unix_socket_path": self.path} if self.path else {"host": self.host, "port": self.port}
        return Redis(
            **where, db=self.database, ssl=self.tls, username=self.user or None, password=self.password or None,
            client_name=self.name,
            socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS,
            protocol=2, redis_connect_func=_untouching,  # type: ignore[arg-type]  # it is given the connection **options,
        )  # fmt: skip


def _untouching(connection: Any) -> None:
    """Once for each connection: reading through it changes neither a key's idle time nor its frequency."""
    connection.on_connect()
    connection.send_command("CLIENT", "NO-TOUCH", "ON")
    connection.read_response()
