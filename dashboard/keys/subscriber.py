"""The one subscriber of a web process: what happens to the learners' keys, as it happens.

Redis forgets what nobody heard. So whenever the subscription was not there for a moment, `pending` is spoiled, and
whoever shows keys reads them anew.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from redis.exceptions import RedisError

from dashboard.keys.pending import LOST, Pending
from dashboard.keys.probe import PROBES, QUIET, new_probe, switch_on, touch
from dashboard.keys.users import Users, channel_pattern
from dashboard.keys.wire import Reply, Wire, WireError

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often the server is asked for what it does not tell: SWAPDB."""
SOON_SECONDS = 0.05
"""Before the first try to listen again: most often the server is there."""
PING_SECONDS = 1.0
"""A server that tells nothing for this long is asked whether it is still there …"""
SILENT_SECONDS = 3.0
"""… and has this long to answer: a connection may die without a word."""
AGAIN_SECONDS = 0.5
"""At most between further tries: each pause is twice the one before."""
STEADY_SECONDS = 5.0
"""A connection that lasted this long broke by chance. Others may break again and again, such as by too many events."""


class Subscriber:
    """`users` is asked before each connection.

    `run` listens until `close`; it connects again whenever the connection breaks.
    """

    def __init__(
        self, users: Callable[[], Users], pending: Pending, wake: Callable[[], None], sleep: Callable[[float], None]
    ) -> None:
        self._users = users
        self._pending = pending
        self._wake = wake
        self._sleep = sleep
        self._wire: Wire | None = None
        self._probe = b""
        self._probe_heard = False
        self.closed = False
        self.connected = False
        self.why = ""
        """Why nothing is heard though the connection stands, and what to do; empty when all is heard."""

    def run(self) -> None:
        """Listen until closed."""
        pause = 0.0
        while not self.closed:
            begun = time.monotonic()
            try:
                self._listen()
            except (WireError, RedisError) as error:
                if not self.closed:
                    log.warning("key browser: %s", error)
            self.connected = False
            if not self.closed:
                self._pending.spoil(LOST)
                self._wake()
                pause = next_pause(pause, time.monotonic() - begun)
                self._sleep(pause)

    def close(self) -> None:
        """End `run` from elsewhere."""
        self.closed = True
        if self._wire is not None:
            self._wire.close()

    def _listen(self) -> None:
        users = self._users()
        database = users.browser.database
        self._wire = wire = Wire(users.browser, timeout=SILENT_SECONDS)
        try:
            if self.closed:
                return
            wire.ask(b"CLIENT", b"SETNAME", b"loopscope:keys")
            _sure(wire.ask(b"CLIENT", b"TRACKING", b"ON"))  # tells of FLUSHDB, as keyspace events do not
            prefix = b"__keyspace@%d__:" % database
            wire.send(b"PSUBSCRIBE", channel_pattern(database))
            self._begin(wire, prefix, users)
            while not self.closed:
                if wire.comes(PING_SECONDS):
                    self._heard(wire.read(), prefix)
                elif self.why:
                    self._look_again(wire, prefix, users)
                else:
                    self._answered(wire, prefix)
        finally:
            wire.close()

    def _begin(self, wire: Wire, prefix: bytes, users: Users) -> None:
        if not self._is_told(wire, prefix, users):
            switch_on(users.app)
            self.why = "" if self._is_told(wire, prefix, users) else QUIET
        else:
            self.why = ""
        self.connected = True
        self._pending.spoil("start")
        self._wake()

    def _look_again(self, wire: Wire, prefix: bytes, users: Users) -> None:
        """Somebody may have set the server up meanwhile."""
        if self._is_told(wire, prefix, users):
            self.why = ""
            self._pending.spoil("start")
            self._wake()

    def _is_told(self, wire: Wire, prefix: bytes, users: Users) -> bool:
        """Whether we hear of a key that was touched just now; where none can be touched, what was known before."""
        self._probe, self._probe_heard = new_probe(), False
        if not touch(users.app, self._probe):
            return not self.why
        self._answered(wire, prefix)  # the server answers in order: what it has to tell comes before
        return self._probe_heard

    def _answered(self, wire: Wire, prefix: bytes) -> None:
        """Listen until the server has answered a PING."""
        wire.send(b"PING")
        while (reply := wire.read()).kind != "status":
            self._heard(reply, prefix)

    def _heard(self, reply: Reply, prefix: bytes) -> None:
        words = [item.value for item in reply.items]
        if reply.kind == "error":
            _sure(reply)
        elif words[:1] == [b"pmessage"]:
            channel, event = words[2], words[3]
            assert isinstance(channel, bytes)
            assert isinstance(event, bytes)
            self._told(channel.removeprefix(prefix), event.decode(errors="replace"))
        elif words[:1] == [b"invalidate"]:
            self._pending.spoil("flush")
            self._wake()

    def _told(self, key: bytes, event: str) -> None:
        if key.startswith(PROBES):
            self._probe_heard = self._probe_heard or key == self._probe
            return
        self._pending.add(key, event)
        self._wake()


def next_pause(before: float, lasted: float) -> float:
    """Seconds until the next try. `before`: the last pause; `lasted`: seconds of the connection that now broke."""
    if not before or lasted >= STEADY_SECONDS:
        return SOON_SECONDS
    return min(2 * before, AGAIN_SECONDS)


class SwapWatch:
    """SWAPDB tells nobody. The server counts it, though."""

    def __init__(self) -> None:
        self._swaps: int | None = None

    @property
    def known(self) -> bool:
        """Whether there was a first look."""
        return self._swaps is not None

    def swapped(self, stats: Mapping[str, Any]) -> bool:
        """Whether there was a SWAPDB since the last look; `stats` is INFO commandstats."""
        before, self._swaps = self._swaps, int(stats.get("cmdstat_swapdb", {}).get("calls", 0))
        return before is not None and self._swaps != before


def _sure(reply: Reply) -> None:
    if reply.kind == "error":
        value = reply.value
        raise WireError(f"Redis refused: {value.decode(errors='replace') if isinstance(value, bytes) else value}")
