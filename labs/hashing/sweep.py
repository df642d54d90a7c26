"""The sweep: the same burst with every pool size. Where do more threads stop paying?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from labs.hashing.burst import Burst
from labs.hashing.resource import full
from labs.sdk.events import Event
from labs.sdk.judge import (
    ENOUGH_REPEATS,
    Measured,
    caption,
    cite,
    count,
    finding,
    result,
    runtime_ratios,
    trust,
)
from labs.sdk.knee import WORTH, knee
from labs.sdk.recording import Recording

Curve = dict[int, list[Burst]]


def sweep_findings(recording: Recording) -> Iterator[Event]:
    """Results for each pool size, trust, caption, cards, answer."""
    curves = {r: curve for r in recording.runtimes() if (curve := _curve(recording, r))}
    if not curves:
        yield finding("none", "cannot-tell", "Nothing to say", "No pool size ran to its end.")
        return
    totals = []
    for runtime, curve in curves.items():
        label = recording.label(runtime).split(",")[0]
        for pool, bursts in curve.items():
            total = Measured(tuple(b.total for b in bursts))
            totals.append(total)
            yield result("total", total, "s", runtime=runtime, label=label, x=pool)
            units = Measured(tuple(b.total_units for b in bursts))
            yield result("total, in hashes", units, "hashes", runtime=runtime, label=label, x=pool)
    yield trust(recording, totals)
    runtime, curve = next(iter(curves.items()))
    yield _caption(recording, runtime, curve)
    yield _knee(recording, curve)
    yield _ideal(recording, curve)
    yield from _ratios(recording, curves)
    yield full(recording, curve[max(curve)])


def _curve(recording: Recording, runtime: str) -> Curve:
    curve: Curve = {}
    for part in recording.ended(runtime):
        if (burst := Burst(part)).usable:
            curve.setdefault(burst.pool, []).append(burst)
    return dict(sorted(curve.items()))


def _units(bursts: list[Burst]) -> Measured:
    return Measured(tuple(b.total_units for b in bursts))


def _knee(recording: Recording, curve: Curve) -> Event:
    sizes, cpus = list(curve), recording.cpus
    largest = sizes[-1]
    cites = cite(curve[largest][0].part, curve[largest][0].spans[0].id)
    if len(sizes) < 2:
        return finding("knee", "cannot-tell", "One pool only", "A sweep needs a pool of 2 or more.",
                       cites)  # fmt: skip
    if min(map(len, curve.values())) < ENOUGH_REPEATS:
        text = f"Fewer than {ENOUGH_REPEATS} repeats cannot tell where more threads stop paying from chance."
        return finding("knee", "cannot-tell", "Too few repeats", text, cites)
    found = knee({pool: _units(bursts) for pool, bursts in curve.items()})
    if found is None:
        return finding(
            "knee", "cannot-tell", "Cannot tell",
            "The repeats differ too much to say where more threads stop paying.", cites,
        )  # fmt: skip
    if found == largest:
        text = (
            f"Every larger pool was still faster, up to {largest}. "
            f"This machine has {count(cpus, 'usable CPU')}; sweep further to see the end."
        )
        return finding("knee", "cannot-tell", f"Pays up to {largest}", text, cites)
    text = (
        f"More than {count(found, 'thread')} made the burst no faster "
        f"(tried up to {largest}). This machine has {count(cpus, 'usable CPU')}."
    )
    tasks = int(recording.params.get("tasks", 0))
    verdict = "yes" if found == min(cpus, tasks) else "no"
    return finding("knee", verdict, f"Stops paying at {found}", text, cites)


def _ideal(recording: Recording, curve: Curve) -> Event:
    """The largest pool against a machine with a CPU for every thread."""
    sizes = list(curve)
    tasks, largest = int(recording.params.get("tasks", 0)), sizes[-1]
    ideal = math.ceil(tasks / largest)
    measured = _units(curve[largest])
    text = (
        f"With {largest} threads and a CPU for each, {tasks} hashes would take the time of {ideal}. "
        f"Here they took {measured.words()}."
    )
    far = measured.surely_above(ideal * WORTH)
    near = measured.surely_below(ideal * WORTH)
    verdict = "yes" if far else "no" if near else "cannot-tell"
    cites = cite(curve[largest][0].part, curve[largest][0].spans[-1].id)
    return finding("ideal", verdict, f"{measured.median / ideal:.1f}× the ideal", text, cites)


def _ratios(recording: Recording, curves: dict[str, Curve]) -> Iterator[Event]:
    """Runtimes compared over all pool sizes they share, repeat by repeat."""
    shared = set.intersection(*(set(curve) for curve in curves.values()))
    totals = {
        runtime: tuple(b.total for pool in sorted(shared) for b in curve[pool]) for runtime, curve in curves.items()
    }
    yield from runtime_ratios(recording, totals)


def _caption(recording: Recording, runtime: str, curve: Curve) -> Event:
    sizes = list(curve)
    small, large = _units(curve[sizes[0]]).median, _units(curve[sizes[-1]]).median
    text = (
        f"{recording.label(runtime).split(',')[0]}: the burst took {small:.2f} hashes with "
        f"{count(sizes[0], 'thread')} and {large:.2f} with {sizes[-1]}, "
        f"on {count(recording.cpus, 'usable CPU')}."
    )
    return caption("sweep", text)
