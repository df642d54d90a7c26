"""What a run of requests, reads and hashes shows, computed from its spans and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from labs.os_async.batch import TOGETHER, Batch
from labs.os_async.sweep import sweep_findings
from labs.os_async.words import all_of, answer_of, by_runtime, of_kind, results
from labs.sdk.events import Event
from labs.sdk.judge import Measured, caption, cite, count, finding, paired_ratio, trust
from labs.sdk.recording import Recording

AS_ONE = 1.25
"""Below so many times one alone, all of them are said to wait as one."""

UNSURE = " The repeats disagree, or it is too close to call."

IDLE = 0.1
"""Work that used less than this share of its time on a CPU only waited."""

Groups = dict[tuple[str, str], list[Batch]]
"""The repeats of each runtime and kind."""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, the trust badge, caption, cards and the answer, in the order they are shown."""
    if recording.params.get("mode") == "sweep":
        yield from sweep_findings(recording)
        return
    groups = grouped(recording)
    if not groups:
        yield finding("none", "cannot-tell", "Nothing to say", "Nothing was seen from begin to end.")
        return
    for (runtime, kind), batches in groups.items():
        yield from results(recording, runtime, kind, batches)
    yield trust(recording, [Measured(tuple(b.total for b in batches)) for batches in groups.values()])
    yield caption("timeline", _caption(recording, groups))
    requests, reads, hashes = (of_kind(groups, kind) for kind in ("requests", "reads", "hashes"))
    if requests:
        yield _requests(recording, requests)
    if reads:
        yield _reads(recording, reads)
    if requests and reads:
        yield _same_wait(recording, requests, reads)
    if hashes:
        yield _hashes(recording, hashes)
    if requests:
        yield _idle(recording, requests)
    yield answer_of([batch for batches in groups.values() for batch in batches])


def grouped(recording: Recording) -> Groups:
    """Every part that ran to its end and has something to say."""
    groups: Groups = {}
    for runtime in recording.runtimes():
        for part in recording.ended(runtime):
            if (batch := Batch(part)).usable:
                groups.setdefault((runtime, batch.kind), []).append(batch)
    return groups


def _times(batches: list[Batch]) -> Measured:
    return Measured(tuple(batch.times for batch in batches))


def _against_one(recording: Recording, found: dict[str, list[Batch]]) -> str:
    """ "3.02 (3.00 to 3.04) times as long as one", for each runtime."""
    return by_runtime(recording, {r: _times(b).words() for r, b in found.items()}, "times", " as long as one")


def _requests(recording: Recording, found: dict[str, list[Batch]]) -> Event:
    """Did they all take the time of one, although there were more than threads?"""
    first = next(iter(found.values()))[0]
    said = _against_one(recording, found)
    text = f"{all_of(first.size, 'request')} together took {said}. The pool had {count(first.pool, 'thread')}."
    cites = cite(first.part, first.by_end[0].id, first.by_end[-1].id)
    times = [_times(batches) for batches in found.values()]
    if first.rounds == 1:
        text += f" Only more than {first.pool} requests can show whether they needed its threads."
        return finding("requests", "cannot-tell", "Fewer than threads", text, cites)
    if all(one.surely_below(AS_ONE) for one in times):
        text += f" Waiting on its threads would take as long as {first.rounds}. So it was not threads that waited."
        return finding("requests", "yes", f"{first.size} wait as one", text, cites)
    if all(one.surely_below(first.limit) for one in times):
        text += f" Waiting on its threads would take as long as {first.rounds}. So it was not threads that waited; "
        text += "what they took beyond one was the work of asking, and other programs."
        return finding("requests", "yes", "Not on threads", text, cites)
    if all(one.surely_above(first.limit) for one in times):
        text += " So they did not all wait at the same time, or this machine had no time for them."
        return finding("requests", "no", "Not together", text, cites)
    return finding("requests", "cannot-tell", "Cannot tell", text + UNSURE, cites)


def _reads(recording: Recording, found: dict[str, list[Batch]]) -> Event:
    """Did the reads come back as many at a time as the pool has threads?"""
    first = next(iter(found.values()))[0]
    everyone = [batch for batches in found.values() for batch in batches]
    said = _against_one(recording, found)
    text = f"{all_of(first.size, 'read')} together took {said}."
    cites = cite(first.part, first.by_end[0].id, first.by_end[-1].id)
    if first.rounds == 1:
        text += f" Each found one of {count(first.pool, 'free thread')}; ask for more to see one wait."
        return finding("reads", "cannot-tell", "A thread for each", text, cites)
    if all(batch.kept_to_the_pool for batch in everyone):
        if all(batch.in_full_waves for batch in everyone):
            text += f" They ended {first.pool} at a time ({_waves(first)})."
        text += f" Never more than {first.pool} were under way at once: a read keeps its thread until it is done."
        return finding("reads", "yes", f"{first.pool} at a time", text, cites)
    if all(_times(batches).surely_below(TOGETHER) for batches in found.values()):
        text += f" So {count(first.pool, 'thread')} did not hold them back here."
        return finding("reads", "no", "Not held back", text, cites)
    return finding("reads", "cannot-tell", "Cannot tell", text + UNSURE, cites)


def _waves(batch: Batch) -> str:
    return " + ".join(map(str, batch.waves)) if len(batch.waves) <= 6 else f"{len(batch.waves)} waves"


def _same_wait(recording: Recording, requests: dict[str, list[Batch]], reads: dict[str, list[Batch]]) -> Event:
    """The same wait, in the system or on a thread, repeat by repeat."""
    ratios = {
        runtime: ratio
        for runtime in requests
        if runtime in reads
        and (ratio := paired_ratio([b.total for b in reads[runtime]], [b.total for b in requests[runtime]]))
    }
    first, request = next(iter(reads.values()))[0], next(iter(requests.values()))[0]
    cites = cite(first.part, first.by_end[-1].id) + cite(request.part, request.by_end[-1].id)
    if not ratios:
        return finding("same-wait", "cannot-tell", "Cannot tell", "No runtime did both.", cites)
    more = f" as long as {count(request.size, 'request')}"
    said = by_runtime(recording, {r: ratio.words() for r, ratio in ratios.items()}, "times", more)
    text = f"One read waits about as long as one request ({first.alone:.2f} s and {request.alone:.2f} s). "
    text += f"{all_of(first.size, 'read')} took {said}."
    if all(ratio.surely_above(TOGETHER) for ratio in ratios.values()):
        return finding("same-wait", "yes", "A thread for every wait", text, cites)
    if first.rounds == 1:
        return finding("same-wait", "cannot-tell", "Threads enough", text + " There were threads enough.", cites)
    if all(ratio.surely_below(TOGETHER) for ratio in ratios.values()):
        return finding("same-wait", "no", "No difference", text, cites)
    return finding("same-wait", "cannot-tell", "Cannot tell", text + UNSURE, cites)


def _hashes(recording: Recording, found: dict[str, list[Batch]]) -> Event:
    """Hashes do not wait, they work: threads and CPUs both hold them back."""
    first = next(iter(found.values()))[0]
    cpus = recording.cpus
    said = _against_one(recording, found)
    text = f"{all_of(first.size, 'hash', 'hashes')} together took {said}, "
    text += f"with {count(first.pool, 'thread')} and {count(cpus, 'CPU')}."
    cites = cite(first.part, first.by_end[0].id, first.by_end[-1].id)
    if first.size == 1:
        return finding("hashes", "cannot-tell", "Only one hash", "One hash has no company to wait for.", cites)
    if all(_times(batches).surely_above(TOGETHER) for batches in found.values()):
        slowest = max(_times(batches).median for batches in found.values())
        return finding("hashes", "yes", f"{slowest:.1f}× one hash", text, cites)
    if all(_times(batches).surely_below(TOGETHER) for batches in found.values()):
        return finding("hashes", "no", "Hashes together too", text + " That was enough for all of them.", cites)
    return finding("hashes", "cannot-tell", "Cannot tell", text + UNSURE, cites)


def _idle(recording: Recording, found: dict[str, list[Batch]]) -> Event:
    """What waiting cost: CPU seconds of the whole program against the seconds that its requests waited."""
    first = next(iter(found.values()))[0]
    cites = cite(first.part, first.by_end[-1].id)
    shares = {}
    for runtime, batches in found.items():
        share = Measured.of(b.cpu / sum(s.ran for s in b.spans) for b in batches if b.cpu is not None)
        if share is None:
            return finding("idle", "cannot-tell", "Cannot tell", "The CPU time of the program is missing.", cites)
        shares[runtime] = share
    said = by_runtime(recording, {r: f"{100 * share.median:.1f}" for r, share in shares.items()}, "%", " of that")
    waiting = sum(span.ran for span in first.spans)
    text = f"The {count(first.size, 'request')} waited {waiting:.1f} s in all, one beside the other. "
    text += f"The program used a CPU for {said}."
    if all(share.surely_below(IDLE) for share in shares.values()):
        return finding("idle", "yes", "Waiting costs no CPU", text, cites)
    if all(share.surely_above(IDLE) for share in shares.values()):
        return finding("idle", "no", "Asking cost CPU time", text, cites)
    return finding("idle", "cannot-tell", "Cannot tell", text + UNSURE, cites)


def _caption(recording: Recording, groups: Groups) -> str:
    runtime = next(iter(groups))[0]
    words = {"requests": "request", "reads": "read", "hashes": "hash"}
    said = [
        f"{all_of(b[0].size, words[kind], kind).lower()} took {_times(b).words(1)} times one alone"
        for (of, kind), b in groups.items()
        if of == runtime
    ]
    pool = next(iter(groups.values()))[0].pool
    who = recording.label(runtime).split(",")[0]
    return f"{who}, {count(pool, 'thread')}: {'; '.join(said)}, on {count(recording.cpus, 'CPU')}."
