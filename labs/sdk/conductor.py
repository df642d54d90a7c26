"""Runs a lab: its programs in interleaved order, their lines merged into one stream of events.

The terminal and the dashboard's runner both use this, so they see the same experiment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from queue import SimpleQueue

import orjson

from labs.sdk import host, servers
from labs.sdk.action import Wish, check
from labs.sdk.events import VERSION, BadEvent, Event, log, parse
from labs.sdk.lab import Lab, Step
from labs.sdk.params import Params
from labs.sdk.process import ChildProcess, Lines
from labs.sdk.progress import Progress
from labs.sdk.recording import Recording


@dataclass(frozen=True)
class Limits:
    """What one run may take. Reaching one ends the run with a reason; what came before is kept."""

    seconds: float = 300
    events: int = 1_000_000
    bytes: int = 128 * 1024 * 1024


MISSED = "no program was listening any more"


class LabFailed(Exception):
    """The experiment could not be finished; the message is for the learner."""


class Conductor:
    """One run of one lab. `tag` marks its processes; `environ` says where the learners' servers are."""

    def __init__(
        self,
        lab: Lab,
        params: Params,
        tag: str,
        limits: Limits | None = None,
        environ: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lab = lab
        self.params = params
        self.recording = Recording()
        self.tag = tag
        self._limits = limits or Limits()
        self._environ = environ or {}
        self._clock = clock
        self._zero = clock()
        self._events = 0
        self._bytes = 0
        self._wishes: SimpleQueue[Wish] = SimpleQueue()
        self._acts = 0

    def act(self, action: object, inputs: object, *, strict: bool = True) -> None:
        """Do this to the program that runs, or to the next one. From any thread. Raises `ActionRefused`."""
        self._wishes.put(check(self.lab.actions, action, inputs, self.params.model_dump(), strict=strict))

    def events(self) -> Iterator[list[Event]]:
        """Batches of events, the last one a `run` event with state finished or failed."""
        try:
            for batch in self._conduct():
                for event in batch:
                    self.recording.apply(event)
                yield batch
        except LabFailed as failure:
            reason = str(failure)
            yield [
                log(reason, self._now()),
                {"e": "run", "t": self._now(), "state": "failed", "reason": reason},
            ]

    def _conduct(self) -> Iterator[list[Event]]:
        yield [self._run("started", lab=self.lab.slug, title=self.lab.title, version=VERSION,
                         params=self.params.model_dump())]  # fmt: skip
        yield [{"e": "host", "t": self._now(), **host.facts(), **self._servers()}]
        prepared = self.lab.prepare(self.params)
        steps = self.lab.plan(self.params)
        seen: set[str] = set()
        progress = Progress(steps, self._now())
        for step in steps:
            yield [progress.event(self._now()), self._part_begins(step, step.label not in seen)]
            seen.add(step.label)
            begun = self._now()
            yield from self._program(step, {**prepared, **step.settings}, progress)
            progress.end(self._now())
            yield [{"e": "part", "t": self._now(), "part": step.part, "state": "end",
                    "seconds": self._now() - begun}]  # fmt: skip
        yield from self._hand_over(lambda line: False)
        yield [progress.event(self._now())]
        yield [{"t": self._now(), **event} for event in self.lab.findings(self.recording)]
        yield [self._run("finished")]

    def _servers(self) -> dict[str, object]:
        """`{"servers": [...]}` for a lab that talks to some. Raises `LabFailed` when one does not answer."""
        try:
            found = servers.facts(self.lab.needs, self._environ)
        except servers.ServersError as error:
            raise LabFailed(str(error)) from None
        return {"servers": found} if found else {}

    def _program(self, step: Step, settings: dict[str, object], progress: Progress) -> Iterator[list[Event]]:
        """One program from start to end. Raises `LabFailed` when it does not end as it should."""
        runtime = self.lab.runtime(step.runtime)
        limit = min(self._now() + step.patience, self._limits.seconds)
        command = [*runtime.command(), orjson.dumps(settings).decode()]
        done, complaint = False, ""
        listens = bool(self.lab.actions)
        environ = {**self._environ, **runtime.environ(settings)}
        with ChildProcess(command, environ, self.tag, listens=listens) as child:
            try:
                for chunk in child.read(self._zero + limit):
                    yield from self._hand_over(child.send)
                    events = self._chunk(chunk, step.part)
                    done = done or any(event["e"] == "done" for event in events)
                    if chunk.stream == "stderr" and chunk.lines:
                        complaint = chunk.lines[-1].decode(errors="replace")[:300]
                    if progress.due(self._now()):
                        events.append(progress.event(self._now()))
                    if events:
                        yield events
            except TimeoutError:
                raise LabFailed(self._too_long(step, limit)) from None
            self._check_end(step, child.code, done, complaint)

    def _hand_over(self, send: Callable[[bytes], bool]) -> Iterator[list[Event]]:
        """Every wish so far, each as a line for the program and as an event for who watches."""
        while not self._wishes.empty():
            wish = self._wishes.get()
            self._acts += 1
            sent = send(wish.line(self._acts))
            yield [{
                "e": "action", "t": self._now(), "n": self._acts, "id": wish.action.id, "label": wish.words,
                "params": dict(wish.inputs), **({"state": "sent"} if sent else {"state": "missed", "reason": MISSED}),
            }]  # fmt: skip

    def _chunk(self, chunk: Lines, part: str) -> list[Event]:
        """Lines to events; a bad line becomes one log event and never more."""
        self._count(chunk)
        events = []
        for line in chunk.lines:
            if chunk.stream == "stderr":
                event = log(line.decode(errors="replace"), self._now(), "stderr")
            else:
                try:
                    event = parse(line)
                except BadEvent as why:
                    text = f"{why}: {line.decode(errors='replace')}"
                    event = log(text, self._now(), "stdout")
            event["part"] = part
            events.append(event)
        if chunk.cut:
            events.append({**log(f"{chunk.cut} line(s) over 64 KiB dropped", self._now()),
                           "part": part})  # fmt: skip
        return events

    def _count(self, chunk: Lines) -> None:
        self._events += len(chunk.lines)
        self._bytes += sum(map(len, chunk.lines))
        if self._events > self._limits.events:
            raise LabFailed(
                f"stopped: the program wrote more than {self._limits.events:,} events; make the experiment smaller"
            )
        if self._bytes > self._limits.bytes:
            raise LabFailed(
                f"stopped: the program wrote more than {self._limits.bytes >> 20} MiB; make the experiment smaller"
            )

    def _too_long(self, step: Step, limit: float) -> str:
        if limit >= self._limits.seconds:
            return f"stopped: the run took longer than {self._limits.seconds:g} s; choose fewer repeats or less work"
        return f"stopped: {step.label} gave no end within {step.patience:.0f} s and counts as hung"

    def _check_end(self, step: Step, code: int | None, done: bool, complaint: str) -> None:
        if code is not None and code < 0:
            raise LabFailed(f"{step.label} was killed by signal {-code}. {complaint}".strip())
        if code:
            raise LabFailed(f"{step.label} ended with exit code {code}. {complaint}".strip())
        if not done:
            raise LabFailed(f"{step.label} ended without saying that it was done")

    def _now(self) -> float:
        return self._clock() - self._zero

    def _run(self, state: str, **fields: object) -> Event:
        return {"e": "run", "t": self._now(), "state": state, **fields}

    def _part_begins(self, step: Step, cold: bool) -> Event:
        return {
            "e": "part", "t": self._now(), "part": step.part, "state": "begin",
            "runtime": step.runtime, "label": step.label, "repeat": step.repeat,
            "params": step.settings, "cold": cold,
        }  # fmt: skip
