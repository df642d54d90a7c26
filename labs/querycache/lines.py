"""Open connections for what every hit asks, without all that a client does besides.

What a client does for safety is done here too: a connection on which something waits that nobody asked for is not used,
nor one of a parent process. Where the server has hung up meanwhile, the question is asked again over a new connection;
so only reads may be asked here.
"""

from __future__ import annotations

import os
from collections import deque
from typing import Any

from redis import BlockingConnectionPool
from redis.exceptions import ConnectionError, ResponseError, TimeoutError

from labs.querycache.forked import renew_in_children

KEPT = 16
"""Connections that wait open; all others go back to the pool, for whoever else needs one."""

Command = tuple[str | bytes, ...]


class Lines:
    """Some connections of a pool."""

    def __init__(self, pool: BlockingConnectionPool) -> None:
        self._pool: Any = pool
        self.renew()
        renew_in_children(self)

    def renew(self) -> None:
        """None is open: those that were belong to the parent."""
        self._open: deque[Any] = deque()

    def ask(self, *commands: Command) -> list[Any]:
        """The replies, in one round trip.

        Raises `ResponseError` where one of them is an error, and whatever else the pool's client would raise.
        """
        line = self._take()
        if line is None:
            return self._over(self._pool.get_connection(), commands)
        try:
            return self._over(line, commands, waited=True)
        except (ConnectionError, TimeoutError) as error:
            self._give_back_all()  # those that waited with it have most likely ended with it
            if isinstance(error, TimeoutError):  # nobody waits for that twice
                raise
        return self._over(self._pool.get_connection(), commands)

    def _take(self) -> Any:
        """One that waits open, if there is one. Those of a parent whose fork nobody told us of are left to it."""
        while True:
            try:
                line = self._open.pop()
            except IndexError:
                return None
            if line.pid == os.getpid():
                return line
            line.disconnect()

    def _over(self, line: Any, commands: tuple[Command, ...], waited: bool = False) -> list[Any]:
        try:
            if waited and line.can_read():
                raise ConnectionError("it says something that nobody asked for")
            if len(commands) == 1:
                line.send_command(*commands[0])
            else:
                line.send_packed_command(line.pack_commands(commands))
            replies = [_reply(line) for _ in commands]
            if line.pid != os.getpid():
                raise ConnectionError("forked meanwhile: the parent reads here too")
        except BaseException:  # also an interrupt: what comes now belongs to a question that nobody asks any more
            self._end(line)
            raise
        if len(self._open) < KEPT and not line.should_reconnect():
            self._open.append(line)
        else:
            self._pool.release(line)
        for reply in replies:
            if isinstance(reply, ResponseError):
                raise reply
        return replies

    def _give_back_all(self) -> None:
        while (line := self._take()) is not None:
            self._end(line)

    def _end(self, line: Any) -> None:
        line.disconnect()
        if line.pid == os.getpid():
            self._pool.release(line)


def _reply(line: Any) -> Any:
    """What the server said; an error as a value, so that the replies after it are read too."""
    try:
        return line.read_response()
    except ResponseError as error:
        return error
