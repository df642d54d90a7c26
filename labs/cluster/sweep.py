"""The sweep: the same load on 1, 2 … n workers. Throughput, latency, memory, and where more workers stop paying."""

from __future__ import annotations

from collections.abc import Iterator

from labs.cluster.served import Served, measured, name, servings
from labs.sdk.events import Event
from labs.sdk.judge import ENOUGH_REPEATS, Measured, caption, cite, count, drift, finding, result, trust
from labs.sdk.knee import UNKNOWN_KNEE, WORTH, workers_knee
from labs.sdk.recording import Recording

Curve = dict[int, list[Served]]
"""The repeats at each number of workers."""

LOAD = "closed"
KINDS = ("RSS", "PSS", "USS")
FAIR = 1.5
"""A worker that serves so many times as many as another has been preferred."""

ENOUGH_EACH = 30
"""Fewer requests for each worker than this say nothing of an even spread: chance alone makes it uneven."""

RARELY = 2.33
"""Chance alone exceeds so many standard deviations in one of a hundred cases."""

WILD_DRIFT = 0.5
"""If one hash alone changed by more than this during the run, the numbers tell of the machine."""


def sweep_findings(recording: Recording) -> Iterator[Event]:
    """Results for each number of workers, trust, captions, cards."""
    curves = {r: curve for r in recording.runtimes() if (curve := _curve(recording, r))}
    if not curves:
        yield finding("none", "cannot-tell", "Nothing to say", "No number of workers ran to its end.")
        return
    totals: list[Measured] = []
    for runtime, curve in curves.items():
        for workers, parts in curve.items():
            totals.append(_units(parts))
            yield from _rows(recording, runtime, workers, parts)
    yield trust(recording, totals)
    yield caption("sweep", " ".join(_words(recording, r, curve) for r, curve in curves.items()))
    moved = drift(recording)
    for runtime, curve in curves.items():
        yield _doubted(_knee(recording, runtime, curve), moved, UNKNOWN_KNEE)
        yield _doubted(_ideal(recording, runtime, curve), moved, "The gain: cannot tell")
        yield _doubted(_waiting(recording, runtime, curve), moved, "The waits: cannot tell")
        yield _memory(recording, runtime, curve)
        yield _fair(recording, runtime, curve)


def _curve(recording: Recording, runtime: str) -> Curve:
    curve: Curve = {}
    for part in servings(recording, runtime, LOAD):
        curve.setdefault(part.workers, []).append(part)
    return dict(sorted(curve.items()))


def _rows(recording: Recording, runtime: str, workers: int, parts: list[Served]) -> Iterator[Event]:
    label = name(recording, runtime)
    more = {"runtime": runtime, "x": workers, "parts": [part.part.id for part in parts]}
    yield result("total", measured(part.total(LOAD) for part in parts), "s", label=label, **more)
    yield result("total, in hashes", _units(parts), "hashes", label=label, **more)
    rates = measured(len(part.of(LOAD)) / part.total(LOAD) for part in parts)
    yield result("throughput", rates, "requests/s", label=label, **more)
    yield result("middle request", _middle(parts), "ms", label=label, **more)
    for kind in KINDS:
        told = [megabytes for part in parts if (megabytes := part.memory(kind)) is not None]
        if len(told) == len(parts):
            yield result("memory of all workers", measured(told), "MB", label=f"{label}, {kind}", **more)


def _doubted(card: Event, moved: float, headline: str) -> Event:
    """Three repeats may agree by chance; on a machine that changes so much they prove nothing."""
    if moved <= WILD_DRIFT:
        return card
    text = f"{card['text']} But one hash alone changed by {moved:.0%} during this run: that is the machine."
    return {**card, "verdict": "cannot-tell", "headline": headline, "text": text}


def _knee(recording: Recording, runtime: str, curve: Curve) -> Event:
    label, largest, cpus = name(recording, runtime), max(curve), recording.cpus
    key, cites = f"knee-{runtime}", _cites(curve)
    totals = {workers: _units(parts) for workers, parts in curve.items()}
    found = workers_knee(key, label, totals, min(map(len, curve.values())), cites)
    if not isinstance(found, int):
        return found
    on, expected = f"on {count(cpus, 'usable CPU')}", _expected(curve, cpus)
    if found == largest:
        text = f"{label}: every larger number was still faster, up to {largest}, {on}. No larger number was tried."
        return finding(key, "cannot-tell" if found in expected else "no", f"Pays up to {largest}", text, cites)
    text = f"{label}: more than {count(found, 'worker')} answered no faster (tried up to {largest}), {on}."
    return finding(key, "yes" if found in expected else "no", f"Stops paying at {found}", text, cites)


def _expected(curve: Curve, cpus: int) -> set[int]:
    """Numbers of workers at which an ideal machine stops paying: enough for the CPUs, or as good as enough."""
    reach = min(cpus, max(curve))
    return {min(n for n in curve if n >= reach), min(n for n in curve if reach / n <= WORTH)}


def _ideal(recording: Recording, runtime: str, curve: Curve) -> Event:
    """At as many workers as CPUs (or the next smaller number that was tried): the gain against one worker."""
    label, key, cites = name(recording, runtime), f"ideal-{runtime}", _cites(curve)
    fitting = max((n for n in curve if n <= recording.cpus), default=1)
    if fitting < 2 or 1 not in curve:
        text = f"{label}: with {count(recording.cpus, 'usable CPU')} there is nothing to gain from a second worker."
        return finding(key, "cannot-tell", "One CPU, one worker", text, cites)
    gain = measured(
        (one.total(LOAD) / one.unit) / (many.total(LOAD) / many.unit)
        for one, many in zip(curve[1], curve[fitting], strict=False)
    )
    text = (
        f"{label}: {fitting} workers answered {gain.words()} times as many requests a second as one; the ideal is "
        f"{fitting}, so {gain.median / fitting:.0%} of it."
    )
    near, far = gain.surely_above(fitting / WORTH), gain.surely_below(fitting / WORTH)
    verdict = "yes" if near else "no" if far else "cannot-tell"
    if len(gain.values) < ENOUGH_REPEATS:
        verdict, text = "cannot-tell", f"{text} Fewer than three repeats cannot tell a difference from chance."
    headline = "The gain: cannot tell" if verdict == "cannot-tell" else f"{gain.median:.2f}× with {fitting} workers"
    return finding(key, verdict, headline, text, cites)


def _waiting(recording: Recording, runtime: str, curve: Curve) -> Event:
    """What more workers did to the middle request."""
    label, few, many = name(recording, runtime), min(curve), max(curve)
    first, last = _middle(curve[few]), _middle(curve[many])
    text = (
        f"{label}: the middle request took {first.words(0)} ms with {count(few, 'worker')} and {last.words(0)} ms with "
        f"{many}. {count(int(recording.params.get('visitors', 1)), 'visitor')} were waiting all the time."
    )
    enough = len(curve[few]) >= ENOUGH_REPEATS and few < many
    better, worse = enough and last.high * WORTH < first.low, enough and first.high * WORTH < last.low
    headline = "Shorter waits" if better else "Longer waits" if worse else "No clear change in the waits"
    verdict = "yes" if better else "no" if worse else "cannot-tell"
    return finding(f"waiting-{runtime}", verdict, headline, text, _cites(curve))


def _memory(recording: Recording, runtime: str, curve: Curve) -> Event:
    """What one worker costs, told truthfully: shared pages are there once."""
    largest = max(curve)
    told = {
        kind: measured(megabytes / largest for megabytes in values)
        for kind in KINDS
        if (values := [m for part in curve[largest] if (m := part.memory(kind)) is not None])
    }
    key, label = f"memory-{runtime}", name(recording, runtime)
    if "RSS" not in told:
        return finding(key, "cannot-tell", "Memory unknown", f"{label}: this system did not tell.", _cites(curve))
    text = f"{label}: each of {count(largest, 'worker')} shows {told['RSS'].median:.0f} MB (RSS)"
    if "USS" not in told:
        text += "; how much of that is shared, this system does not tell."
        return finding(key, "cannot-tell", f"At most {told['RSS'].median:.0f} MB a worker", text, _cites(curve))
    text += f", of which {told['USS'].median:.0f} MB are its own (USS)."
    if "PSS" in told:
        text += f" With shared pages divided among those who share them it is {told['PSS'].median:.0f} MB (PSS)."
    return finding(key, "yes", f"{told['USS'].median:.0f} MB more a worker", text, _cites(curve))


def _fair(recording: Recording, runtime: str, curve: Curve) -> Event:
    """Were the requests spread evenly?"""
    key, label, largest = f"fair-{runtime}", name(recording, runtime), max(curve)
    if largest < 2:
        return finding(key, "cannot-tell", "One worker only", f"{label}: one worker served all.", _cites(curve))
    shares = [sorted(part.served_by(LOAD).values()) for part in curve[largest]]
    ratios = [most[-1] / max(1, most[0]) for most in shares]
    few, many = min(share[0] for share in shares), max(share[-1] for share in shares)
    text = f"{label}: of {largest} workers the least busy answered {few} requests, the busiest {many}."
    if len(shares) < ENOUGH_REPEATS or min(map(sum, shares)) < ENOUGH_EACH * largest:
        text = f"{text} It takes three repeats and {ENOUGH_EACH} requests for each worker to tell that from chance."
        return finding(key, "cannot-tell", "An even spread: cannot tell", text, _cites(curve))
    if max(ratios) < FAIR:
        return finding(key, "yes", "Spread evenly", text, _cites(curve))
    if min(ratios) >= FAIR and not any(map(_by_chance, shares)):
        return finding(key, "no", "Spread unevenly", text, _cites(curve))
    return finding(
        key,
        "cannot-tell",
        "An even spread: cannot tell",
        f"{text} The repeats differ, or chance alone may do that.",
        _cites(curve),
    )


def _by_chance(share: list[int]) -> bool:
    """May workers that are all alike have got so many each? A chi-square test (its limit: Wilson and Hilferty's)."""
    even, free = sum(share) / len(share), len(share) - 1
    wide = 2 / (9 * free)
    limit: float = free * (1 - wide + RARELY * wide**0.5) ** 3
    return sum((n - even) ** 2 / even for n in share) < limit


def _cites(curve: Curve) -> list[dict[str, str]]:
    few, many = curve[min(curve)][0], curve[max(curve)][0]
    return [*cite(few.part, few.of(LOAD)[-1].id), *cite(many.part, many.of(LOAD)[-1].id)]


def _units(parts: list[Served]) -> Measured:
    return measured(part.total(LOAD) / part.unit for part in parts)


def _middle(parts: list[Served]) -> Measured:
    return measured(1000 * part.middle(LOAD) for part in parts)


def _words(recording: Recording, runtime: str, curve: Curve) -> str:
    few, many = min(curve), max(curve)
    asked = count(int(recording.params.get("requests", 1)), "request")
    return (
        f"{name(recording, runtime)}: {asked} took {_units(curve[few]).median:.0f} hashes with {count(few, 'worker')} "
        f"and {_units(curve[many]).median:.0f} with {many}."
    )
