"""What happened to the learners' keys since the last message: coalesced by key, bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MOST_KEYS = 20_000
"""Changed keys that may wait. More, and the views are told to look anew."""
A_MESSAGE = 1500
"""Keys of one message."""

LOST = "lost"
LAST_FIELD = "hexpired_last"
"""Ours: the last field of a hash expired, and the key went with it. Redis says `hexpired`, then at once `del`."""
GONE = {"del", "expired", "evicted", "rename_from", "move_from", LAST_FIELD}
MISSED = "keymiss"


@dataclass
class Change:
    """What happened to one key: causes in order with how often, the last of them first asked."""

    causes: dict[str, int] = field(default_factory=dict)
    last: str = ""

    @property
    def gone(self) -> bool:
        return self.last in GONE


class Pending:
    """A reducer: feed it events, take messages."""

    def __init__(self) -> None:
        self._changes: dict[bytes, Change] = {}
        self.events = 0
        """All events since the start."""
        self._before = (b"", "")
        """The event before, of whatever key; a message in between changes nothing."""
        self._stale = ["start"]
        """Why what the views show may be wrong: "flush", "swap", "lost", "overflow"; empty when it is right."""

    def __bool__(self) -> bool:
        return bool(self._changes or self._stale)

    def add(self, key: bytes, event: str) -> None:
        """One keyspace event."""
        self.events += 1
        before, self._before = self._before, (key, event)
        if event == "del" and before == (key, "hexpired"):
            event = LAST_FIELD  # nobody deleted it
        change = self._changes.get(key)
        if change is None:
            if len(self._changes) >= MOST_KEYS:
                self.spoil("overflow")
                return
            change = self._changes[key] = Change()
        change.causes[event] = change.causes.get(event, 0) + 1
        if event != MISSED or not change.last:
            change.last = event

    def ends(self, keys: Iterable[bytes]) -> bool:
        """Whether the end of one of these waits to be told."""
        return any(key in self._changes and self._changes[key].gone for key in keys)

    def spoil(self, why: str) -> None:
        """The views must be read anew; what waits is of no use any more.

        Of several reasons the last is told. But that nothing is heard is told before it: whoever is heard again soon
        must not hide that there was a gap.
        """
        self._changes.clear()
        self._stale = [LOST, why] if why != LOST and LOST in self._stale else [why]

    def take(self) -> tuple[dict[bytes, Change], str | None]:
        """The oldest changes, at most a message full, and why to read anew, if so. They are forgotten here.

        "lost" comes alone: what was heard since belongs to the message after it.
        """
        if self._stale[:1] == [LOST]:
            return {}, self._stale.pop(0)
        taken = dict(list(self._changes.items())[:A_MESSAGE])
        for key in taken:
            del self._changes[key]
        return taken, self._stale.pop() if self._stale else None


def told(change: Change) -> Mapping[str, object]:
    """`{cause, times, misses}` for the page."""
    times = sum(count for event, count in change.causes.items() if event not in (MISSED, "new"))
    cause = "new" if "new" in change.causes and not change.gone and change.last != MISSED else change.last
    return {"cause": cause, "by": change.last, "times": times, "misses": change.causes.get(MISSED, 0)}
