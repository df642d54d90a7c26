"""How late the loop was while work went on somewhere, and which ways of working keep it free."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

from labs.sdk.events import Event
from labs.sdk.in_units import InUnits
from labs.sdk.judge import Measured, cite, finding, listed
from labs.sdk.recording import Part, Recording

FREE, BLOCKED = 0.1, 0.5
"""A loop is called free when it was never late by more than the first share of the time that the work took;
blocked when it was late by more than the second."""


class LoopAct(InUnits):
    """Work done once, in one way, beside a loop that has a heartbeat."""

    def __init__(self, part: Part, way: str) -> None:
        super().__init__(part)
        self.way = way

    @property
    @abstractmethod
    def lags(self) -> list[float]:
        """Loop lags of the beats that were due, or late, meanwhile. Seconds."""

    @property
    @abstractmethod
    def lasted(self) -> float:
        """Seconds from the begin of the work to its end."""

    @property
    @abstractmethod
    def proof(self) -> str:
        """The id of a span that shows the work."""

    @property
    def longest_lag(self) -> float | None:
        return max(self.lags, default=None)

    @property
    def lag(self) -> float | None:
        """Median loop lag meanwhile."""
        return median(self.lags) if self.lags else None

    @property
    def lag_share(self) -> float | None:
        """The longest lag in times of the work as long as it took here: a machine's mood changes both."""
        return None if self.longest_lag is None else self.longest_lag / self.lasted


A = TypeVar("A", bound=LoopAct)


def known(acts: Sequence[A], value: Callable[[A], float | None]) -> Measured | None:
    """The values that are known; None without any."""
    return Measured.of(found for act in acts if (found := value(act)) is not None)


def longest_lag(acts: Sequence[LoopAct]) -> Measured | None:
    """Of several repeats."""
    return known(acts, lambda act: act.longest_lag)


def lag_words(label: str, acts: Mapping[str, Sequence[LoopAct]], ways: Mapping[str, str]) -> str:
    """One sentence. `acts`: repeats by way; `ways`: each way in words that follow a verb ("in a thread")."""
    lags = [f"{lag.words(3)} s {ways[way]}" for way, found in acts.items() if (lag := longest_lag(found))]
    return f"{label}, longest loop lag: {listed(lags) or 'unknown'}."


def free_card(
    recording: Recording, runtime: str, acts: Mapping[str, Sequence[LoopAct]], ways: Mapping[str, str]
) -> Event:
    """Which ways keep the loop free; work on the loop itself is expected to block it, any other way is not."""
    states = {way: _state(found) for way, found in acts.items()}
    verdicts = {_verdict(way, state) for way, state in states.items()}
    verdict = next(v for v in ("no", "cannot-tell", "yes") if v in verdicts)
    kept = [ways[way] for way, state in states.items() if state == "free"]
    unclear = [ways[way] for way, state in states.items() if state == "unclear"]
    text = f"{lag_words(recording.label(runtime), acts, ways)} "
    text += "Free is a loop that was never late by a tenth of the time that the work took there."
    if unclear:
        text += f" {listed(unclear).capitalize()} it was neither free in every repeat nor blocked in every repeat."
    headline = f"Free: {listed(kept)}" if kept else "Cannot tell" if unclear else "No way kept it free"
    cites = [c for found in acts.values() for c in cite(found[0].part, found[0].proof)]
    return finding(f"free-{runtime}", verdict, headline, text, cites)


def _state(acts: Sequence[LoopAct]) -> str:
    """Of the loop: free, blocked or unclear."""
    shares = known(acts, lambda act: act.lag_share)
    if shares is not None and shares.surely_below(FREE):
        return "free"
    return "blocked" if shares is not None and shares.surely_above(BLOCKED) else "unclear"


def _verdict(way: str, state: str) -> str:
    if state == "unclear":
        return "cannot-tell"
    return "yes" if state == ("blocked" if way == "loop" else "free") else "no"
