"""The process manager: does what it is told to the server's processes, hears what became of them, starts them again."""

from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Any

from labs.processes.backoff import Backoff
from labs.processes.server import Server
from labs.processes.slots import Slot, Slots
from labs.sdk.together import SharedEmitter

MOST_WORKERS = 16

Later = Callable[[float, Callable[[], None]], None]
"""Call this back so many seconds from now, on the manager's own thread."""


class Cluster:
    """All on one thread. `acts` and `news` are named after what is told; each act marks the moment it was done."""

    def __init__(self, server: Server, workers: int, emit: SharedEmitter, later: Later) -> None:
        self.slots = Slots()
        self.status, self.born, self.restarts = "starting", perf_counter(), 0
        self._server, self._workers, self._emit, self._later = server, workers, emit, later
        self._backoffs: defaultdict[str, Backoff] = defaultdict(Backoff)
        self._lived: dict[str, float] = {}
        self._crashes = 0
        self._left: dict[int, tuple[str, float, int]] = {}
        self._closing = False
        self._reloaded: float | None = None

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
        """From now on an end is no accident."""
        self._closing = True

    # --- acts --------------------------------------------------------------------------------------------------------
    def act(self, name: str, params: dict[str, Any], n: int | None) -> None:
        """Do one of the lab's actions. `n`: its number, if a learner asked for it."""
        getattr(self, f"_do_{name}")(params, n)

    def _do_kill(self, params: dict[str, Any], n: int | None) -> None:
        if (slot := self._there(params["worker"], n)) is not None:
            self._sign(slot, "kill", signal.SIGKILL, f"kill −9 {slot.name}", n, "bad")

    def _do_restart(self, params: dict[str, Any], n: int | None) -> None:
        if (slot := self._there(params["worker"], n)) is not None:
            self._sign(slot, "restart", signal.SIGTERM, f"restart {slot.name}", n, "info")
            slot.status = "stopping"

    def _do_leak(self, params: dict[str, Any], n: int | None) -> None:
        if (slot := self._there(params["worker"], n)) is not None:
            self._mark("leak", f"{slot.name} leaks", n, "warn", worker=slot.number)
            self._server.signal(signal.SIGUSR2, slot.pid)

    def _do_crash(self, params: dict[str, Any], n: int | None) -> None:
        victim = next((slot for slot in self.slots if slot.pid is not None), None)
        if victim is None or self._crashes:
            self._mark("nothing", "nothing to break now", n, "info")
            return
        self._crashes = params["times"]
        self._server.deploy(broken=True)
        self._mark("crash", f"new code crashes on start; restart {victim.name}", n, "bad", worker=victim.number)
        self._left[victim.number] = ("crash", perf_counter(), victim.pid or 0)
        self._server.signal(signal.SIGTERM, victim.pid)

    def _do_reload(self, params: dict[str, Any], n: int | None) -> None:
        if self._master_there(n):
            self._mark("reload", "reload all", n, "info")
            self._reloaded = perf_counter()
            self.slots.reload()
            self._server.signal(signal.SIGHUP)

    def _do_up(self, params: dict[str, Any], n: int | None) -> None:
        if len(list(self.slots)) >= MOST_WORKERS:
            self._mark("nothing", f"not more than {MOST_WORKERS} workers", n, "info")
        elif self._master_there(n):
            self._mark("up", "one worker more", n, "info")
            self._server.signal(signal.SIGTTIN)

    def _do_down(self, params: dict[str, Any], n: int | None) -> None:
        if sum(slot.pid is not None for slot in self.slots) <= 1:
            self._mark("nothing", "the last worker stays", n, "info")
        elif self._master_there(n):
            self._mark("down", "one worker fewer", n, "info")
            self.slots.shrink()
            self._server.signal(signal.SIGTTOU)

    # --- news --------------------------------------------------------------------------------------------------------
    def news(self, what: str, told: dict[str, Any]) -> None:
        """Something became of a process."""
        getattr(self, f"_on_{what}")(told)

    def _on_born(self, told: dict[str, Any]) -> None:
        self.slots.born(told["pid"], told["t"])

    def _on_ready(self, told: dict[str, Any]) -> None:
        slot = self.slots.of(told["pid"])
        if slot is None:
            return
        slot.status = self.status = "online"
        act, since, former = self._left.pop(slot.number, ("", 0.0, 0))
        if act and former != slot.pid:
            self._emit.emit("sample", t=self._at(told["t"]), series="back", value=told["t"] - since, unit="s",
                            act=act, worker=slot.number)  # fmt: skip
        self._look_at_reload(told["t"])

    def _on_gone(self, told: dict[str, Any]) -> None:
        if (slot := self.slots.of(told["pid"])) is not None:
            self._lived[slot.name] = told["t"] - slot.born
        self.slots.gone(told["pid"])
        self._look_at_reload(told["t"])

    def _look_at_reload(self, t: float) -> None:
        if self._reloaded is not None and self.slots.settled:
            seconds, self._reloaded = t - self._reloaded, None
            self._emit.emit("sample", t=self._at(t), series="back", value=seconds, unit="s", act="reload")

    def _on_leaking(self, told: dict[str, Any]) -> None:
        if (slot := self.slots.of(told["pid"])) is not None:
            slot.status = "leaking"

    def _on_crashed(self, told: dict[str, Any]) -> None:
        self._emit.emit("sample", t=self._at(told["t"]), series="crash", value=1, unit="crashes")

    def _on_kept(self, told: dict[str, Any]) -> None:
        """A reload met a worker that could not start. Node's primary keeps the old one, and replaces no other."""
        self._failed(told)
        self._mark("halt", "a new one could not start: the old ones stay", None, "bad")
        self._count_crash()

    def _on_failed(self, told: dict[str, Any]) -> None:
        """A worker could not start. Node's primary goes on without it, until it is told to try again."""
        slot = self._failed(told)
        name = slot.name if slot else "a worker"
        delay = self._wait(name, f"{name} could not start", self._lived.pop(name, 0.0), self._one_more)
        if slot is not None:
            slot.status = f"waits {delay:g} s"

    def _failed(self, told: dict[str, Any]) -> Slot | None:
        self._on_crashed(told)
        self._reloaded = None
        return self.slots.failed(told["pid"])

    def _one_more(self) -> None:
        self._server.signal(signal.SIGTTIN)

    def _on_exit(self, told: dict[str, Any]) -> None:
        """The master itself has ended. gunicorn does so when a worker cannot start."""
        if self._closing:
            return
        lived = perf_counter() - self.born if self.status == "online" else 0.0
        self.slots.expect(self._workers)
        delay = self._wait("server", f"server ended (code {told['code']})", lived, self._again, code=told["code"])
        self.status = f"waits {delay:g} s"

    def _wait(self, who: str, why: str, lived: float, again: Callable[[], None], **more: Any) -> float:
        """Try again after the back-off; how long that is."""
        delay = self._backoffs[who].after(lived)
        self._mark("halt", f"{why}, waits {delay:g} s", None, "bad", **more)
        self._emit.sample("back-off", delay, "s", lived=lived, of=who)
        self._count_crash()
        self._later(delay, again)
        return delay

    def _count_crash(self) -> None:
        self._crashes -= 1
        if self._crashes <= 0:
            self._crashes = 0
            self._server.deploy(broken=False)

    def _again(self) -> None:
        if not self._closing:
            self.restarts += 1
            self.start()

    # --- small things ------------------------------------------------------------------------------------------------
    def _there(self, number: int, n: int | None) -> Slot | None:
        slot = self.slots.find(number)
        if slot is None:
            self._mark("nothing", f"there is no worker {number} now", n, "info")
        return slot

    def _master_there(self, n: int | None) -> bool:
        if self._server.pid is None or self.status != "online":
            self._mark("nothing", "the server is not up", n, "info")
            return False
        return True

    def _sign(self, slot: Slot, act: str, number: signal.Signals, text: str, n: int | None, severity: str) -> None:
        self._mark(act, text, n, severity, worker=slot.number)
        self._left[slot.number] = (act, perf_counter(), slot.pid or 0)
        self._server.signal(number, slot.pid)

    def _mark(self, act: str, text: str, n: int | None, severity: str, **more: Any) -> None:
        self._emit.emit("mark", act=act, text=text, severity=severity, n=n, **more)

    def _at(self, stamp: float) -> float:
        return self._emit.now() - (perf_counter() - stamp)
