"""What a run of the cluster shows, computed from its requests and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from labs.cluster.arrivals import arrivals_findings
from labs.cluster.behind import behind_findings
from labs.cluster.served import Served, name, servings
from labs.cluster.sweep import sweep_findings
from labs.sdk.events import Event
from labs.sdk.judge import answer, cite, count, finding
from labs.sdk.recording import Recording

LOADS = {"behind": "/", "sweep": "closed", "arrivals": "closed"}
FULL = 0.85
"""Of the time; below it something had nothing to do, above it hardly."""

NEARLY = 0.70
"""Between the two nobody can tell."""

SLOWED = 1.5
"""A hash that took so many times as long as it should has waited for a CPU that somebody else had."""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, captions, cards, then what was lost, what the load generator says of itself, and the answer."""
    mode = str(recording.params.get("mode", "behind"))
    which = {"behind": behind_findings, "sweep": sweep_findings, "arrivals": arrivals_findings}
    yield from which[mode](recording)
    load = LOADS[mode]
    parts = [part for runtime in recording.runtimes() for part in servings(recording, runtime, load)]
    if parts:
        yield _lost(parts)
    if any(part.complaints() for part in parts):
        yield _generator(parts)
    yield _answer(recording, load)


def _lost(parts: list[Served]) -> Event:
    lost, asked = sum(part.lost for part in parts), sum(len(part.part.spans) for part in parts)
    if lost == 0:
        return finding("lost", "yes", "No request was lost", f"All of {count(asked, 'request')} were answered.")
    first = next(part for part in parts if part.lost)
    ids = [span.id for span in first.part.spans.values() if not span.complete][:3]
    text = f"{lost} of {count(asked, 'request')} got no answer; the marks in the chart say why."
    return finding("lost", "no", f"{lost} lost", text, cite(first.part, *ids))


def _generator(parts: list[Served]) -> Event:
    """A word of caution where the process that sends the requests may have been the limit."""
    limited = [part for part in parts if part.complaints()]
    text = (
        f"In {len(limited)} of {count(len(parts), 'part')} the numbers may tell of the visitors and not of the server: "
        f"{limited[0].complaints()[0]}."
    )
    return finding("generator", "cannot-tell", "Who was the limit?", text)


def _answer(recording: Recording, load: str) -> Event:
    """From the largest number of workers: hashes done, against what the workers and the CPUs could have done."""
    runtime = next(iter(recording.runtimes()), "")
    parts = servings(recording, runtime, load)
    if not parts:
        return answer("full", "cannot-tell", "No request was answered.", [])
    most = max(part.workers for part in parts)
    last = [part for part in parts if part.workers == most]
    cites = cite(last[0].part, last[0].of(load)[0].id)
    workers = [_busy(part, load, part.workers) for part in last]
    cpus = [_busy(part, load, recording.cpus) for part in last]
    text = (
        f"{name(recording, runtime)}, {count(most, 'worker')}: while / was computed, the hashes filled "
        f"{sum(workers) / len(workers):.0%} of the workers' time and {sum(cpus) / len(cpus):.0%} of "
        f"{count(recording.cpus, 'usable CPU')}."
    )
    full = [_full(workers), _full(cpus)]
    if None in full:
        return answer("full", "cannot-tell", f"{text} Too near the limit to tell.", cites)
    if not any(full) and any(part.complaints() or _slowed(part, load, recording.cpus) for part in last):
        return answer("full", "cannot-tell", f"{text} But something else wanted the CPUs too.", cites)
    value = {(True, True): "both", (True, False): "workers", (False, True): "cpus", (False, False): "neither"}
    return answer("full", value[(full[0] is True, full[1] is True)], text, cites)


def _busy(part: Served, load: str, places: int) -> float:
    """Share of the time that so many places would have been full, had each hash taken as long as alone."""
    return min(1.0, len(part.of(load)) * part.unit / (part.total(load) * places))


def _slowed(part: Served, load: str, cpus: int) -> bool:
    """Whether the middle hash took much longer than sharing the CPUs among the workers explains."""
    return median(span.ran for span in part.of(load)) > SLOWED * part.unit * max(1.0, part.workers / cpus)


def _full(shares: list[float]) -> bool | None:
    """None: some repeats say so, some do not, or all are near the limit."""
    if min(shares) >= FULL:
        return True
    return False if max(shares) < NEARLY else None
