"""The sweep: the same work with every pool size. For which kind does a larger pool pay?"""

from __future__ import annotations

from collections.abc import Iterator

from labs.os_async.batch import Batch
from labs.os_async.words import answer_of, by_runtime, name, of_kind, results
from labs.sdk.events import Event
from labs.sdk.judge import Measured, caption, cite, count, finding, paired_ratio, trust
from labs.sdk.knee import knee
from labs.sdk.recording import Recording

FLAT = 1.25
"""Totals within this factor of each other count as the same for every pool."""

Curve = dict[int, list[Batch]]
"""The repeats by pool size, the smallest first."""


def sweep_findings(recording: Recording) -> Iterator[Event]:
    """Results for each pool size, trust, caption, cards, answer."""
    curves = _curves(recording)
    if not curves:
        yield finding("none", "cannot-tell", "Nothing to say", "No pool size ran to its end.")
        return
    for (runtime, kind), curve in curves.items():
        for pool, batches in curve.items():
            yield from results(recording, runtime, kind, batches, x=pool)
    totals = [Measured(tuple(b.total for b in batches)) for curve in curves.values() for batches in curve.values()]
    yield trust(recording, totals)
    yield caption("sweep", _caption(recording, curves))
    requests, reads, hashes = (of_kind(curves, kind) for kind in ("requests", "reads", "hashes"))
    if requests:
        yield _flat(recording, requests)
    if reads:
        yield _falls(recording, reads)
    if hashes:
        yield _knee(recording, hashes)
    yield answer_of([batch for curve in curves.values() for batch in curve[min(curve)]])


def _curves(recording: Recording) -> dict[tuple[str, str], Curve]:
    curves: dict[tuple[str, str], Curve] = {}
    for runtime in recording.runtimes():
        for part in recording.ended(runtime):
            if (batch := Batch(part)).usable:
                curves.setdefault((runtime, batch.kind), {}).setdefault(batch.pool, []).append(batch)
    return {key: dict(sorted(curve.items())) for key, curve in curves.items()}


def _gain(curve: Curve) -> Measured | None:
    """How many times faster all were with the largest pool than with the smallest, repeat by repeat."""
    small, large = curve[min(curve)], curve[max(curve)]
    return paired_ratio([b.total for b in small], [b.total for b in large])


def _gains(found: dict[str, Curve]) -> dict[str, Measured]:
    return {runtime: gain for runtime, curve in found.items() if len(curve) > 1 and (gain := _gain(curve))}


def _ends(recording: Recording, found: dict[str, Curve]) -> tuple[str, list[dict[str, str]]]:
    """ "2.41 s with 1 thread and 0.21 s with 8", and the spans that ended last."""
    said = {}
    for runtime, curve in found.items():
        small, large = min(curve), max(curve)
        first, last = (Measured(tuple(b.total for b in curve[pool])).median for pool in (small, large))
        said[runtime] = f"{first:.2f} s with {count(small, 'thread')} and {last:.2f} s with"
    curve = next(iter(found.values()))
    cites = [c for pool in (min(curve), max(curve)) for c in cite(curve[pool][0].part, curve[pool][0].by_end[-1].id)]
    return by_runtime(recording, said, str(max(curve))), cites


def _flat(recording: Recording, found: dict[str, Curve]) -> Event:
    """Requests: any pool will do."""
    said, cites = _ends(recording, found)
    gains = list(_gains(found).values())
    fewest = [curve[min(curve)] for curve in found.values()]
    first = fewest[0][0]
    text = f"All {count(first.size, 'request')} took {said}."
    if not gains:
        return finding("flat", "cannot-tell", "One pool only", text + " A sweep needs a pool of 2 or more.", cites)
    if first.rounds == 1:
        return finding("flat", "cannot-tell", "Only one request", text + " One never needs two threads.", cites)
    if all(gain.surely_below(FLAT) and gain.surely_above(1 / FLAT) for gain in gains):
        return finding("flat", "yes", "Any pool will do", text + " The size of the pool made no difference.", cites)
    if all(batch.times < batch.limit for batches in fewest for batch in batches):
        text += f" On {count(first.pool, 'thread')} they would have taken as long as {first.rounds}: they need none."
        return finding("flat", "yes", "Any pool will do", text, cites)
    if all(gain.surely_above(FLAT) for gain in gains):
        return finding("flat", "no", "The pool mattered", text, cites)
    return finding("flat", "cannot-tell", "Cannot tell", text + " The repeats differ too much.", cites)


def _falls(recording: Recording, found: dict[str, Curve]) -> Event:
    """Reads: as many at a time as there are threads, whatever the CPUs."""
    said, cites = _ends(recording, found)
    gains = _gains(found)
    curve = next(iter(found.values()))
    small, large = curve[min(curve)][0], curve[max(curve)][0]
    text = f"All {count(small.size, 'read')} took {said}."
    if not gains or small.rounds == large.rounds:
        text += " These pools leave the same number of rounds, so nothing can change."
        return finding("falls", "cannot-tell", "Nothing to compare", text, cites)
    gained = by_runtime(recording, {r: gain.words(1) for r, gain in gains.items()}, "times", " faster")
    text += f" That is {gained}; the machine has {count(recording.cpus, 'CPU')}, and a read that waits needs none."
    if all(gain.surely_above(FLAT) for gain in gains.values()):
        fastest = max(gain.median for gain in gains.values())
        return finding("falls", "yes", f"{fastest:.1f}× faster with {large.pool}", text, cites)
    if all(gain.surely_below(FLAT) for gain in gains.values()):
        return finding("falls", "no", "Threads did not help", text, cites)
    return finding("falls", "cannot-tell", "Cannot tell", text + " The repeats differ too much.", cites)


def _knee(recording: Recording, found: dict[str, Curve]) -> Event:
    """Hashes: threads pay until the CPUs are busy."""
    said, cites = _ends(recording, found)
    runtime, curve = next(iter(found.items()))
    text = f"All {count(curve[min(curve)][0].size, 'hash', 'hashes')} took {said}."
    sizes, busy = list(curve), min(recording.cpus, curve[min(curve)][0].size)
    if len(sizes) < 2:
        return finding("knee", "cannot-tell", "One pool only", text + " A sweep needs a pool of 2 or more.", cites)
    at = knee({pool: Measured(tuple(b.times for b in batches)) for pool, batches in curve.items()})
    if at is None:
        text += " The repeats differ too much to say where more threads stop paying."
        return finding("knee", "cannot-tell", "Cannot tell", text, cites)
    if at == sizes[-1]:
        text += f" Every larger pool was still faster, up to {at}."
        return finding("knee", "cannot-tell", f"Pays up to {at}", text, cites)
    who = "" if len(found) == 1 else f" on {name(recording, runtime)}"
    text += f" More than {count(at, 'thread')} made them no faster{who}, on {count(recording.cpus, 'CPU')}."
    expected = next((size for size in sizes if size >= busy), sizes[-1])
    return finding("knee", "yes" if at == expected else "no", f"Stops paying at {at}", text, cites)


def _caption(recording: Recording, curves: dict[tuple[str, str], Curve]) -> str:
    runtime = next(iter(curves))[0]
    said = []
    for (of, kind), curve in curves.items():
        if of == runtime and (gain := _gain(curve)):
            said.append(f"{kind} {gain.words(1)}")
    pools = next(iter(curves.values()))
    small, large = count(min(pools), "thread"), max(pools)
    return f"{name(recording, runtime)}: times faster with {large} than with {small}: {', '.join(said)}."
