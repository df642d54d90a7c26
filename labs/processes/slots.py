"""Which worker is which. Processes come and go; a slot ("worker 2") stays, and counts how often it was filled anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Slot:
    """One place for a worker. `pid` is None while nobody is there."""

    number: int
    pid: int | None = None
    status: str = "starting"
    born: float = 0.0
    """When the present worker was forked: the machine's clock."""
    restarts: int = 0
    wanted: bool = True
    """False once it was given up: nobody will come."""
    former: dict[int, float] = field(default_factory=dict)
    """Workers that are being replaced and still answer, with when each was forked."""

    @property
    def name(self) -> str:
        return f"worker {self.number}"


class Slots:
    """Fed with news of processes, in the order in which they happened."""

    def __init__(self) -> None:
        self._slots: list[Slot] = []
        self._retiring: list[int] = []
        self._shrink = 0

    def __iter__(self) -> Iterator[Slot]:
        """Those that are there or awaited."""
        return iter([slot for slot in self._slots if slot.wanted])

    def find(self, number: int) -> Slot | None:
        """The slot, if somebody is in it; 0 is the first of all."""
        return next((slot for slot in self if number in (0, slot.number) and slot.pid is not None), None)

    def of(self, pid: int) -> Slot | None:
        return next((slot for slot in self._slots if slot.pid == pid), None)

    def reload(self) -> None:
        """Everybody who is there now will be replaced, oldest first, by somebody who comes before they go."""
        self._retiring = [slot.pid for slot in sorted(self, key=lambda slot: slot.born) if slot.pid is not None]

    @property
    def settled(self) -> bool:
        """Everybody who was to be replaced has gone, and everybody who was awaited serves."""
        serving = all(slot.pid is not None and slot.status != "starting" and not slot.former for slot in self)
        return serving and not self._retiring

    def shrink(self) -> None:
        """The next worker that goes will not be replaced."""
        self._shrink += 1

    def expect(self, workers: int) -> None:
        """The whole server starts anew, with so many workers."""
        self._retiring, self._shrink = [], 0
        for slot in self._slots:
            slot.pid, slot.former = None, {}
            slot.wanted = slot.number <= workers
            slot.status = "gone"

    def born(self, pid: int, t: float) -> Slot:
        """A new worker; the slot that it takes."""
        slot = self._place()
        if slot.pid is not None:
            slot.former[slot.pid] = slot.born
            self._retiring.remove(slot.pid)
        slot.pid, slot.status, slot.born, slot.wanted = pid, "starting", t, True
        return slot

    def gone(self, pid: int) -> Slot | None:
        """A worker has ended; its slot, if that is empty now."""
        for other in self._slots:
            other.former.pop(pid, None)
        slot = self.of(pid)
        if slot is None:
            return None
        slot.pid, slot.status = None, "gone"
        if pid in self._retiring or self._shrink:
            slot.wanted = False
            if pid in self._retiring:
                self._retiring.remove(pid)
            else:
                self._shrink -= 1
        return slot

    def failed(self, pid: int) -> Slot | None:
        """A worker has ended that never served; its slot, if that is empty now.

        One that it was to replace stays, and so do those after it.
        """
        self._retiring = []
        slot = self.of(pid)
        if slot is None or not slot.former:
            return self.gone(pid)
        slot.pid, slot.born = slot.former.popitem()
        slot.status, slot.restarts = "online", slot.restarts - 1
        return None

    def _place(self) -> Slot:
        awaited = [slot for slot in self._slots if slot.wanted and slot.pid is None]
        replaced = [slot for slot in self._slots if slot.pid in self._retiring[:1]]
        unused = [slot for slot in self._slots if not slot.wanted]
        for slot in awaited + replaced:
            slot.restarts += 1
            return slot
        if not unused:
            unused.append(Slot(len(self._slots) + 1))
            self._slots += unused
        unused[0].restarts = 0
        return unused[0]
