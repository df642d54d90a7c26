"""From numbers to careful words: medians, spreads, paired ratios, and when to say "cannot tell"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from labs.sdk.events import Event
from labs.sdk.recording import Part, Recording

STEADY_DRIFT = 0.10
STEADY_SPREAD = 0.15
ENOUGH_REPEATS = 3


@dataclass(frozen=True)
class Measured:
    """Repeated values of one quantity: median and the range that all repeats fell into."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> Measured | None:
        kept = tuple(values)
        return cls(kept) if kept else None

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def low(self) -> float:
        return min(self.values)

    @property
    def high(self) -> float:
        return max(self.values)

    @property
    def spread(self) -> float:
        """Range over median."""
        return (self.high - self.low) / self.median if self.median else 0.0

    def surely_above(self, limit: float) -> bool:
        return self.low > limit

    def surely_below(self, limit: float) -> bool:
        return self.high < limit

    def words(self, digits: int = 2) -> str:
        """As text: "1.86 (1.80 to 1.95)", or "1.86" where so few digits show no spread."""
        middle, low, high = (f"{value:.{digits}f}" for value in (self.median, self.low, self.high))
        return middle if low == high else f"{middle} ({low} to {high})"


def paired_ratio(top: Sequence[float], bottom: Sequence[float]) -> Measured | None:
    """Ratio repeat by repeat. Interleaved repeats share the machine's mood, so their ratio is calmer."""
    return Measured.of(a / b for a, b in zip(top, bottom, strict=False) if b > 0)


def cite(part: Part, *ids: str) -> list[dict[str, str]]:
    """Spans that prove a finding."""
    return [{"part": part.id, "id": id} for id in ids]


def finding(id: str, verdict: str, headline: str, text: str, cites: list[dict[str, str]] | None = None) -> Event:
    """A card under the charts. `verdict`: yes (as expected), no (not so here), cannot-tell."""
    return {
        "e": "finding", "role": "finding", "id": id, "verdict": verdict,
        "headline": headline, "text": text, "cites": cites or [],
    }  # fmt: skip


def caption(chart: str, text: str) -> Event:
    """The sentence under a chart."""
    return {"e": "finding", "role": "caption", "chart": chart, "text": text}


def answer(question: str, value: str, text: str, cites: list[dict[str, str]]) -> Event:
    """What the spans say to the lab's question; `value` "cannot-tell" when they do not."""
    return {
        "e": "finding", "role": "answer", "question": question,
        "answer": value, "text": text, "cites": cites,
    }  # fmt: skip


def result(name: str, measured: Measured, unit: str, **more: Any) -> Event:
    """A row of the result table. `more`: runtime, label, x, and the ids of the `parts` that the values come from."""
    return {
        "e": "result", "name": name, "value": measured.median, "unit": unit,
        "n": len(measured.values), "spread": [measured.low, measured.high],
        "values": list(measured.values), **more,
    }  # fmt: skip


def part_unit(part: Part) -> float | None:
    """Seconds of one unit of work around this part (median of before and after)."""
    values = part.values("unit")
    return median(values) if values else None


def drift(recording: Recording) -> float:
    """By how much the unit of work changed during the run: the widest step between the parts' units, relative.

    Compared within a runtime, since two runtimes may need different times for the same work.
    """
    widest = 0.0
    for runtime in recording.runtimes():
        units = [u for u in map(part_unit, recording.ended(runtime)) if u]
        if len(units) == 1:
            part = recording.ended(runtime)[0]
            units = [median(part.values("unit", when)) for when in ("before", "after")
                     if part.values("unit", when)]  # fmt: skip
        if units:
            widest = max(widest, (max(units) - min(units)) / median(units))
    return widest


def trust(recording: Recording, totals: Iterable[Measured]) -> Event:
    """The badge: may the numbers of this run be believed, and why (not)."""
    spread = max((total.spread for total in totals), default=0.0)
    repeats = min((len(recording.ended(r)) for r in recording.runtimes()), default=0)
    moved, unit = drift(recording), recording.unit()
    quiet = bool(recording.host.get("quiet", True))
    repeats = min(repeats, int(recording.params.get("repeats", repeats)))
    if repeats < ENOUGH_REPEATS:
        level, text = "single", f"{repeats} repeat{'s' * (repeats != 1)}: too few to know the spread"
    elif moved > STEADY_DRIFT:
        level = "noisy"
        text = f"Noisy: the same single piece of work changed by {moved:.0%} during this run"
    elif spread > STEADY_SPREAD:
        level, text = "noisy", f"Noisy: {repeats} repeats, spread {spread:.0%}"
    else:
        level, text = "steady", f"Steady: {repeats} repeats, spread {spread:.0%}"
    if not quiet:
        text += f", the machine was {recording.host.get('busy', 0):.0%} busy before"
    return {
        "e": "trust", "level": level, "text": text, "unit": unit, "drift": moved,
        "spread": spread, "n": repeats, "cpus": recording.cpus, "quiet": quiet,
    }  # fmt: skip


def runtime_ratios(recording: Recording, totals: Mapping[str, Sequence[float]]) -> Iterator[Event]:
    """Every further runtime against the first, repeat by repeat. `totals`: seconds by runtime."""
    first, *others = totals
    for other in others:
        ratio = paired_ratio(totals[other], totals[first])
        if ratio is None:
            continue
        name, base = recording.label(other).split(",")[0], recording.label(first).split(",")[0]
        yield result(f"{name} ÷ {base}", ratio, "×", runtime=other)
        text = f"{name} took {ratio.words()} times as long as {base}, repeat by repeat."
        if len(ratio.values) < 3:
            verdict, headline = "cannot-tell", "Cannot tell"
            text += " Fewer than three repeats cannot tell a difference from chance."
        elif ratio.low <= 1 <= ratio.high:
            verdict, headline = "cannot-tell", "As fast, or cannot tell"
            text += " Some repeats were faster, some slower."
        else:
            verdict, headline = "yes", f"{name} {ratio.median:.2f}×"
        yield finding(f"ratio-{other}", verdict, headline, text)


def count(n: int, one: str, many: str | None = None) -> str:
    """As text: "1 hash", "2 hashes"."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def between(numbers: Iterable[int]) -> str:
    """As text: "3", or "3 to 5" where they differ."""
    found = list(numbers)
    low, high = min(found), max(found)
    return str(low) if low == high else f"{low} to {high}"


def listed(words: Sequence[str]) -> str:
    """As text: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def rivals(recording: Recording) -> str:
    """What may have taken the CPU time that the work lacked, as far as the facts about the machine tell."""
    host, who = recording.host, ["other programs"]
    if host.get("shared"):
        who.append("other machines on the same hardware")
    if host.get("quota") is not None:
        who.append("the CPU limit of this container")
    return ", or ".join(who)
