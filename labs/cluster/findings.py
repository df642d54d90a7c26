"""What a run of the cluster shows, computed from its requests and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from labs.cluster.arrivals import arrivals_findings
from labs.cluster.behind import behind_findings
from labs.cluster.served import Served, name, servings
from labs.cluster.sweep import sweep_findings
from labs.sdk.events import Event
from labs.sdk.judge import answer, caption, cite, count, finding, listed
from labs.sdk.recording import Recording

LOADS = {"behind": "/", "sweep": "closed", "arrivals": "closed"}
FULL = 0.85
"""Of the time; below it something had nothing to do, above it hardly."""

NEARLY = 0.70
"""Between the two nobody can tell."""

PROBLEMS = {
    "refused": "refused, for no worker listened", "reset": "cut off", "closed": "cut off",
    "timeout": "given up by a visitor who had waited too long", "unreadable": "answered with nonsense",
}  # fmt: skip
"""What the load generator calls a problem, in words."""

LACKED = 0.85
"""Workers that had a CPU for less of the time they were at work had to leave it to somebody."""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, captions, cards, then what was lost, what the load generator says of itself, and the answer."""
    mode = str(recording.params.get("mode", "behind"))
    which = {"behind": behind_findings, "sweep": sweep_findings, "arrivals": arrivals_findings}
    yield from which[mode](recording)
    load = LOADS[mode]
    parts = [part for runtime in recording.runtimes() for part in servings(recording, runtime, load)]
    if parts:
        yield caption("errors", _lost_words(parts))
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
    return finding("lost", "no", f"{lost} lost", _lost_words(parts), cite(first.part, *ids))


def _lost_words(parts: list[Served]) -> str:
    """How many got no answer, and what went wrong: all parts together."""
    lost, asked = sum(part.lost for part in parts), sum(len(part.part.spans) for part in parts)
    if lost == 0:
        return f"None of {count(asked, 'request')} was lost."
    why: Counter[str] = Counter()
    for problem, n in sum((part.problems() for part in parts), Counter[str]()).items():
        why[PROBLEMS.get(problem, f"answered with {problem}")] += n
    told = listed([f"{n} {words}" for words, n in why.most_common()])
    return f"{lost} of {count(asked, 'request')} got no answer" + (f": {told}." if told else ".")


def _generator(parts: list[Served]) -> Event:
    """A word of caution where the process that sends the requests may have been the limit."""
    limited = [part for part in parts if part.complaints()]
    text = (
        f"In {len(limited)} of {count(len(parts), 'part')} the numbers may tell of the visitors and not of the server: "
        f"{limited[0].complaints()[0]}."
    )
    return finding("generator", "cannot-tell", "Who was the limit?", text)


def _answer(recording: Recording, load: str) -> Event:
    """From the largest number of workers: how long they were at work, and how much of the CPUs that used."""
    runtime = next(iter(recording.runtimes()), "")
    parts = servings(recording, runtime, load)
    if not parts:
        return answer("full", "cannot-tell", "No request was answered.", [])
    most = max(part.workers for part in parts)
    last = [part for part in parts if part.workers == most]
    cites = cite(last[0].part, last[0].of(load)[0].id)
    workers = [part.occupied(load) for part in last]
    cpus = [part.computed(load, recording.cpus) for part in last]
    text = (
        f"{name(recording, runtime)}, {count(most, 'worker')}: while / was computed, hashes kept the workers busy for "
        f"{sum(workers) / len(workers):.0%} of the time. They and the visitors used {sum(cpus) / len(cpus):.0%} of "
        f"{count(recording.cpus, 'usable CPU')}."
    )
    full = [_full(workers), _full(cpus)]
    lacked = any(part.had_a_cpu(load) < LACKED for part in last)
    if not full[1] and (lacked or (not full[0] and any(part.complaints() for part in last))):
        return answer("full", "cannot-tell", f"{text} But something else wanted the CPUs too.", cites)
    if None in full:
        return answer("full", "cannot-tell", f"{text} Too near the limit to tell.", cites)
    value = {(True, True): "both", (True, False): "workers", (False, True): "cpus", (False, False): "neither"}
    return answer("full", value[(full[0] is True, full[1] is True)], text, cites)


def _full(shares: list[float]) -> bool | None:
    """None: some repeats say so, some do not, or all are near the limit."""
    if min(shares) >= FULL:
        return True
    return False if max(shares) < NEARLY else None
