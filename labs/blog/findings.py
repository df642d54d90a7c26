"""What a visit to the blog shows, computed from the pieces of its requests and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from labs.blog.cache_findings import cache_findings
from labs.blog.requests_seen import Request, Visit, requests_of, whom
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, caption, cite, count, finding, result, trust
from labs.sdk.recording import Recording

WORDS = {
    "cpu": "the app's own code", "db": "MongoDB", "net": "the sign-in provider",
    "cache": "the cache", "other": "the decoder", "fs": "the object storage", "browser": "the browser's line",
}  # fmt: skip
ANSWERS = ("cpu", "db", "net")
ELSE = "other"
"""The answer when it was none of them."""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, the trust badge, the caption, cards and the answer, in the order they are shown."""
    groups = _groups(recording)
    yield result("requests", Measured((float(sum(len(v.requests) for g in groups.values() for v in g)),)), "")
    yield trust(recording, [Measured(tuple(v.seconds for v in visits)) for visits in groups.values()])
    if not groups:
        yield caption("timeline", "No request was made.")
        yield finding("none", "cannot-tell", "Nothing to say", "Nobody used the blog while it was watched.")
        return
    for label, visits in groups.items():
        yield from _results(label, visits)
    visits = next(iter(groups.values()))
    yield caption("timeline", _caption(visits))
    yield _database(visits)
    yield _slowest(visits)
    yield from _asking_who(visits)
    yield from _sign_in(visits)
    yield from cache_findings(groups)
    yield _answer(visits)


def _groups(recording: Recording) -> dict[str, list[Visit]]:
    """Visits by label: what has the same label was done in the same way."""
    groups: dict[str, list[Visit]] = {}
    for part in recording.ended():
        visit = Visit(part, requests_of(part))
        if visit.requests and visit.seconds > 0:
            groups.setdefault(part.label, []).append(visit)
    return groups


def _results(label: str, visits: list[Visit]) -> Iterator[Event]:
    runtime = visits[0].part.runtime
    totals = Measured(tuple(visit.slowest.seconds for visit in visits))
    yield result("total", totals, "s", runtime=runtime, label=label)
    routes: dict[str, list[float]] = {}
    for visit in visits:
        for request in visit.requests:
            routes.setdefault(request.route, []).append(request.seconds)
    for route, seconds in routes.items():
        yield result(f"{label}: {route}", Measured(tuple(seconds)), "s", runtime=runtime)


def _caption(visits: list[Visit]) -> str:
    first = visits[0]
    commands = sum(len(request.commands) for request in first.requests)
    return (
        f"{count(len(first.requests), 'request')} sent {count(commands, 'command')} to MongoDB. "
        "Each row begins at its own 0; the pauses between requests are not drawn."
    )


def _percent(share: Measured) -> str:
    if len(share.values) == 1:
        return f"{share.median:.0%}"
    return f"{share.median:.0%} ({share.low:.0%} to {share.high:.0%})"


def _database(visits: list[Visit]) -> Event:
    """How much of the time was MongoDB's?"""
    share = Measured(tuple(visit.share("db") for visit in visits))
    own = Measured(tuple(visit.share("cpu") for visit in visits))
    text = f"MongoDB had {_percent(share)} of the time of all requests, the app's own code {_percent(own)}."
    busiest = max(visits[0].requests, key=lambda request: len(request.commands))
    cites = cite(visits[0].part, *(piece.id for piece in busiest.commands[:20]))
    text += f" {busiest.route} sent the most commands: {len(busiest.commands)}."
    if share.surely_above(0.5):
        return finding("database", "yes", f"MongoDB: {share.median:.0%}", text, cites)
    if share.surely_below(0.5):
        return finding("database", "no", f"MongoDB: only {share.median:.0%}", text, cites)
    return finding("database", "cannot-tell", "About half", text + " Some visits were above half, some below.", cites)


def _slowest(visits: list[Visit]) -> Event:
    """Which request was the slowest, and what did it do all the time?"""
    first = visits[0]
    keys = {visit.slowest.key for visit in visits}
    slowest = first.slowest
    cites = cite(first.part, *(piece.id for piece in slowest.pieces[:20]))
    if len(keys) > 1:
        named = " and ".join(sorted({visit.slowest.route for visit in visits}))
        return finding("slowest", "cannot-tell", "Cannot tell", f"It was not the same one each time: {named}.", cites)
    times = Measured(tuple(visit.slowest.seconds for visit in visits))
    kinds = {kind: median(visit.slowest.of_kind(kind) for visit in visits) for kind in WORDS}
    kind = max(kinds, key=lambda one: kinds[one])
    text = f"{slowest.route} took {times.words(3)} s. Of that, {WORDS[kind]} had {kinds[kind] / times.median:.0%}."
    others = [median(r.seconds for v in visits for r in v.requests if r.key == one.key)
              for one in first.requests if one.key != slowest.key]  # fmt: skip
    if others:
        text += f" The median of the others is {median(others):.3f} s."
    return finding("slowest", "yes", f"Slowest: {slowest.route}", text, cites)


def _asking_who(visits: list[Visit]) -> Iterator[Event]:
    """Does every request that needs a person look the person up?"""
    found = [(visit, request) for visit in visits for request in visit.requests if _personal(request)]
    if not found:
        return
    asking = [(visit, request) for visit, request in found if request.asks_who]
    seconds = [request.commands[0].ran for _, request in asking]
    visit = found[0][0]
    cites = cite(visit.part, *(r.commands[0].id for v, r in asking if v is visit))[:20]
    text = (
        f"{len(asking)} of {count(len(found), 'request')} about one's own posts and pictures began with “find users”."
    )
    if len(asking) == len(found):
        share = sum(seconds) / sum(request.seconds for _, request in found)
        text += f" A cookie only says who you are; the user is looked up each time. That was {share:.0%} of their time."
        yield finding("who", "yes", "Who is it? Every time", text, cites)
        return
    yield finding("who", "no", "Not every time", text, cites)


def _personal(request: Request) -> bool:
    """About one's own things, and not through the cache, which may know the user already."""
    return (
        not request.of_kind("cache")
        and any(f"/api/{word}" in request.route for word in ("blogs", "images"))
        and bool(request.commands)
    )


def _sign_in(visits: list[Visit]) -> Iterator[Event]:
    """What does the return from the provider cost?"""
    returns = [(v, r) for v in visits for r in v.requests if r.route.endswith("/auth/google/callback")]
    if not returns:
        return
    visit, first = returns[0]
    waits = [piece for piece in first.pieces if whom(piece) == "net"]
    share = Measured(tuple(request.of_kind("net") / request.seconds for _, request in returns))
    text = (
        f"On the way back from the provider, the app itself asked it {count(len(waits), 'more time')}"
        f" ({', '.join(piece.name.partition(',')[0] for piece in waits) or 'nothing'}). "
        f"That was {_percent(share)} of this request."
    )
    verdict = "yes" if waits else "no"
    yield finding("sign-in", verdict, f"Provider: {share.median:.0%}", text, cite(visit.part, *(p.id for p in waits)))


def _answer(visits: list[Visit]) -> Event:
    longest_of = [max(WORDS, key=visit.of_kind) for visit in visits]
    most = {kind if kind in ANSWERS else ELSE for kind in longest_of}
    told = [kind for kind in WORDS if kind in ANSWERS or any(visit.of_kind(kind) for visit in visits)]
    said = ", ".join(f"{WORDS[kind]} {median(v.of_kind(kind) for v in visits):.3f} s" for kind in told)
    longest = visits[0].slowest.pieces
    cites = cite(visits[0].part, max(longest, key=lambda piece: piece.ran).id)
    if len(most) > 1:
        return answer("most", "cannot-tell", f"The visits disagree: {said}.", cites)
    return answer("most", most.pop(), f"In all: {said}.", cites)
