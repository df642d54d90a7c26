"""Which writes have returned, and how old news an answer is: it is out of date if it misses one of them."""

from __future__ import annotations

import threading


class Versions:
    """The posts of each user are numbered; times are seconds since the part's zero. For any number of threads."""

    def __init__(self, users: int) -> None:
        self._returned: dict[int, list[float]] = {user: [] for user in range(1, users + 1)}
        self.turn = {user: threading.Lock() for user in self._returned}
        """To be held while a user's next post is written, so that the posts arrive in the order of their numbers."""

    def returned(self, user: int, at: float) -> None:
        """The user's next post is there since then."""
        self._returned[user].append(at)

    def newest(self, user: int) -> int:
        """The number of the user's last post whose write has returned; 0 before the first."""
        return len(self._returned[user])

    def behind(self, user: int, number: int, least: int, begin: float) -> float | None:
        """Seconds from the return of the first write that an answer misses to its `begin`; None where it misses none.

        `number`: the newest post in the answer; `least`: the newest that had to be there.
        """
        return begin - self._returned[user][number] if number < least else None
