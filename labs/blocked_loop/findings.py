"""What a run against the server shows, computed from its spans and its heartbeat and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from labs.blocked_loop.act import WAYS, Act
from labs.blocked_loop.thread import thread_card
from labs.sdk.events import Event
from labs.sdk.judge import (
    ENOUGH_REPEATS,
    STEADY_DRIFT,
    Measured,
    answer,
    between,
    caption,
    cite,
    count,
    drift,
    finding,
    listed,
    result,
    trust,
)
from labs.sdk.lag import BLOCKED, free_card, known, lag_words, longest_lag
from labs.sdk.recording import Recording

Acts = dict[str, list[Act]]
"""The repeats of each way, in the order the learner chose."""

DEARER = 1.25
"""A way costs more when `/` took this many times the work alone."""

LATE_SHARE, LATE_SECONDS = 0.3, 0.02
"""The prober spoils a wait when it was itself late by this share of it, and by this much."""

SEVERAL_TURNS = 3
"""A request that lay across so many slices did not get through in one turn of the loop."""

CAUSES = {
    "loop": "The work held the loop during {held:.0%} of that time.",
    "slices": "Slices of the work held the loop during {held:.0%} of that time.",
    "beside": "The work ran beside the loop meanwhile, and held it during {held:.0%} of that time.",
    "little": "That is less than a tenth of the time that the work took.",
}


def findings(recording: Recording) -> Iterator[Event]:
    """Results, the trust badge, captions, cards and the answer, in the order they are shown."""
    runs = {r: acts for r in recording.runtimes() if (acts := _acts(recording, r))}
    if not runs:
        yield finding("none", "cannot-tell", "Nothing to say", "No request for / was seen from begin to end.")
        return
    totals = []
    for runtime, acts in runs.items():
        for way, found in acts.items():
            totals.append(Measured(tuple(act.total for act in found)))
            yield from _results(recording, runtime, way, found, totals[-1])
    yield trust(recording, totals)
    runtime, acts = next(iter(runs.items()))
    yield _caption(recording, runtime, acts)
    yield caption("lag", lag_words(recording.label(runtime), acts, WAYS))
    if "loop" in acts:
        yield _blocked(acts["loop"])
    if "slices" in acts:
        yield _slices(acts["slices"])
    for runtime, acts in runs.items():
        if "thread" in acts:
            yield thread_card(recording, runtime, acts["thread"], acts.get("process", []))
    for runtime, acts in runs.items():
        yield free_card(recording, runtime, acts, WAYS)
    yield _price(recording, runs)
    yield from _late_prober(runs)
    yield _answer(next(iter(runs.values())))


def _acts(recording: Recording, runtime: str) -> Acts:
    acts: Acts = {}
    for way in recording.params.get("ways", WAYS):
        found = [act for part in recording.ended(runtime) if (act := Act(part, way)).usable]
        if found:
            acts[way] = found
    return acts


def _results(recording: Recording, runtime: str, way: str, acts: list[Act], total: Measured) -> Iterator[Event]:
    label, parts = f"{recording.label(runtime)}, {WAYS[way]}", [act.part.id for act in acts]
    more = {"runtime": runtime, "label": label, "parts": parts}
    yield result("total", total, "s", **more)
    yield result("total, in jobs", Measured(tuple(act.total / act.unit for act in acts)), "jobs", **more)
    for name, value in (("slowest /fast", _waits(acts)), ("longest loop lag", longest_lag(acts))):
        if value:
            yield result(name, value, "s", **more)
    if way == "loop" and (calm := known(acts, lambda act: act.calm.wait)):
        yield result("/fast in calm", calm, "s", **more)


def _blocked(acts: list[Act]) -> Event:
    """The work on the loop: who waited, how long, and for which span."""
    waits, first = _waits(acts), acts[0]
    if waits is None or first.slowest is None:
        return finding("blocked", "cannot-tell", "Cannot tell", "No /fast was asked while / worked on the loop.",
                       cite(first.part, "/ loop"))  # fmt: skip
    cites = cite(first.part, "work loop", first.slowest.id)
    told = (
        f"While / worked on the loop, {between([len(act.fast) for act in acts])} requests for /fast were under way. "
        f"The slowest took {waits.words()} s; {_calm_words(acts)}."
    )
    meanwhile = [act.answered_meanwhile for act in acts]
    if all(act.waited_for == "loop" for act in acts) and not any(meanwhile):
        held = CAUSES["loop"].format(held=min(act.held_by_the_loop for act in acts))
        text = f"{told} None was answered before the work ended. {held}"
        return finding("blocked", "yes", f"{waits.median:.2f} s for /fast", text, cites)
    if all(meanwhile):
        text = f"{told} {between(meanwhile)} were answered before the work ended, so it did not block the loop."
        return finding("blocked", "no", "Not blocked", text, cites)
    text = f"{told} The repeats do not agree on what it waited for."
    return finding("blocked", "cannot-tell", "Cannot tell", text, cites)


def _slices(acts: list[Act]) -> Event:
    """The work in slices: a request gets its turns between them, and needs more than one."""
    waits, first = _waits(acts), acts[0]
    cites = cite(first.part, "/ slices", *([first.slowest.id] if first.slowest else []))
    if waits is None:
        return finding("slices", "cannot-tell", "Cannot tell", "No /fast was asked while / worked in slices.", cites)
    share = Measured(tuple(act.wait_share or 0.0 for act in acts))
    slice_ = Measured(tuple(max(span.ran for span in act.work) for act in acts))
    told = (
        f"/ worked in {count(len(first.work), 'slice')}, the longest of {slice_.words(3)} s, and let others run "
        f"between them. The slowest /fast took {waits.words()} s; {_calm_words(acts)}."
    )
    if share.surely_below(BLOCKED):
        turns = [act.slices_meanwhile for act in acts]
        if min(turns) >= SEVERAL_TURNS:
            told += f" During it {between(turns)} slices ran: one turn of the loop is not enough for a request."
        return finding("slices", "yes", f"{waits.median:.2f} s for /fast", told, cites)
    if share.surely_above(BLOCKED):
        text = f"{told} So the slices were too long, or the loop did not look at sockets between them."
        return finding("slices", "no", "Slices did not help", text, cites)
    text = f"{told} The repeats differ too much to say whether slices help."
    return finding("slices", "cannot-tell", "Cannot tell", text, cites)


def _price(recording: Recording, runs: dict[str, Acts]) -> Event:
    """What `/` itself takes, against the work alone."""
    told, verdicts, cites = [], set(), []
    for runtime, acts in runs.items():
        ratios = {way: Measured(tuple(act.total / act.unit for act in found)) for way, found in acts.items()}
        cites += [c for way, found in acts.items() for c in cite(found[0].part, f"/ {way}")]
        words = listed([f"{ratio.words()} {WAYS[way]}" for way, ratio in ratios.items()])
        told.append(f"{recording.label(runtime)}: {words}.")
        for ratio in ratios.values():
            dear, same = ratio.surely_above(DEARER), ratio.surely_below(DEARER)
            verdicts.add("no" if dear else "yes" if same else "cannot-tell")
    moved, enough = drift(recording), all(len(f) >= ENOUGH_REPEATS for acts in runs.values() for f in acts.values())
    if moved > STEADY_DRIFT or not enough:
        verdicts = {"cannot-tell"}
    verdict = next(v for v in ("no", "cannot-tell", "yes") if v in verdicts)
    headlines = {"yes": "/ takes as long anywhere", "no": "/ itself became slower", "cannot-tell": "Cannot tell"}
    text = f"From asking for / to its answer, in times of the work alone. {' '.join(told)}"
    if verdict == "cannot-tell":
        text += (
            f" But the work alone changed by {moved:.0%} during this run." if moved > STEADY_DRIFT
            else f" Some repeats were above {DEARER} and some below." if enough
            else " Fewer than three repeats cannot tell a difference from chance."
        )  # fmt: skip
    return finding("price", verdict, headlines[verdict], text, cites)


def _late_prober(runs: dict[str, Acts]) -> Iterator[Event]:
    """A warning when the measuring process was itself kept waiting, so that its numbers are partly its own."""
    spoilt = [
        act for acts in runs.values() for found in acts.values() for act in found
        if act.wait and act.prober_late > max(LATE_SECONDS, LATE_SHARE * act.wait)
    ]  # fmt: skip
    if spoilt:
        worst = max(spoilt, key=lambda act: act.prober_late)
        text = (
            f"The process that asks for /fast was itself late by up to {worst.prober_late:.3f} s "
            f"(/ worked {WAYS[worst.way]}). So a part of the waits above is its own wait for a CPU."
        )
        yield finding("late", "cannot-tell", "The prober was late", text, cite(worst.part, f"/ {worst.way}"))


def _answer(acts: Acts) -> Event:
    """What the slowest `/fast` of each repeat waited for; the repeats must agree."""
    repeats: dict[str, list[Act]] = {}
    for found in acts.values():
        for act in found:
            if act.slowest:
                repeats.setdefault(act.part.id, []).append(act)
    worst = [max(found, key=lambda act: act.wait or 0.0) for found in repeats.values()]
    causes = {act.waited_for for act in worst}
    cites = [c for act in worst[:1] if act.slowest for c in cite(act.part, act.slowest.id)]
    if len(causes) != 1:
        return answer("waited", "cannot-tell", "The repeats disagree, or no /fast was asked while / worked.", cites)
    [cause] = causes
    waits = Measured(tuple(act.wait or 0.0 for act in worst))
    held = min(act.held_by_the_loop for act in worst)
    ways = {act.way for act in worst}
    where = f", while / worked {WAYS[ways.pop()]}" if len(ways) == 1 else ""
    text = f"The slowest /fast took {waits.words()} s{where}."
    return answer("waited", cause, f"{text} {CAUSES[cause].format(held=held)}", cites)


def _caption(recording: Recording, runtime: str, acts: Acts) -> Event:
    waits = [f"{w.words()} s while / worked {WAYS[way]}" for way, found in acts.items() if (w := _waits(found))]
    told = f"The slowest /fast took {listed(waits)}." if waits else "No /fast was asked while / worked."
    return caption("timeline", f"{recording.label(runtime)}: {told}")


def _calm_words(acts: list[Act]) -> str:
    calm = known(acts, lambda act: act.calm.wait)
    return f"in calm it takes {calm.words(3)} s" if calm else "what it takes in calm is not known"


def _waits(acts: list[Act]) -> Measured | None:
    return known(acts, lambda act: act.wait)
