"""What the query cache changed, from visits without it and with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labs.blog.requests_seen import Request, Visit
from labs.sdk.events import Event
from labs.sdk.judge import cite, finding, paired_ratio, result

READS = ("/api/current_user", "/api/blogs", "/api/blogs/<id>")
ENOUGH = 3


def cache_findings(groups: Mapping[str, list[Visit]]) -> Iterator[Event]:
    """Hits, and reads with the cache against reads without it, repeat by repeat."""
    cached = next((visits for visits in groups.values() if _way(visits) == "on"), [])
    plain = next((visits for visits in groups.values() if _way(visits) == "off"), [])
    if cached:
        yield _hits(cached)
    if cached and plain:
        yield from _saved(plain, cached)


def _way(visits: list[Visit]) -> str:
    return str(visits[0].part.settings.get("cache", ""))


def _reads(visit: Visit) -> list[Request]:
    """Requests for what one person reads; who is not signed in asks nobody."""
    return [r for r in visit.requests if r.route in READS and (r.commands or r.of_kind("cache") > 0)]


def _hits(visits: list[Visit]) -> Event:
    first = visits[0]
    reads = [read for visit in visits for read in _reads(visit)]
    served = [read for read in reads if not read.commands]
    cites = cite(first.part, *(read.pieces[0].id for read in _reads(first) if not read.commands))
    text = f"{len(served)} of {len(reads)} reads with the cache sent no command to MongoDB at all."
    if served:
        return finding("hits", "yes", "Answered without MongoDB", text, cites)
    return finding("hits", "no", "MongoDB each time", text, cites)


def _saved(plain: list[Visit], cached: list[Visit]) -> Iterator[Event]:
    seconds = [[sum(read.seconds for read in _reads(visit)) for visit in visits] for visits in (plain, cached)]
    commands = [sum(len(r.commands) for v in visits for r in _reads(v)) / len(visits) for visits in (plain, cached)]
    ratio = paired_ratio(*seconds)
    if ratio is None:
        return
    yield result("reads without cache ÷ with", ratio, "×")
    text = (
        f"One visit's reads took {ratio.words()} times as long without the cache as with it. "
        f"They sent {commands[0]:.0f} commands to MongoDB without it, {commands[1]:.0f} with it."
    )
    if len(ratio.values) < ENOUGH or ratio.low <= 1 <= ratio.high:
        text += " The repeats are too few, or disagree: they cannot tell whether it was faster."
        yield finding("cached", "cannot-tell", "Faster? Cannot tell", text)
    elif ratio.low > 1:
        yield finding("cached", "yes", f"With cache: {ratio.median:.1f} times faster", text)
    else:
        yield finding("cached", "no", "The cache cost more", text)
