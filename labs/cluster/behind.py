"""Some slow requests among fast ones: did /fast wait behind /?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labs.cluster.percentiles import percentile_rows
from labs.cluster.served import Served, measured, name, servings, took
from labs.sdk.events import Event
from labs.sdk.judge import ENOUGH_REPEATS, caption, cite, count, finding, listed, result, trust
from labs.sdk.recording import Recording, Span

SHORT = 0.05
"""A wait shorter than this share of a hash is nobody's wait for one."""

FEW = 4
"""Workers that a sentence names one by one."""


@dataclass(frozen=True)
class Wait:
    """A /fast that was asked while its worker computed a hash, and answered after that."""

    fast: Span
    slow: Span


class Act(Served):
    """One part: what became of the /fast that were asked while / was computed."""

    def __init__(self, served: Served) -> None:
        super().__init__(served.part)
        self.slow = self.of("/")
        begin, end = self.slow[0].begin or 0.0, max(span.end or 0.0 for span in self.slow)
        self.during = [span for span in self.of("/fast") if begin <= (span.queued or 0.0) < end]
        self.waits = [wait for span in self.during if (wait := self._wait(span))]

    @property
    def everywhere(self) -> bool:
        """Whether every worker got a slow request: as many of them need not be enough."""
        return len({span.lane for span in self.slow}) >= self.workers

    @property
    def slowest(self) -> Span:
        return max(self.during, key=took)

    @property
    def longest(self) -> float:
        """Hashes that the slowest /fast took."""
        return took(self.slowest) / self.unit

    def _wait(self, fast: Span) -> Wait | None:
        """On the worker that answered it: was a hash running when it was asked, and over before it was answered?"""
        asked, answered = fast.queued or 0.0, fast.end or 0.0
        if took(fast) < SHORT * self.unit:
            return None
        for slow in self.slow:
            if slow.lane == fast.lane and (slow.begin or 0.0) <= asked and answered >= (slow.end or 0.0) > asked:
                return Wait(fast, slow)
        return None


def behind_findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, captions, a card and a second one for who served whom, for each server."""
    acts = {r: found for r in recording.runtimes() if (found := _acts(recording, r))}
    if not acts:
        yield finding("none", "cannot-tell", "Nothing to say", "No /fast was asked while / was computed.")
        return
    totals = []
    for runtime, found in acts.items():
        label, parts = name(recording, runtime), [act.part.id for act in found]
        totals.append(measured(act.total("/") / act.unit for act in found))
        yield result("total", measured(act.total("/") for act in found), "s", runtime=runtime, label=label, parts=parts)
        yield result("total, in hashes", totals[-1], "hashes", runtime=runtime, label=label, parts=parts)
        yield result("slowest /fast", measured(act.longest for act in found), "hashes",
                     runtime=runtime, label=label, parts=parts)  # fmt: skip
        yield from percentile_rows(found, runtime, label, ("/fast", "/"))
    yield trust(recording, totals)
    yield caption("timeline", " ".join(_words(recording, r, found) for r, found in acts.items()))
    yield caption("latencies", " ".join(_spread(recording, r, found) for r, found in acts.items()))
    for runtime, found in acts.items():
        yield _card(recording, runtime, found)
        yield _who(recording, runtime, found)


def _acts(recording: Recording, runtime: str) -> list[Act]:
    acts = [Act(served) for served in servings(recording, runtime, "/")]
    return [act for act in acts if act.during]


def _card(recording: Recording, runtime: str, acts: list[Act]) -> Event:
    """Did /fast wait behind /, and is that what the number of workers lets one expect?"""
    first, stuck, asked = acts[0], [len(act.waits) for act in acts], [len(act.during) for act in acts]
    longest = measured(act.longest for act in acts)
    cites = cite(first.part, first.slow[0].id, first.slowest.id)
    text = (
        f"{name(recording, runtime)}, {count(first.workers, 'worker')}, {count(len(first.slow), 'slow request')}: "
        f"{sum(stuck)} of {sum(asked)} /fast that were asked meanwhile got their answer only when the hash before "
        f"them was done. The slowest took {longest.words()} hashes."
    )
    key, blocks = f"behind-{runtime}", first.where == "loop"
    full = blocks and all(act.everywhere for act in acts)
    if all(n == 0 for n in stuck):
        why = _free(first, blocks)
        return finding(key, "no" if full else "yes", "/fast did not wait", f"{text} {why}", cites)
    if any(n == 0 for n in stuck):
        text = f"{text} In some repeats none waited, in others some."
        return finding(key, "cannot-tell", "Did /fast wait? Cannot tell", text, cites)
    if full and all(2 * len(act.waits) > len(act.during) for act in acts):
        why = "Every worker was busy, and a busy loop reads no requests."
        return finding(key, "yes", "/fast waited behind /", f"{text} {why}", cites)
    why = "A free worker was there, but these had been handed to a busy one." if not full else _uneven(blocks)
    return finding(key, "no", "Some /fast waited", f"{text} {why}", cites)


def _free(act: Act, blocks: bool) -> str:
    if not blocks:
        return "The hash ran on the pool, and the loop went on reading requests."
    if act.everywhere:
        return "Yet every worker had got a slow request."
    if len(act.slow) >= act.workers:
        return "There were as many slow requests as workers, but not every worker got one."
    return "Another worker was free to answer."


def _uneven(blocks: bool) -> str:
    return "Not all workers were busy all the time." if blocks else "Yet the hash ran on the pool, beside the loop."


def _who(recording: Recording, runtime: str, acts: list[Act]) -> Event:
    """Who answered /fast meanwhile."""
    first = acts[0]
    workers = {f"worker {n}": 0 for n in range(1, first.workers + 1)}
    for act in acts:
        for span in act.during:
            workers[span.lane] = workers.get(span.lane, 0) + 1
    busy = measured(float(len({span.lane for span in act.slow})) for act in acts)
    went = f"{busy.low:.0f}" if busy.low == busy.high else f"{busy.low:.0f} to {busy.high:.0f}"
    text = (
        f"{name(recording, runtime)}: while / was computed, /fast was answered by {_shares(workers)}. "
        f"{count(len(first.slow), 'slow request')} went to {went} of {count(first.workers, 'worker')}."
    )
    cites = cite(first.part, first.slow[0].id, first.during[0].id)
    if first.workers == 1 or len(first.slow) == 1:
        headline = "One worker served all" if first.workers == 1 else "One worker was busy"
        return finding(f"who-{runtime}", "yes", headline, text, cites)
    spread = min(len(first.slow), first.workers)
    if len(acts) < ENOUGH_REPEATS or (busy.low < spread <= busy.high):
        return finding(f"who-{runtime}", "cannot-tell", "Who served whom", text, cites)
    if busy.low >= spread:
        return finding(f"who-{runtime}", "yes", "The slow ones were spread", text, cites)
    return finding(f"who-{runtime}", "no", "The slow ones met", text, cites)


def _shares(workers: dict[str, int]) -> str:
    """How often by whom; of many only who answered most, and who answered none."""
    if len(workers) <= FEW:
        return listed([f"{lane} ({n}×)" for lane, n in workers.items()])
    most, idle = max(workers, key=lambda lane: workers[lane]), sum(n == 0 for n in workers.values())
    return f"{len(workers) - idle} workers, most often by {most} ({workers[most]}×)"


def _words(recording: Recording, runtime: str, acts: list[Act]) -> str:
    longest = measured(act.longest for act in acts)
    who = f"{name(recording, runtime)}, {count(acts[0].workers, 'worker')}"
    return f"{who}: the slowest /fast took {longest.words()} hashes."


def _spread(recording: Recording, runtime: str, acts: list[Act]) -> str:
    every = measured(took(span) for act in acts for span in act.of("/fast"))
    return (
        f"{name(recording, runtime)}: of {len(every.values)} answered /fast the middle one took "
        f"{1000 * every.median:.1f} ms, the slowest {1000 * every.high:.0f} ms."
    )
