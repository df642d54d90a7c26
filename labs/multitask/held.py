"""The card of one pool size: which hop was held up, for how long, and which hash let it continue."""

from __future__ import annotations

from labs.multitask.story import Story
from labs.sdk.events import Event
from labs.sdk.judge import Measured, cite, count, finding
from labs.sdk.recording import Recording


def held(recording: Recording, pool: int, found: dict[str, list[Story]]) -> Event:
    """`found`: the repeats of each runtime with this pool."""
    stories = [story for one in found.values() for story in one]
    first = stories[0]
    hashes = len(first.hashes)
    several = len(found) > 1
    said = [
        (f"{recording.label(runtime).split(',')[0]}: " if several else "") + _sentence(one)
        for runtime, one in found.items()
    ]
    text, cites = " ".join(said), [c for one in found.values() for c in _cites(one[0])]
    id, name = f"pool-{pool}", f"Pool of {pool}"
    if hashes == 0:
        return finding(id, "cannot-tell", f"{name}: no hashes", f"{text} There was nothing to wait for.", cites)
    full = hashes >= pool
    if all(story.held and story.released_by for story in stories):
        wait = Measured(tuple(story.wait for story in found[next(iter(found))]))
        headline = f"{name}: {first.slowest.name} waited {wait.median:.2f} hashes"
        return finding(id, "yes" if full else "no", headline, text, cites)
    if not any(story.held for story in stories):
        why = "" if full else f" {count(hashes, 'hash', 'hashes')} left a thread free for it."
        return finding(id, "no" if full else "yes", f"{name}: the file did not wait", text + why, cites)
    return finding(id, "cannot-tell", f"{name}: cannot tell", text, cites)


def _sentence(stories: list[Story]) -> str:
    """What happened on one runtime, and the hash by name where the spans prove it."""
    first = stories[0]
    done = Measured(tuple(s.file_done for s in stories))
    alone = Measured.of(value for s in stories if (value := s.alone("file")) is not None)
    beside = f" (alone: {seconds(alone.median)})" if alone else ""
    read = f"The file was read after {seconds(done.median)}{beside}."
    if not any(story.held for story in stories):
        longest = max(story.wait for story in stories)
        return f"{read} No hop waited longer than {longest:.2f} hashes."
    if not all(story.held for story in stories):
        late = [story for story in stories if story.held]
        proved = sum(story.released_by is not None for story in late)
        return f"{read} A hop was held up in {len(late)} of {len(stories)} repeats, by a hash in {proved} of them."
    wait = Measured(tuple(story.wait for story in stories))
    hops = sorted({story.slowest.name for story in stories}, key=lambda n: [s.slowest.name for s in stories].index(n))
    waited = f"{' or '.join(hops).capitalize()} waited {wait.words()} hashes"
    return f"{read} {waited}. In repeat {first.part.repeat}: {_released(first)}{_others(stories)}"


def _released(story: Story) -> str:
    """Who let it continue, in this repeat."""
    by, hop = story.released_by, story.slowest
    if by is None:
        return "no hash is proved to have let it continue."
    if story.on_threads:
        later = seconds((hop.begin or 0.0) - (by.end or 0.0))
        return f"{by.name} ended on {by.lane}, and {later} later {hop.name} began there."
    heard = f"{seconds((hop.end or 0.0) - (by.end or 0.0))} later the program heard that {hop.name} was done"
    return f"after {by.name} no hash was left to take its thread, and {heard}."


def _others(stories: list[Story]) -> str:
    """The hashes of the other repeats."""
    if len(stories) < 2:
        return ""
    names = [story.released_by.name if story.released_by else "none proved" for story in stories]
    if len(set(names)) == 1:
        return f" It was {names[0]} in every repeat." if stories[0].released_by else ""
    return f" Repeat by repeat it was {', '.join(names)}."


def _cites(story: Story) -> list[dict[str, str]]:
    by = story.released_by
    return cite(story.part, story.slowest.id, *([by.id] if by else []))


def seconds(value: float) -> str:
    """As people say it: "0.48 s", "1.3 ms", "0.04 ms"."""
    if value >= 0.1:
        return f"{value:.2f} s"
    return f"{value * 1000:.1f} ms" if value >= 0.001 else f"{value * 1000:.2f} ms"
