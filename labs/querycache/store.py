"""Redis as the cache needs it: never waited for, never trusted while a clear is owed to it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis import BlockingConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError, ResponseError, TimeoutError
from redis.retry import Retry

from labs.querycache import scripts
from labs.querycache.access import Access, Listeners
from labs.querycache.breaker import Breaker
from labs.querycache.codec import LEASE
from labs.querycache.lines import KEPT, Lines
from labs.querycache.owed import EVERYTHING, NotPaid, Owed

PATIENCE = 0.1
"""Seconds that Redis may take to answer, to accept a connection, or to lend one."""

CONNECTIONS = 64
STAMP_MS = 7 * 24 * 3600 * 1000


class Unavailable(Exception):
    """Redis cannot be used for this; the message is the reason, in a word or two."""


class Exhausted(ConnectionError):
    """All connections are lent out: we are busy, Redis is not ill."""


class Pool(BlockingConnectionPool):
    """Says so when it is exhausted."""

    def get_connection(self, *args: Any, **options: Any) -> Any:
        """A connection. Raises `Exhausted`."""
        try:
            return super().get_connection(*args, **options)  # type: ignore[no-untyped-call]
        except ConnectionError as error:
            if str(error).startswith("No connection available"):
                raise Exhausted(str(error)) from None
            raise


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to fill one field. `now` is Redis' clock in milliseconds, `stamps` those the result will carry."""

    token: bytes
    now: int
    stamps: bytes


class Store:
    """Hashes of results, one for each owner, at `prefix:owner`; stamps at `prefix:stamp:namespace`."""

    def __init__(
        self,
        url: str,
        prefix: str,
        listeners: Listeners,
        *,
        fields_expire: bool | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`fields_expire`: whether the server expires single fields (Valkey 9, Redis 7.4); None: ask it."""
        self.prefix = prefix
        self.breaker = Breaker()
        self.owed = Owed()
        self._listeners = listeners
        self._patience = patience
        self._fields_expire = fields_expire
        self._pool = Pool.from_url(
            url, max_connections=CONNECTIONS + KEPT, timeout=patience, socket_timeout=patience,
            socket_connect_timeout=patience, retry=Retry(NoBackoff(), 0),
        )  # fmt: skip
        self._lines = Lines(self._pool)
        self._redis: Any = Redis(connection_pool=self._pool)
        self._take = self._redis.register_script(scripts.TAKE_LEASE)
        self._fill = self._redis.register_script(scripts.FILL)

    def close(self) -> None:
        """Give the connections back to the system."""
        self._redis.close()
        self._pool.disconnect()

    def key(self, owner: object) -> str:
        """The hash that holds an owner's results."""
        return f"{self.prefix}:{owner}"

    def stamp_key(self, namespace: str) -> str:
        """The key that changes when the collection does."""
        return f"{self.prefix}:stamp:{namespace}"

    @property
    def fields_expire(self) -> bool:
        """Whether the server expires single fields; asked once. Where one may not ask, it need not."""
        if self._fields_expire is None:
            try:
                self._fields_expire = _expires_fields(self._ask("INFO", "", lambda: self._redis.info("server")))
            except ResponseError:
                self._fields_expire = False
        return self._fields_expire

    def read(self, key: str, field: bytes, stamps: Sequence[str] = ()) -> tuple[bytes | None, bytes | None]:
        """What the field holds, and the stamps of now (None where one is missing), in one round trip."""
        try:
            if not stamps:
                [held] = self._ask("HGET", key, lambda: self._lines.ask(("HGET", key, field)), field)
                return held, b""
            asked = ("HGET", key, field), ("MGET", *stamps)
            held, found = self._ask("HGET, MGET", key, lambda: self._lines.ask(*asked), field)
            return held, None if None in found else b",".join(found)
        except ResponseError as error:
            if str(error).startswith("WRONGTYPE"):
                return None, None
            raise Unavailable(_reason(error)) from None

    def take_lease(
        self, key: str, field: bytes, ms: int, stamps: Sequence[str] = (), refused: bytes = b""
    ) -> Lease | bytes:
        """The lease, or what somebody else has put there (a result, or a lease of theirs)."""
        token = LEASE + secrets.token_hex(8).encode()
        fresh = [secrets.token_hex(6) for _ in stamps]
        arguments = [field, token, ms, int(self.fields_expire), STAMP_MS, *fresh, refused]
        answer = self._run(self._take, "EVALSHA lease", [key, *stamps], arguments)
        if answer[0] == 1:
            return Lease(token, int(answer[2]), answer[1])
        return bytes(answer[1])

    def fill(self, key: str, field: bytes, lease: Lease, value: bytes, until: int, stamps: Sequence[str] = ()) -> bool:
        """Put a result in place of the lease; whether that was still ours, and nothing it was read from was written.

        `until`: milliseconds since 1970 by Redis' clock; `stamps`: the keys of those of the lease.
        """
        arguments = [field, lease.token, value, until, int(self.fields_expire), lease.stamps]
        return bool(self._run(self._fill, "EVALSHA fill", [key, *stamps], arguments))

    def put(self, key: str, field: bytes, value: bytes, ms: int) -> None:
        """Write without a lease (to show what that does)."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, field, value)
            pipe.hpexpire(key, ms, field) if self.fields_expire else pipe.pexpire(key, ms)
            self._sure("HSET", key, pipe.execute, field)

    def give_back(self, key: str, field: bytes, lease: Lease) -> None:
        """The lease is not needed any more."""
        self._run(self._fill, "EVALSHA release", [key], [field, lease.token, b"", 0, 0, b""])

    def clear(self, keys: Iterable[str]) -> None:
        """Drop keys, and with them every lease in them. What cannot be dropped now is owed."""
        owed = list(keys)
        if not owed:
            return
        self.owed.add(owed)
        try:
            self._ask("", owed[0], lambda: 0)
        except Unavailable:
            self._listeners.tell(Access("error", owed[0], reason="clear owed"))

    def _run(self, script: Callable[..., Any], command: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        return self._sure(command, keys[0], lambda: script(keys=keys, args=arguments), arguments[0])

    def _sure(self, command: str, key: str, do: Callable[[], Any], field: bytes) -> Any:
        """As `_ask`; an error that Redis answers with is `Unavailable` too."""
        try:
            return self._ask(command, key, do, field)
        except ResponseError as error:
            raise Unavailable(_reason(error)) from None

    def _ask(self, command: str, key: str, do: Callable[[], Any], field: bytes = b"") -> Any:
        """Send, with what is owed before it. Raises `Unavailable`, or `ResponseError` when Redis answered with one.

        Without a `command` only what is owed is sent.
        """
        if not self.breaker.allows():
            raise Unavailable("breaker open")
        try:
            if self.owed:
                self._pay()
            begun = time.perf_counter()
            reply = do()
        except (Exhausted, NotPaid) as error:
            self.breaker.undecided()
            raise Unavailable("pool exhausted" if isinstance(error, Exhausted) else "clear owed") from None
        except (ConnectionError, TimeoutError, OSError):
            self.breaker.failed()
            raise Unavailable("redis down") from None
        except ResponseError:
            self.breaker.succeeded()
            raise
        except RedisError as error:
            self.breaker.undecided()
            raise Unavailable(_reason(error)) from None
        except BaseException:  # a time-out of gevent, an interrupt: nobody else would ever be let in
            self.breaker.undecided()
            raise
        self.breaker.succeeded()
        if command and self._listeners:
            seconds = time.perf_counter() - begun
            self._listeners.tell(
                Access("command", key, field.decode(), command=command, seconds=seconds, size=_size(reply))
            )
        return reply

    def _pay(self) -> None:
        try:
            self.owed.pay(self._unlink, self._patience)
        except ResponseError as error:
            self.breaker.succeeded()
            raise Unavailable(_reason(error)) from None

    def _unlink(self, keys: list[str]) -> None:
        if EVERYTHING in keys:
            keys = [key.decode() for key in self._redis.scan_iter(f"{self.prefix}:*", count=1000)]
        for first in range(0, len(keys), 1000):
            begun = time.perf_counter()
            self._redis.unlink(*keys[first : first + 1000])
            seconds = time.perf_counter() - begun
            self._listeners.tell(Access("command", keys[first], command="UNLINK", seconds=seconds))


def _expires_fields(info: Mapping[str, Any]) -> bool:
    """Valkey calls itself Redis 7.2 to old clients, and tells its own version beside it."""
    needed, version = ((9,), info["valkey_version"]) if "valkey_version" in info else ((7, 4), info["redis_version"])
    return tuple(int(part) for part in str(version).split(".")[: len(needed)]) >= needed


def _reason(error: Exception) -> str:
    return f"redis error {str(error).split(' ')[0]}".strip()


def _size(reply: Any) -> int:
    if isinstance(reply, (bytes, str)):
        return len(reply)
    if isinstance(reply, (list, tuple)):
        return sum(map(_size, reply))
    return 0
