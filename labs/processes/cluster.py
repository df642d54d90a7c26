"""The process manager: does what it is told to the server's processes, hears what became of them, starts them again."""

from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Any

from labs.processes.backoff import Backoff
from labs.processes.changes import Change, Changes, Left
from labs.processes.server import Server
from labs.processes.slots import MOST_WORKERS, Slot, Slots
from labs.processes.told import Told
from labs.processes.whom import Whom
from labs.sdk.together import SharedEmitter

GONE = "the visitors have gone"
"""Why nothing is done any more."""

DOUBT_SECONDS = 15.0
"""gunicorn gives a worker ten to end: what is not over then is looked at again."""

Later = Callable[[float, Callable[[], None]], None]
"""Call this back so many seconds from now, on the manager's own thread."""


class Cluster:
    """All on one thread. `acts` and `news` are named after what is told; each act marks the moment it was done.

    Signals that change how many workers there are go one at a time: the kernel makes one of two that are alike.
    """

    def __init__(self, server: Server, workers: int, emit: SharedEmitter, later: Later) -> None:
        self.slots = Slots()
        self.status, self.born, self.restarts = "starting", perf_counter(), 0
        self._server, self._workers, self._told, self._later = server, workers, Told(emit), later
        self._whom = Whom(self.slots, self._told)
        self._backoffs: defaultdict[str, Backoff] = defaultdict(Backoff)
        self._lived: dict[str, float] = {}
        self._crashes = 0
        self._crashed: int | None = None
        self._left: defaultdict[int, list[Left]] = defaultdict(list)
        self._changes = Changes(self._may_begin, self._is_done, self._came_back)
        self._closing = False

    @property
    def pid(self) -> int | None:
        """The master's, while it lives."""
        return self._server.pid

    @property
    def ready(self) -> bool:
        """Whether as many workers serve as were asked for in the beginning."""
        return sum(slot.status == "online" for slot in self.slots) >= self._workers

    def start(self) -> None:
        self.status, self.born = "starting", perf_counter()
        self.slots.expect(self._workers)
        self._server.start()

    def close(self) -> None:
        """From now on an end is no accident, and nothing is done any more. Acts that still waited are told so."""
        self._closing = True
        for n in self._changes.drop():
            self._told.nothing(GONE, n)

    # --- acts --------------------------------------------------------------------------------------------------------
    def act(self, name: str, params: dict[str, Any], n: int | None) -> None:
        """Do one of the lab's actions. `n`: its number, if a learner asked for it."""
        if self._closing:
            self._told.nothing(GONE, n)
        else:
            getattr(self, f"_do_{name}")(params, n)

    def _do_kill(self, params: dict[str, Any], n: int | None) -> None:
        if (slot := self._whom.living(params["worker"], n)) is not None:
            self._sign(slot, "kill", signal.SIGKILL, f"kill −9 {slot.name}", n, "bad")
            slot.status = "gone"

    def _do_restart(self, params: dict[str, Any], n: int | None) -> None:
        if (slot := self._whom.serving(params["worker"], n)) is not None:
            self._sign(slot, "restart", signal.SIGTERM, f"restart {slot.name}", n, "info")
            slot.status = "stopping"

    def _do_leak(self, params: dict[str, Any], n: int | None) -> None:
        if (slot := self._whom.serving(params["worker"], n)) is not None:
            self._told.mark("leak", f"{slot.name} leaks", n, "warn", worker=slot.number)
            self._server.signal(signal.SIGUSR2, slot.pid)

    def _do_crash(self, params: dict[str, Any], n: int | None) -> None:
        victim = next((slot for slot in self.slots if slot.serves), None)
        if victim is None or self._crashes:
            self._told.nothing("nothing to break now", n)
            return
        self._crashes = params["times"]
        self._server.deploy(broken=True)
        self._sign(victim, "crash", signal.SIGTERM, f"new code crashes on start; restart {victim.name}", n, "bad")
        victim.status = "stopping"

    def _do_reload(self, params: dict[str, Any], n: int | None) -> None:
        if self._changes.expects("reload"):
            self._told.nothing("a reload is under way", n)
        else:
            self._changes.add("reload", self._reload, n)

    def _do_up(self, params: dict[str, Any], n: int | None) -> None:
        self._changes.add("up", self._up, n)

    def _do_down(self, params: dict[str, Any], n: int | None) -> None:
        self._changes.add("down", self._down, n)

    # --- one at a time -----------------------------------------------------------------------------------------------
    def _reload(self, n: int | None) -> bool:
        if not self._master_there(n):
            return False
        if all(slot.waits for slot in self.slots):
            self._told.nothing("nobody is there to be replaced", n)
            return False
        self._told.mark("reload", "reload all", n, "info")
        self.slots.reload(self._workers if self._server.forgets else self.slots.wanted)
        self._signal(signal.SIGHUP)
        return True

    def _up(self, n: int | None) -> bool:
        if self.slots.wanted >= MOST_WORKERS:
            self._told.nothing(f"not more than {MOST_WORKERS} workers", n)
            return False
        if not self._master_there(n):
            return False
        self._told.mark("up", "one worker more", n, "info")
        self.slots.grow()
        self._signal(signal.SIGTTIN)
        return True

    def _down(self, n: int | None) -> bool:
        if self.slots.wanted - self.slots.waiting <= 1:
            self._told.nothing("the last worker stays", n)
            return False
        if not self._master_there(n):
            return False
        self._told.mark("down", "one worker fewer", n, "info")
        self.slots.shrink()
        self._signal(signal.SIGTTOU)
        return True

    def _again(self, slot: Slot) -> bool:
        """Node's primary left out a worker that could not start: it is told to try again."""
        if not slot.waits:  # the whole server has started anew meanwhile
            return False
        slot.waits, slot.status = False, "gone"
        self._server.signal(signal.SIGTTIN)
        return True

    def _may_begin(self, change: Change) -> bool:
        """Who still starts, or is about to, may not hear that it has to go."""
        there = all(slot.waits or slot.hears for slot in self.slots)
        return self.status != "online" or there or change.name not in ("reload", "down")

    def _signal(self, number: signal.Signals) -> None:
        """To the master. What comes of it is awaited, but not for ever."""
        self._server.signal(number)
        self._later(DOUBT_SECONDS, self._doubt)

    def _doubt(self) -> None:
        change = self._changes.now
        if self._closing or change is None or perf_counter() - change.since < DOUBT_SECONDS:
            return
        self.slots.calm()
        self._changes.look(perf_counter())
        if self._changes.now is change:
            self._later(1.0, self._doubt)

    def _is_done(self, change: Change) -> bool:
        return self.slots.settled if change.name == "reload" else self.slots.steady

    def _came_back(self, change: Change, t: float) -> None:
        """Nothing of this change is under way any more."""
        if change.name in ("reload", "down"):
            self._told.back(change.name, t, change.since)

    # --- news --------------------------------------------------------------------------------------------------------
    def news(self, what: str, told: dict[str, Any]) -> None:
        """Something became of a process."""
        if not self._closing:
            getattr(self, f"_on_{what}")(told)
            self._changes.look(told.get("t") or perf_counter())

    def _on_born(self, told: dict[str, Any]) -> None:
        slot = self.slots.born(told["pid"], told["t"], told.get("age"))
        change = self._changes.now
        if change is not None and change.name == "up" and self._is_done(change):
            self._left[slot.number].append(Left("up", change.since, 0, {}))

    def _on_ready(self, told: dict[str, Any]) -> None:
        slot = self.slots.of(told["pid"])
        if slot is None:
            return
        slot.status = "online" if slot.status == "starting" else slot.status
        self.status = "online" if self.status == "starting" else self.status
        for left in self._left.pop(slot.number, []):
            if left.pid == slot.pid:  # it was ready before it heard of the act
                self._left[slot.number].append(left)
            else:
                self._told.back(left.act, told["t"], left.since, **left.of)

    def _on_gone(self, told: dict[str, Any]) -> None:
        if told["pid"] == self._crashed:  # killed before its crash could end the server
            self.status, self._crashed = "online", None
        if (slot := self.slots.of(told["pid"])) is not None:
            self._lived[slot.name] = told["t"] - slot.born
        if (slot := self.slots.gone(told["pid"])) is not None and not slot.wanted:
            self._left.pop(slot.number, None)

    def _on_leaking(self, told: dict[str, Any]) -> None:
        if (slot := self.slots.of(told["pid"])) is not None and slot.serves:
            slot.status = "leaking"

    def _on_crashed(self, told: dict[str, Any]) -> None:
        """A worker of gunicorn could not start: its master ends all the others, and then itself."""
        self.status, self._crashed = "stopping", told["pid"]

    def _on_kept(self, told: dict[str, Any]) -> None:
        """A reload met a worker that could not start. Node's primary keeps the old one, and replaces no other."""
        self.slots.failed(told["pid"])
        self._told.mark("halt", "a new one could not start: the old ones stay", None, "bad", **self._stopped())
        self._count_crash()

    def _on_failed(self, told: dict[str, Any]) -> None:
        """A worker could not start. Node's primary goes on without it, until it is told to try again."""
        slot = self.slots.failed(told["pid"])
        slot = slot if slot is not None and slot.wanted else None
        name = slot.name if slot else "a worker"
        delay = self._wait(name, f"{name} could not start", self._lived.pop(name, 0.0),
                           lambda: self._try_again(slot), **self._stopped())  # fmt: skip
        if slot is not None:
            slot.waits, slot.status = True, f"waits {delay:g} s"

    def _on_exit(self, told: dict[str, Any]) -> None:
        """The master itself has ended. gunicorn does so when a worker cannot start."""
        lived = perf_counter() - self.born if self.status in ("online", "stopping") else 0.0
        stops = self._stopped()
        self._changes.forget()
        self.slots.expect(self._workers)
        for number in [number for number in self._left if number > self._workers]:
            self._left[1] += self._left.pop(number)  # its place is no more
        self._crashed = None
        code = told["code"]
        delay = self._wait("server", f"server ended (code {code})", lived, self._start_again, code=code, **stops)
        self.status = f"waits {delay:g} s"

    def _wait(self, who: str, why: str, lived: float, again: Callable[[], None], **more: Any) -> float:
        """Try again after the back-off; how long that is."""
        delay = self._backoffs[who].after(lived)
        self._told.mark("halt", f"{why}, waits {delay:g} s", None, "bad", **more)
        self._told.waits(who, delay, lived)
        self._count_crash()
        self._later(delay, again)
        return delay

    def _stopped(self) -> dict[str, str]:
        """A reload that was under way goes no further: what to say of it."""
        change = self._changes.now
        if change is None or change.name != "reload":
            return {}
        self._changes.forget()
        return {"stops": "reload"}

    def _count_crash(self) -> None:
        """Once for each try, of one worker or of a whole server."""
        self._told.crash()
        self._crashes -= 1
        if self._crashes <= 0:
            self._crashes = 0
            self._server.deploy(broken=False)

    def _try_again(self, slot: Slot | None) -> None:
        """What is under way may wait for one whose place is not known: it is not made to wait for that."""
        if slot is None:
            self._server.signal(signal.SIGTTIN)
        else:
            self._changes.add("again", lambda _: self._again(slot), None)

    def _start_again(self) -> None:
        if not self._closing:
            self.restarts += 1
            self.start()

    # --- small things ------------------------------------------------------------------------------------------------
    def _master_there(self, n: int | None) -> bool:
        if self._server.pid is None or self.status != "online":
            self._told.nothing("the server is not up", n)
            return False
        return True

    def _sign(self, slot: Slot, act: str, number: signal.Signals, text: str, n: int | None, severity: str) -> None:
        self._told.mark(act, text, n, severity, worker=slot.number)
        self._left[slot.number].append(Left(act, perf_counter(), slot.pid or 0, {"worker": slot.number}))
        self._server.signal(number, slot.pid)
