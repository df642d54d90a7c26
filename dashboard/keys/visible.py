"""Which keys somebody is looking at, and when they are to die."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.keys.rows import Row

MOST = 300
"""Keys that one viewer may have in view."""
AGAIN_MS = 50
"""After the first try, until a key is due again: it was too early, if our clock was ahead. Then twice as long …"""
TRIES = 8
"""… and at most so often: it may be that nobody can reclaim it now."""


class Visible:
    """Pure bookkeeping. Times are milliseconds of the server's clock."""

    def __init__(self) -> None:
        self._seen: dict[str, frozenset[bytes]] = {}
        self._natural: set[str] = set()
        self._deadlines: dict[bytes, float] = {}
        self._tries: dict[bytes, int] = {}

    def see(self, viewer: str, keys: Iterable[bytes], natural: bool) -> None:
        """What this viewer sees now; `natural` leaves the reclaiming of expired keys to the server."""
        self._seen[viewer] = frozenset(list(keys)[:MOST])
        (self._natural.add if natural else self._natural.discard)(viewer)
        nudged = self._nudged()
        for key in self._deadlines.keys() - nudged:
            self._drop(key)

    def forget(self, viewer: str) -> None:
        """The viewer is gone."""
        self.see(viewer, (), False)
        del self._seen[viewer]

    def __contains__(self, key: bytes) -> bool:
        return any(key in seen for seen in self._seen.values())

    def learn(self, key: bytes, row: Row | None) -> None:
        """What the server said of a key just now."""
        self._drop(key)
        if row is not None and row["expires"] is not None and key in self._nudged():
            self._deadlines[key] = row["expires"]

    def due(self, now: float) -> list[bytes]:
        """Keys whose deadline is over; each again after a while, as long as nobody has learned of its end.

        The server counts whole milliseconds, and that of the deadline still belongs to the key's life.
        """
        over = [key for key, at in self._deadlines.items() if at + 1 <= now]
        for key in over:
            tries = self._tries.get(key, 0)
            self._drop(key)
            if tries + 1 < TRIES:
                self._deadlines[key], self._tries[key] = now + AGAIN_MS * 2**tries, tries + 1
        return over

    def next_due(self) -> float | None:
        """When the first of them will be, if any."""
        return min(self._deadlines.values()) + 1 if self._deadlines else None

    def _drop(self, key: bytes) -> None:
        self._deadlines.pop(key, None)
        self._tries.pop(key, None)

    def _nudged(self) -> set[bytes]:
        return {key for viewer, seen in self._seen.items() if viewer not in self._natural for key in seen}
