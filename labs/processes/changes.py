"""One change of the cluster's size at a time: of two signals that are alike, a busy process may hear only one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

Begin = Callable[[int | None], bool]
"""Begins a change that a learner asked for by this number. False: there was nothing to do."""


@dataclass
class Change:
    """`since`: when it was begun, a reading of the machine's clock."""

    name: str
    begin: Begin
    n: int | None
    since: float = 0.0


class Left(NamedTuple):
    """An act whose end is somebody ready in a place. `pid`: who was there; `of`: the worker that the act names."""

    act: str
    since: float
    pid: int
    of: dict[str, int]


class Changes:
    """What is under way, and what waits for its end."""

    def __init__(
        self, may_begin: Callable[[Change], bool], is_done: Callable[[Change], bool],
        done: Callable[[Change, float], None],
    ) -> None:  # fmt: skip
        """`done` is called with a change that has ended, and when."""
        self.now: Change | None = None
        self._may_begin, self._is_done, self._done = may_begin, is_done, done
        self._waiting: deque[Change] = deque()

    def add(self, name: str, begin: Begin, n: int | None) -> None:
        """Begin it when those before it have ended and it may begin: now, if nothing is under way."""
        self._waiting.append(Change(name, begin, n))
        self._go_on()

    def expects(self, name: str) -> bool:
        """Whether one of this name is under way or waits."""
        return any(change.name == name for change in (self.now, *self._waiting) if change is not None)

    def look(self, t: float) -> None:
        """Something happened at `t`: perhaps that was the end of what is under way."""
        if self.now is not None and self._is_done(self.now):
            done, self.now = self.now, None
            self._done(done, t)
        self._go_on()

    def forget(self) -> None:
        """What is under way will not end as it should."""
        self.now = None

    def drop(self) -> list[int | None]:
        """Begin nothing more: the numbers of what still waited."""
        dropped, self._waiting = [change.n for change in self._waiting if change.name != "again"], deque()
        return dropped

    def _go_on(self) -> None:
        while self.now is None and self._waiting and self._may_begin(self._waiting[0]):
            change = self._waiting.popleft()
            change.since = perf_counter()
            if change.begin(change.n):
                self.now = change
