"""How far a run is and how long it will still take: the plan's guesses, corrected by what this run has shown so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from labs.sdk.events import Event
from labs.sdk.lab import Step

TICK_SECONDS = 1.0
NEARLY = 0.95
"""How much of a step counts as done while it runs on beyond its time."""


class Progress:
    """Steps one after the other. All times are seconds of one clock, which the caller reads.

    What a program took says most about its next repeat; a program that has not run yet is as far from its plan as those
    that have.
    """

    def __init__(self, steps: Sequence[Step], now: float) -> None:
        self._steps = steps
        self._done = 0
        self._begun = self._told = now
        self._planned: defaultdict[str, float] = defaultdict(float)
        self._taken: defaultdict[str, float] = defaultdict(float)

    def end(self, now: float) -> None:
        """The step that was running has ended; the next one begins."""
        step = self._steps[self._done]
        self._planned[step.label] += step.seconds
        self._taken[step.label] += now - self._begun
        self._done += 1
        self._begun = self._told = now

    def due(self, now: float) -> bool:
        """Whether a second has passed since somebody was told."""
        return now - self._told >= TICK_SECONDS

    def event(self, now: float) -> Event:
        """The `progress` event of this moment."""
        self._told = now
        current, ahead = self._steps[self._done : self._done + 1], self._steps[self._done + 1 :]
        spent = now - self._begun if current else 0.0
        expected = sum(self._expected(step, 0.0) for step in current)
        over = max(0.0, spent - expected)
        left = max(0.0, expected - spent) + sum(self._expected(step, spent if over else 0.0) for step in ahead)
        share = min(NEARLY, spent / expected) if expected else 0.0
        behind = sum(self._planned.values()) + share * sum(step.seconds for step in current)
        whole = sum(step.seconds for step in self._steps)
        return {
            "e": "progress", "t": now, "done": self._done, "of": len(self._steps),
            "share": round(behind / whole, 3) if whole else 1.0, "left": round(left, 1),
            "spent": round(spent, 1), "over": round(over, 1),
            "text": "".join(f"{step.label}, repeat {step.repeat}" for step in current),
        }  # fmt: skip

    def _expected(self, step: Step, late: float) -> float:
        """Seconds of a step. `late`: what the running one took so far, where that is more than was expected of it."""
        planned, taken = self._planned.copy(), self._taken.copy()
        if late:
            running = self._steps[self._done]
            planned[running.label] += running.seconds
            taken[running.label] += late
        if planned[step.label]:
            return step.seconds * taken[step.label] / planned[step.label]
        behind = sum(planned.values())
        return step.seconds * (sum(taken.values()) / behind if behind else 1.0)
