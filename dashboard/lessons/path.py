"""The lesson path: the labs of a section in order, and how far a learner has come. Pure: acts in, paths out."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from labs.sdk.lab import Lab

STEPS = {
    "opened": ("Opened", "open it"),
    "predicted": ("Predicted", "predict"),
    "ran": ("Ran to the end", "run it to the end"),
    "answered": ("Answered", "answer the question"),
}
"""What a learner does in a lab, in this order: as it is called when it is done, and before."""

STATES = {"new": "Not begun", "begun": "Begun", "done": "Done"}


@dataclass(frozen=True)
class Acts:
    """The labs, by slug, in which a learner did each of the steps."""

    opened: Set[str] = frozenset()
    predicted: Set[str] = frozenset()
    ran: Set[str] = frozenset()
    answered: Set[str] = frozenset()


@dataclass(frozen=True)
class Stop:
    """One lab on the path of its section. `number` counts from 1; `steps` are those that this lab has."""

    lab: Lab
    number: int
    steps: tuple[str, ...]
    done: frozenset[str]

    @property
    def left(self) -> tuple[str, ...]:
        return tuple(step for step in self.steps if step not in self.done)

    @property
    def state(self) -> str:
        """A key of `STATES`."""
        return "done" if not self.left else "begun" if self.done else "new"

    @property
    def words(self) -> str:
        """ "Done", or what is left: "Begun, left: predict"."""
        if self.state != "begun":
            return STATES[self.state]
        return f"{STATES['begun']}, left: {', '.join(STEPS[step][1] for step in self.left)}"

    def view(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "slug": self.lab.slug, "title": self.lab.title, "number": self.number, "state": self.state,
            "words": self.words, "done": [step for step in self.steps if step in self.done], "left": list(self.left),
        }  # fmt: skip


@dataclass(frozen=True)
class Path:
    """The labs of a section, in order."""

    section: str
    stops: tuple[Stop, ...]

    @property
    def anchor(self) -> str:
        """For addresses: "section-the-runtime"."""
        return "-".join(["section", *"".join(c if c.isalnum() else " " for c in self.section.lower()).split()])

    @property
    def finished(self) -> int:
        return sum(stop.state == "done" for stop in self.stops)

    @property
    def begun(self) -> bool:
        return any(stop.state != "new" for stop in self.stops)

    @cached_property
    def next(self) -> Stop | None:
        """Where to go on: what was begun first, then what comes first. None when everything is done."""
        for state in ("begun", "new"):
            for stop in self.stops:
                if stop.state == state:
                    return stop
        return None

    def stop(self, slug: str) -> Stop:
        """The lab with this slug, which must be on this path."""
        return next(stop for stop in self.stops if stop.lab.slug == slug)

    def beside(self, stop: Stop) -> tuple[Stop | None, Stop | None]:
        """The stops before and after this one."""
        at = stop.number - 1
        return (self.stops[at - 1] if at > 0 else None), (self.stops[at + 1] if at + 1 < len(self.stops) else None)

    def view(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "section": self.section, "finished": self.finished,
            "next": self.next.lab.slug if self.next else None, "labs": [stop.view() for stop in self.stops],
        }  # fmt: skip


def paths(labs: Iterable[Lab], acts: Acts) -> list[Path]:
    """One path for each section, in the order in which the labs come."""
    sections: dict[str, list[Lab]] = {}
    for lab in labs:
        sections.setdefault(lab.section, []).append(lab)
    return [
        Path(section, tuple(_stop(lab, number, acts) for number, lab in enumerate(found, 1)))
        for section, found in sections.items()
    ]


def path_of(labs: Iterable[Lab], lab: Lab, acts: Acts) -> Path:
    """The path that a lab is on."""
    return paths((one for one in labs if one.section == lab.section), acts)[0]


def _stop(lab: Lab, number: int, acts: Acts) -> Stop:
    steps = tuple(step for step in STEPS if _has(lab, step))
    return Stop(lab, number, steps, frozenset(step for step in steps if lab.slug in getattr(acts, step)))


def _has(lab: Lab, step: str) -> bool:
    """Not every lab asks for a prediction or has a question."""
    return {"predicted": bool(lab.predictions), "answered": lab.question is not None}.get(step, True)
