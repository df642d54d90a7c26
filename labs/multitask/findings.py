"""What a request, a file and some hashes show, computed from the spans of the run and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from labs.multitask.held import held, seconds
from labs.multitask.story import Story
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, between, caption, cite, count, finding, result, trust
from labs.sdk.recording import Recording

ALONE = 1.5
"""A request that took less than this many times its time alone did not wait for anything else."""

Sides = dict[str, dict[int, list[Story]]]
"""The repeats by runtime and by pool size, the smallest first."""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, the trust badge, caption, cards and the answer, in the order they are shown."""
    sides = _sides(recording)
    if not sides:
        yield finding("none", "cannot-tell", "Nothing to say", "No file was read from begin to end.")
        return
    for runtime, pools in sides.items():
        for pool, stories in pools.items():
            yield from _results(recording, runtime, pool, stories)
    groups = [stories for pools in sides.values() for stories in pools.values()]
    yield trust(recording, [Measured(tuple(s.total for s in stories)) for stories in groups])
    asked = int(recording.params.get("pool", 0))
    shown = asked if all(asked in pools for pools in sides.values()) else max(next(iter(sides.values())))
    yield caption("timeline", _caption(recording, sides, shown))
    for pool in sorted({pool for pools in sides.values() for pool in pools}):
        yield held(recording, pool, {r: pools[pool] for r, pools in sides.items() if pool in pools})
    yield _order(recording, sides, shown)
    yield _request(recording, sides)
    yield _answer([story for pools in sides.values() for story in pools.get(shown, [])], shown)


def _sides(recording: Recording) -> Sides:
    sides: Sides = {}
    for runtime in recording.runtimes():
        for part in recording.ended(runtime):
            if (story := Story(part)).usable:
                sides.setdefault(runtime, {}).setdefault(story.pool, []).append(story)
    return {runtime: dict(sorted(pools.items())) for runtime, pools in sides.items()}


def _results(recording: Recording, runtime: str, pool: int, stories: list[Story]) -> Iterator[Event]:
    label, parts = recording.label(runtime).split(",")[0], [story.part.id for story in stories]
    more = {"runtime": runtime, "label": label, "x": pool, "parts": parts}
    yield result("total", Measured(tuple(s.total for s in stories)), "s", **more)
    yield result("total, in hashes", Measured(tuple(s.total / s.unit for s in stories)), "hashes", **more)
    yield result("file read", Measured(tuple(s.file_done for s in stories)), "s", **more)
    yield result("file read, in hashes", Measured(tuple(s.file_done_units for s in stories)), "hashes", **more)
    for what in ("file", "request"):
        if alone := Measured.of(value for s in stories if (value := s.alone(what)) is not None):
            yield result(f"{what} alone", alone, "s", **more)
    if answered := Measured.of(s.request.end for s in stories if s.request and s.request.end):
        yield result("request answered", answered, "s", **more)
    yield result("one hash alone", Measured(tuple(s.unit for s in stories)), "s", **more)


def _caption(recording: Recording, sides: Sides, shown: int) -> str:
    runtime, pools = next(iter(sides.items()))
    done = Measured(tuple(s.file_done_units for s in pools[shown]))
    who = recording.label(runtime).split(",")[0]
    before = sorted({s.hashes_before_the_file for s in pools[shown]})
    hashes = len(pools[shown][0].hashes)
    text = f"{who}, {count(shown, 'thread')}: the file was read after {done.words()} hashes"
    return f"{text}, {between(before)} of {count(hashes, 'hash', 'hashes')} before it." if hashes else f"{text}."


def _order(recording: Recording, sides: Sides, shown: int) -> Event:
    """Does the pool decide what comes first?"""
    runtime, pools = next(iter(sides.items()))
    story = pools[shown][0]
    hashes = len(story.hashes)
    cites = cite(story.part, story.hops[-1].id)
    before = {
        r: {pool: sorted({s.hashes_before_the_file for s in stories}) for pool, stories in found.items()}
        for r, found in sides.items()
    }
    said = ", ".join(f"{between(seen)} with {count(pool, 'thread')}" for pool, seen in before[runtime].items())
    who = "" if len(sides) == 1 else f" ({recording.label(runtime).split(',')[0]})"
    text = f"Hashes that ended before the file: {said}{who}. "
    text += f"With {count(shown, 'thread')}, repeat {story.part.repeat}, the order was: {', '.join(story.order())}."
    if hashes == 0:
        text = "Without hashes there is nothing that could come before the file."
        return finding("order", "cannot-tell", "No hashes", text, cites)
    if len(pools) < 2:
        return finding("order", "cannot-tell", "One pool only", text + " Other pools would show another order.", cites)
    differ = [any(a[-1] < b[0] for a in seen.values() for b in seen.values()) for seen in before.values()]
    same = [len({value for one in seen.values() for value in one}) == 1 for seen in before.values()]
    if all(differ):
        return finding("order", "yes", "The pool changes the order", text, cites)
    if all(same):
        return finding("order", "no", "The same order", text, cites)
    return finding("order", "cannot-tell", "Cannot tell", text + " The repeats disagree.", cites)


def _request(recording: Recording, sides: Sides) -> Event:
    """The request needs no thread, so no hash holds it up: it is answered while all threads run hashes."""
    told = [(s, s.request, alone) for pools in sides.values() for stories in pools.values() for s in stories
            if s.request and (alone := s.alone("request"))]  # fmt: skip
    if not told:
        return finding("request", "cannot-tell", "No request", "No request was seen from begin to end.")
    ratio = Measured(tuple(request.ran / alone for _, request, alone in told))
    full = [story for story, _, _ in told if len(story.hashes) >= story.pool]
    beside = [story for story in full if story.answered_beside_full_threads]
    shown = (beside or full or [told[0][0]])[0]
    cites = cite(shown.part, "request", *(h.id for h in shown.hashes[: shown.pool] if beside))
    text = f"The request took {ratio.words()} times its time alone, over all pools."
    if full:
        text += f" In {len(beside)} of {count(len(full), 'program')} with hashes enough to fill the pool, "
        text += "the answer came while every thread was busy with a hash."
    if beside and (len(beside) == len(full) or ratio.surely_below(ALONE)):
        text += " So it was no thread that waited for it."
        if not ratio.surely_below(ALONE):
            text += " What made some slower was something else, such as a loop that had to wait for a CPU."
        return finding("request", "yes", "The request needed no thread", text, cites)
    if full and not beside and ratio.surely_above(ALONE):
        return finding("request", "no", f"The request took {ratio.median:.1f}×", text, cites)
    if not beside:
        text += " So the run does not put it to the test; ask for more hashes or a faster answer."
        return finding("request", "cannot-tell", "Not put to the test", text, cites)
    return finding("request", "cannot-tell", "Cannot tell", text, cites)


def _answer(stories: list[Story], pool: int) -> Event:
    """What the file waited for, with the pool that was asked for."""
    first = stories[0]
    cites = cite(first.part, first.slowest.id)
    seen = {story.waited_for for story in stories}
    if len(seen) > 1 or None in seen:
        return answer("file", "cannot-tell", "The repeats disagree, or no hash is proved.", cites)
    value = seen.pop() or ""
    took = Measured(tuple(s.file_done for s in stories))
    words = {
        "thread": f"Most of that {first.slowest.name} waited until a hash had left a thread",
        "disk": "Most of that the hops themselves took",
        "loop": "Most of that the loop took to hear of one hop and to ask for the next",
        "nothing": "No hop waited long for anything",
    }[value]
    text = f"With {count(pool, 'thread')} the file was read after {seconds(took.median)}. {words}."
    return answer("file", value, text, cites)
