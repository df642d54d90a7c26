"""A run as data: feed it events in the order they came, ask it for parts and spans. No server, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from labs.sdk.events import Event


@dataclass
class Span:
    """One piece of work. Times are seconds since the part's zero; None where nothing was reported."""

    id: str
    name: str = ""
    lane: str = ""
    kind: str = "other"
    queued: float | None = None
    begin: float | None = None
    end: float | None = None
    cpu: float | None = None
    worked: float | None = None
    """Seconds of the work itself, where that is less than from begin to end: as a server says of a request."""
    turn: int | None = None
    """Of an event loop: the one in which it began, where that was told."""

    @property
    def complete(self) -> bool:
        return self.begin is not None and self.end is not None and self.end >= self.begin

    @property
    def ran(self) -> float:
        """Seconds from begin to end. Only for complete spans."""
        assert self.begin is not None
        assert self.end is not None
        return self.end - self.begin

    @property
    def waited(self) -> float:
        """Seconds from queued to begin (0 where it never queued). Only for complete spans."""
        assert self.begin is not None
        return 0.0 if self.queued is None else max(0.0, self.begin - self.queued)


@dataclass
class Part:
    """One run of one program."""

    id: str
    runtime: str
    label: str
    repeat: int
    settings: dict[str, Any]
    host: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    samples: dict[str, list[Event]] = field(default_factory=dict)
    marks: list[Event] = field(default_factory=list)
    turns: list[Event] = field(default_factory=list)
    ended: bool = False

    def complete(self) -> list[Span]:
        """Spans with a begin and an end, by begin (ties by id)."""
        return sorted((s for s in self.spans.values() if s.complete), key=lambda s: (s.begin, len(s.id), s.id))

    def lanes(self) -> list[str]:
        """Lanes of the complete spans, by role and number: "thread 2" before "thread 10"."""
        return sorted({span.lane for span in self.complete()}, key=_natural)

    def values(self, series: str, when: str | None = None) -> list[float]:
        """Values of a series, e.g. the unit of work timed "before" and "after"."""
        events = self.samples.get(series, [])
        return [e["value"] for e in events if when is None or e.get("when") == when]


class Recording:
    """The reducer. Unknown events are ignored; a half-told span stays incomplete."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.params: dict[str, Any] = {}
        self.host: dict[str, Any] = {}
        self.parts: dict[str, Part] = {}
        self.state = "started"
        for event in events:
            self.apply(event)

    def apply(self, event: Event) -> None:
        kind = event["e"]
        if kind == "run":
            self.state = event["state"]
            self.params = event.get("params", self.params)
        elif kind == "part":
            self._apply_part(event)
        elif kind == "host" and "part" not in event:
            self.host = event
        elif (part := self.parts.get(event.get("part", ""))) is not None:
            _apply_inside(part, event)

    def _apply_part(self, event: Event) -> None:
        if event["state"] == "begin":
            self.parts[event["part"]] = Part(
                event["part"], event["runtime"], event["label"], event["repeat"], event["params"]
            )
        elif event["part"] in self.parts:
            self.parts[event["part"]].ended = True

    @property
    def cpus(self) -> int:
        return int(self.host.get("cpus", 1))

    def ended(self, runtime: str | None = None) -> list[Part]:
        """Parts that ran to their end, in order; of one runtime, if named."""
        return [p for p in self.parts.values() if p.ended and runtime in (None, p.runtime)]

    def runtimes(self) -> list[str]:
        """Runtimes that ended at least one part, in the order the learner chose them."""
        ran = {part.runtime for part in self.ended()}
        chosen = [key for key in self.params.get("runtimes", []) if key in ran]
        return chosen + sorted(ran - set(chosen))

    def label(self, runtime: str) -> str:
        return next((p.label for p in self.parts.values() if p.runtime == runtime), runtime)

    def unit(self, runtime: str | None = None) -> float | None:
        """Median seconds of one unit of work timed alone, over the run (of one runtime, if named)."""
        values = [v for part in self.ended(runtime) for v in part.values("unit")]
        return median(values) if values else None


def _apply_inside(part: Part, event: Event) -> None:
    kind = event["e"]
    if kind in ("queued", "begin", "end"):
        span = part.spans.setdefault(event["id"], Span(event["id"]))
        setattr(span, kind, event["t"])
        span.name = event.get("name", span.name)
        span.kind = event.get("kind", span.kind)
        span.cpu = event.get("cpu", span.cpu)
        span.worked = event.get("worked", span.worked)
        if kind == "begin":
            span.lane = event["lane"]
            span.turn = event.get("turn")
    elif kind == "sample":
        part.samples.setdefault(event["series"], []).append(event)
    elif kind == "mark":
        part.marks.append(event)
    elif kind == "turn":
        part.turns.append(event)
    elif kind == "host":
        part.host = event


def _natural(lane: str) -> tuple[str, int]:
    name, _, number = lane.rpartition(" ")
    return (name, int(number)) if number.isdigit() else (lane, 0)
