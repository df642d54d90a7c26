"""What a hashing run shows, computed from its spans and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from labs.hashing.burst import Burst
from labs.hashing.resource import cpu_words, full
from labs.hashing.sweep import sweep_findings
from labs.sdk.events import Event
from labs.sdk.judge import (
    Measured,
    caption,
    cite,
    count,
    finding,
    result,
    runtime_ratios,
    trust,
)
from labs.sdk.recording import Recording

SLOWER = 1.15
"""A hash that took this many times its time alone counts as slower; below, as the same."""

AT_ONCE = 0.15
"""Hashes that began within this many units of each other began together."""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, the trust badge, captions, cards and the answer, in the order they are shown."""
    if recording.params.get("mode") == "sweep":
        yield from sweep_findings(recording)
        return
    bursts = {r: [Burst(p) for p in recording.ended(r)] for r in recording.runtimes()}
    bursts = {r: [b for b in found if b.usable] for r, found in bursts.items()}
    bursts = {r: found for r, found in bursts.items() if found}
    if not bursts:
        yield finding("none", "cannot-tell", "Nothing to say", "No hash was seen from begin to end.")
        return
    totals = {r: Measured(tuple(b.total for b in found)) for r, found in bursts.items()}
    for runtime, found in bursts.items():
        label = recording.label(runtime)
        yield result("total", totals[runtime], "s", runtime=runtime, label=label)
        yield result("total, in hashes", Measured(tuple(b.total_units for b in found)), "hashes",
                     runtime=runtime, label=label)  # fmt: skip
        yield result("one hash alone", Measured(tuple(b.unit for b in found)), "s",
                     runtime=runtime, label=label)  # fmt: skip
    yield trust(recording, totals.values())
    first = next(iter(bursts))
    shown = bursts[first]
    yield _caption(recording, shown)
    yield _width(shown)
    yield _waiting(shown)
    yield _slowdown(recording, shown)
    yield from runtime_ratios(recording, {r: t.values for r, t in totals.items()})
    yield full(recording, shown)


def _width(bursts: list[Burst]) -> Event:
    """How many ran at once, against what was asked for."""
    part, pool, tasks = bursts[0].part, bursts[0].pool, len(bursts[0].spans)
    widths = sorted({burst.width for burst in bursts})
    headline = f"{widths[0]} wide" if len(widths) == 1 else f"{widths[0]} to {widths[-1]} wide"
    cites = cite(part, *(span.id for span in bursts[0].first_wave()))
    if tasks <= pool and widths == [tasks]:
        text = (
            f"{_all(tasks)} ran at once and no thread was missed. "
            f"To see the edge of the pool, ask for more than {pool} hashes."
        )
        return finding("width", "cannot-tell", headline, text, cites)
    if widths == [pool]:
        text = f"The pool never ran more than {pool} at once, as asked, in any repeat."
        return finding("width", "yes", headline, text, cites)
    text = f"Asked for a pool of {pool}, but {headline.replace(' wide', '')} ran at once."
    return finding("width", "no", headline, text, cites)


def _waiting(bursts: list[Burst]) -> Event:
    """Who waited for a thread, and how long."""
    burst = bursts[0]
    late = burst.late()
    if not late:
        return finding(
            "waiting", "no", "Nobody waited", "Every hash found a free thread at once.",
            cite(burst.part, burst.spans[0].id),
        )  # fmt: skip
    waits = Measured(tuple(b.late()[0].waited / b.unit for b in bursts if b.late()))
    name, unit = late[0].name.capitalize(), _hashes(waits.median)
    waves = burst.waves
    together = burst.first_wave_together(AT_ONCE)
    began = f"Hashes 1 to {burst.width} started together. " if together and burst.width > 1 else ""
    others = "" if len(late) == 1 else f" {len(late) - 1} more waited as well."
    text = f"{began}{name} waited {waits.words()} hashes until a thread came free.{others}"
    headline = f"Waited {unit}" if waves == 2 else f"{waves} waves"
    return finding("waiting", "yes", headline, text, cite(burst.part, late[0].id))


def _slowdown(recording: Recording, bursts: list[Burst]) -> Event:
    """How much slower a hash is in company than alone."""
    ratio = Measured(tuple(b.slowdown for b in bursts))
    width, cpus = bursts[0].width, recording.cpus
    cites = cite(bursts[0].part, *(s.id for s in bursts[0].first_wave()))
    on = f"with {count(width, 'thread')} on {count(cpus, 'CPU')}"
    if width == 1:
        return finding("slowdown", "cannot-tell", "Only one at a time",
                       "One hash ran at a time, so none could slow another down.", cites)  # fmt: skip
    if ratio.surely_above(SLOWER):
        text = f"Each hash took {ratio.words()} times its time alone, {on}. {cpu_words(recording, bursts)}"
        verdict = "yes" if width > cpus else "no"
        return finding("slowdown", verdict, f"{ratio.median:.1f}× slower", text.strip(), cites)
    if ratio.surely_below(SLOWER):
        text = f"A hash took {ratio.words()} times its time alone, {on}: as fast as alone."
        verdict = "yes" if width <= cpus else "no"
        return finding("slowdown", verdict, "Not slower", text, cites)
    text = (
        f"{on.capitalize()} a hash took {ratio.words()} times its time alone. "
        "The repeats differ too much to call that slower or the same."
    )
    return finding("slowdown", "cannot-tell", "Cannot tell", text, cites)


def _caption(recording: Recording, bursts: list[Burst]) -> Event:
    burst = bursts[0]
    slow = Measured(tuple(b.slowdown for b in bursts))
    who = recording.label(burst.part.runtime)
    text = (
        f"{who}: {count(burst.width, 'hash', 'hashes')} ran at once and each took "
        f"{slow.words(1)} times one hash alone, on {count(recording.cpus, 'CPU')}."
    )
    if late := burst.late():
        text += f" {late[0].name.capitalize()} began when a thread came free."
    return caption("timeline", text)


def _all(n: int) -> str:
    return {1: "The one hash", 2: "Both"}.get(n, f"All {n}")


def _hashes(value: float) -> str:
    return f"{value:.2f} hashes"
