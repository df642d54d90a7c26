"""Whom an act is for, or why nobody: what cannot be done to a worker now is told."""

from __future__ import annotations

from labs.processes.slots import Slot, Slots
from labs.processes.told import Told


class Whom:
    """Each returns the place with this number, or None once it has told why not. `n`: the number of the act."""

    def __init__(self, slots: Slots, told: Told) -> None:
        self._slots, self._told = slots, told

    def living(self, number: int, n: int | None) -> Slot | None:
        """One that can be killed: a dead process may hold its place until the news of its end is heard."""
        slot = self._there(number, n)
        if slot is None or not slot.killed:
            return slot
        self._told.nothing(f"{slot.name} is ending", n)
        return None

    def serving(self, number: int, n: int | None) -> Slot | None:
        """One that can hear a signal: who is still starting would die of it."""
        slot = self._there(number, n)
        if slot is None or slot.serves:
            return slot
        self._told.nothing(
            f"{slot.name} is still starting" if slot.status == "starting" else f"{slot.name} is ending", n
        )
        return None

    def _there(self, number: int, n: int | None) -> Slot | None:
        slot = self._slots.find(number)
        if slot is None:
            self._told.nothing(f"there is no worker {number} now", n)
        return slot
