"""What a forked child must not inherit: locks of threads that it does not have, work that they were doing."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Renewable(Protocol):
    """Something with locks."""

    def renew(self) -> None:
        """Begin with new locks: this is a child, and the only thread in it."""


_living: WeakSet[Renewable] = WeakSet()


def renew_in_children(one: Renewable) -> None:
    """From now on, as long as it lives."""
    _living.add(one)


def _renew() -> None:
    for one in list(_living):
        one.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
