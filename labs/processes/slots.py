"""Which worker is which. Processes come and go; a slot ("worker 2") stays, and counts how often it was filled anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_WORKERS = 16


@dataclass
class Slot:
    """One place for a worker. `pid` is None while nobody is there."""

    number: int
    pid: int | None = None
    status: str = "starting"
    born: float = 0.0
    """When the present worker was forked: the machine's clock."""
    age: float = 0.0
    """Who has less was forked earlier. News of workers that tell their birth themselves may come in another order."""
    restarts: int = 0
    wanted: bool = True
    """False once it was given up: nobody will come."""
    leaving: bool = False
    """The present worker was told to go, and nobody is to follow."""
    waits: bool = False
    """The last one could not start: the server does not try again before it is told to."""
    former: dict[int, float] = field(default_factory=dict)
    """Workers that are being replaced and still answer, with when each was forked."""

    @property
    def name(self) -> str:
        return f"worker {self.number}"

    @property
    def serves(self) -> bool:
        """Whether its present worker has said that it is ready, and was not told to end."""
        return self.status in ("online", "leaking")

    @property
    def killed(self) -> bool:
        """Whether its process is no more, though the news of its end is still to come."""
        return self.pid is not None and self.status == "gone"

    @property
    def hears(self) -> bool:
        """Whether somebody is in it who is past its start, and was not killed."""
        return self.pid is not None and self.status not in ("starting", "gone")


class Slots:
    """Fed with news of processes, in the order in which they happened.

    What is guessed here (who is the oldest, whom a new one follows) may be wrong for a moment, when a process ends just
    then. `wanted` sets it right: places beyond it are given up as soon as somebody goes.
    """

    def __init__(self) -> None:
        self.wanted = 0
        """How many places there are to be."""
        self._slots: list[Slot] = []
        self._retiring: list[int] = []

    def __iter__(self) -> Iterator[Slot]:
        """Those that are there or awaited."""
        return iter([slot for slot in self._slots if slot.wanted])

    def find(self, number: int) -> Slot | None:
        """The slot, if somebody is in it; 0 is the first that serves, or else the first of all."""
        there = [slot for slot in self if number in (0, slot.number) and slot.pid is not None]
        return next((slot for slot in there if slot.serves), next(iter(there), None))

    def of(self, pid: int) -> Slot | None:
        return next((slot for slot in self._slots if slot.pid == pid), None)

    @property
    def waiting(self) -> int:
        """Places that wait until their worker is tried again."""
        return sum(slot.waits for slot in self)

    @property
    def steady(self) -> bool:
        """As many are there as are wanted, and nobody is about to go. They may still be starting."""
        places = list(self)
        there = all(slot.waits or slot.pid is not None for slot in places)
        going = bool(self._retiring) or any(slot.leaving or slot.former for slot in places)
        return there and not going and len(places) == self.wanted

    @property
    def settled(self) -> bool:
        """Steady, and nobody is starting or about to be replaced."""
        return self.steady and all(slot.waits or slot.hears for slot in self)

    def reload(self, wanted: int) -> None:
        """Everybody who is there now will be replaced, oldest first, by somebody who comes before they go."""
        self.wanted = wanted
        self._retiring = [slot.pid for slot in self._by_age() if slot.pid is not None]

    def grow(self) -> None:
        """One more is wanted."""
        self.wanted += 1

    def shrink(self) -> None:
        """One fewer is wanted: the oldest goes."""
        self.wanted -= 1
        for slot in [slot for slot in self._by_age() if not slot.leaving][:1]:
            slot.leaving, slot.status = True, "stopping"

    def expect(self, workers: int) -> None:
        """The whole server starts anew, with so many workers."""
        self.wanted, self._retiring = workers, []
        for slot in self._slots:
            slot.pid, slot.former, slot.leaving, slot.waits = None, {}, False, False
            slot.wanted = slot.number <= workers
            slot.status = "gone"

    def born(self, pid: int, t: float, age: float | None = None) -> Slot:
        """A new worker; the slot that it takes."""
        slot = self._place()
        if slot.pid is not None:
            slot.former[slot.pid] = slot.born
            self._retiring.remove(slot.pid)
        slot.pid, slot.status, slot.born, slot.wanted = pid, "starting", t, True
        slot.age = t if age is None else age
        return slot

    def gone(self, pid: int) -> Slot | None:
        """A worker has ended; its slot, if that is empty now."""
        for other in self._slots:
            other.former.pop(pid, None)
        slot = self.of(pid)
        if slot is None:
            return None
        if pid in self._retiring:
            self._retiring.remove(pid)
        others_go = sum(other.leaving for other in self if other is not slot)
        surplus = len(list(self)) - others_go > self.wanted
        slot.wanted = not (slot.leaving or surplus)
        slot.pid, slot.status, slot.leaving = None, "gone", False
        return slot

    def failed(self, pid: int) -> Slot | None:
        """A worker has ended that could not start; its slot, if that is empty now.

        One that it was to replace stays, and so do those after it.
        """
        self._retiring = []
        slot = self.of(pid)
        if slot is None or not slot.former:
            return self.gone(pid)
        slot.pid, slot.born = slot.former.popitem()
        slot.age, slot.status, slot.restarts = slot.born, "online", slot.restarts - 1
        return None

    def calm(self) -> None:
        """If as many live as are wanted, nobody is about to go any more, whoever was thought to.

        Call it when that is long over. gunicorn's master only counts: a worker that it told to go may have been too
        young to hear it, and if another one ended instead, it stays.
        """
        former = [(pid, born, slot) for slot in self for pid, born in slot.former.items()]
        there = sum(slot.pid is not None for slot in self)
        if there + len(former) + self.waiting != self.wanted:
            return
        self._retiring = []
        for slot in self:
            if slot.leaving:
                slot.leaving, slot.status = False, "online"
        empty = [slot for slot in self if slot.pid is None and not slot.waits]
        for pid, born, replaced in former:
            slot = replaced if replaced in empty else (empty or [self._unused()])[0]
            empty = [one for one in empty if one is not slot]
            del replaced.former[pid]
            slot.pid, slot.born, slot.age, slot.status, slot.wanted = pid, born, 0.0, "online", True
        for slot in empty:
            slot.wanted = False

    def _by_age(self) -> list[Slot]:
        return sorted((slot for slot in self if slot.pid is not None), key=lambda slot: slot.age)

    def _place(self) -> Slot:
        awaited = [slot for slot in self._slots if slot.wanted and slot.pid is None and not slot.waits]
        replaced = [slot for slot in self._slots if slot.pid in self._retiring[:1]]
        for slot in awaited + replaced:
            slot.restarts += 1
            return slot
        return self._unused()

    def _unused(self) -> Slot:
        """A place that was given up, or a new one; it counts from 0."""
        unused = [slot for slot in self._slots if not slot.wanted]
        if not unused:
            unused.append(Slot(len(self._slots) + 1))
            self._slots += unused
        unused[0].restarts = 0
        return unused[0]
