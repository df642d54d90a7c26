"""What a run says: how much faster, how often out of date, of the wrong kind, and what stays in Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from statistics import mean, median

from labs.route_cache.answers import READS, Answers
from labs.sdk.events import Event
from labs.sdk.judge import (
    ENOUGH_REPEATS,
    Measured,
    answer,
    caption,
    cite,
    count,
    finding,
    listed,
    paired_ratio,
    result,
    trust,
)
from labs.sdk.recording import Recording
from labs.sdk.servers import words

Ways = Mapping[str, list[Answers]]
FOR_EVER = -1
MILLION = 1_000_000


def findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, captions, cards and the answer."""
    ways: dict[str, list[Answers]] = {}
    for part in recording.ended():
        found = Answers(part)
        if found.reads:
            ways.setdefault(found.way, []).append(found)
    if not ways:
        yield finding("none", "cannot-tell", "Nothing to say", "No read of this run was answered.")
        return
    for parts in ways.values():
        yield from _results(parts)
    times = [Measured(tuple(one.read_ms() for one in parts)) for parts in ways.values()]
    yield trust(recording, times)
    yield from _captions(recording, ways)
    yield from (_faster(way, ways) for way in ways if way != "off" and "off" in ways)
    cached = {way: parts for way, parts in ways.items() if way != "off"}
    yield from (_old(parts) for parts in cached.values())
    yield from (_stays(parts) for parts in cached.values())
    if recording.params.get("second") == "on":
        yield from (_wrong(parts) for parts in cached.values())
    yield from _costs(ways)
    yield from (_old(parts) for way, parts in ways.items() if way == "off")
    yield _answer(cached)


def label(parts: list[Answers]) -> str:
    """What this way is called."""
    return parts[0].part.label


def measured(parts: list[Answers], of: Callable[[Answers], float | None]) -> tuple[Measured, list[str]] | None:
    """One value of each repeat that has it, and which repeats these are."""
    told = [(value, one.part.id) for one in parts if (value := of(one)) is not None]
    return (Measured(tuple(value for value, _ in told)), [id for _, id in told]) if told else None


def _share(some: int, of: int) -> float | None:
    return 100 * some / of if of else None


RESULTS: dict[str, tuple[str, Callable[[Answers], float | None]]] = {
    "one read": ("ms", lambda one: one.read_ms()),
    "reads that Redis answered": ("%", lambda one: _share(len(one.part.samples.get("hit", [])), len(one.reads))),
    "out of date": ("%", lambda one: _share(len(one.old), len(one.lists))),
    "wrong kind": ("%", lambda one: _share(len(one.wrong), len(one.reads))),
    "oldest answer": ("s", lambda one: one.oldest if one.old else None),
    "keys at the end": ("keys", lambda one: float(len(one.keys))),
    "memory at the end": ("KB", lambda one: sum(key["bytes"] for key in one.keys) / 1000),
    **{f"a list of posts, {outcome}": ("ms", lambda one, outcome=outcome: one.middle_ms(outcome)) for outcome in READS},  # type: ignore[misc]
}


def _results(parts: list[Answers]) -> Iterator[Event]:
    for name, (unit, of) in RESULTS.items():
        if told := measured(parts, of):
            yield result(name, told[0], unit, runtime="python", label=label(parts), parts=told[1])


def _captions(recording: Recording, ways: Ways) -> Iterator[Event]:
    servers = " and ".join(map(words, recording.host.get("servers", []))) or "the servers of this run"
    ends = listed([f"{label(parts)} {median(one.seconds for one in parts):.2f} s" for parts in ways.values()])
    yield caption("timeline", f"Until the last answer: {ends}. {_wrongs(ways)}")
    told = listed([f"{label(parts)} {median(one.read_ms() for one in parts):.2f} ms" for parts in ways.values()])
    yield caption("latencies", f"One read on average: {told}. Answered by {servers}.")
    oldest = listed([f"{label(parts)} {max(one.oldest for one in parts):.2f} s" for parts in ways.values()])
    yield caption("behind", f"At most: {oldest}.")
    cached = {way: parts for way, parts in ways.items() if way != "off"}
    if cached:
        ends = listed([f"{label(parts)} {median(len(one.keys) for one in parts):.0f}" for parts in cached.values()])
        yield caption("memory", f"Keys that were still there at the end: {ends}.")


def _wrongs(ways: Ways) -> str:
    told = []
    for parts in ways.values():
        wrong = sum(len(one.old) + len(one.wrong) for one in parts)
        told.append(f"{label(parts)} {wrong} of {count(sum(len(one.reads) for one in parts), 'read')}")
    return f"Wrong answers in all repeats: {listed(told)}."


def _faster(way: str, ways: Ways) -> Event:
    """Mean read against mean read, repeat by repeat: both had the same requests.

    What only one of them answered with what was asked for is left out of both.
    """
    parts = ways[way]
    pairs = [(off, on, off.right.keys() & on.right.keys()) for off, on in zip(ways["off"], parts, strict=False)]
    ratio = paired_ratio([off.read_ms(both) for off, _, both in pairs if both],
                         [on.read_ms(both) for _, on, both in pairs if both])  # fmt: skip
    cites = cite(parts[0].part, parts[0].reads[-1]["id"])
    id, name = f"faster-{way}", label(parts)
    if ratio is None or len(ratio.values) < ENOUGH_REPEATS:
        text = f"Fewer than {ENOUGH_REPEATS} repeats cannot tell a difference from chance."
        return finding(id, "cannot-tell", f"{name}: cannot tell", text, cites)
    text = f"The same reads without a cache took {ratio.words()} times as long, repeat by repeat."
    if ratio.surely_above(1):
        return finding(id, "yes", f"{name}: {ratio.median:.1f}× faster", text, cites)
    if ratio.surely_below(1):
        return finding(id, "no", f"{name}: slower than none", text, cites)
    text += " Some were faster, some slower."
    return finding(id, "cannot-tell", f"{name}: as fast, or cannot tell", text, cites)


def _costs(ways: Ways) -> Iterator[Event]:
    """What a hit and a miss cost beside a read that asks the database alone."""
    cached = [one for way, parts in ways.items() if way != "off" for one in parts]
    base = measured(ways.get("off", []), lambda one: one.middle_ms("uncached"))
    for outcome in ("hit", "miss"):
        told = measured(cached, lambda one, outcome=outcome: one.middle_ms(outcome))  # type: ignore[misc]
        if base is None or told is None:
            continue
        text = f"A {outcome} took {told[0].words()} ms, the same list without a cache {base[0].words()} ms."
        if told[0].low <= base[0].high and base[0].low <= told[0].high:
            text += " The spreads overlap."
            yield finding(f"cost-{outcome}", "cannot-tell", f"A {outcome}: cannot tell", text)
            continue
        share = told[0].median / base[0].median
        verdict = "yes" if (share < 1) == (outcome == "hit") else "no"
        yield finding(f"cost-{outcome}", verdict, f"A {outcome}: {share:.2f} of an uncached read", text)


def _old(parts: list[Answers]) -> Event:
    """Answers that did not know of a write that had returned; with expiry also: not for longer than that."""
    first, name = parts[0], label(parts)
    id = f"old-{first.way}"
    lists, writes = sum(len(one.lists) for one in parts), sum(one.writes for one in parts)
    old = [(one, event) for one in parts for event in one.old]
    if not writes:
        text = "Without a write no answer can be out of date."
        return finding(id, "cannot-tell", f"{name}: nobody wrote", text)
    if not lists:
        return finding(id, "cannot-tell", f"{name}: no list came", "No read of posts gave a list of posts.")
    if not old:
        text = f"{count(lists, 'list')} of posts, {count(writes, 'write')}; each list knew of every write before it."
        return finding(id, "yes" if first.way == "off" else "no", f"{name}: none out of date", text)
    one, event = max(old, key=lambda told: told[1]["behind"])
    text = (
        f"{len(old)} of {count(lists, 'list')} of posts missed a post whose write had already returned. "
        f"One of them had returned {event['behind']:.2f} s before the list was asked for."
    )
    cites = cite(one.part, event["id"])
    headline, verdict = f"{name}: {len(old)} out of date", "no" if first.way == "off" else "yes"
    if first.way == "ttl":
        bound = float(one.part.settings["expiry"]) / 1000
        slack = max((miss["value"] for one in parts for miss in one.part.samples.get("miss", [])), default=0.0) / 1000
        kept = event["behind"] <= bound + slack
        verdict = "yes" if kept else "no"
        text += f" An answer lives for {bound:.2f} s: expiry " + (
            "bounds how old an answer gets, not how many are old." if kept else "did not bound how old it got."
        )
    return finding(id, verdict, headline, text, cites)


def _stays(parts: list[Answers]) -> Event:
    """What Redis still had when everybody had gone."""
    first, name = parts[0], label(parts)
    id = f"stays-{first.way}"
    keys = [key for one in parts for key in one.keys]
    if not keys:
        verdict = "yes" if first.way == "ttl" else "cannot-tell"
        return finding(id, verdict, f"{name}: nothing left", "When the last answer had been given, no key was there.")
    ever = [key for key in keys if key["value"] == FOR_EVER]
    size = mean(key["bytes"] for key in keys)
    if not ever:
        left = max(key["value"] for key in keys)
        text = (
            f"{count(len(keys), 'key')} at the end of the repeats, all with a time to live; at most {left:.2f} s left."
        )
        return finding(id, "yes" if first.way == "ttl" else "no", f"{name}: every key expires", text)
    text = (
        f"{len(ever)} of {count(len(keys), 'key')} at the end of the repeats had a time to live of -1: for ever. "
        f"On average one holds {size:,.0f} bytes. Nobody removes it, also when its user never comes back: a million "
        f"users of this kind hold {size * MILLION / 1e9:.1f} GB."
    )
    return finding(id, "no" if first.way == "ttl" else "yes", f"{name}: nothing expires", text)


def _wrong(parts: list[Answers]) -> Event:
    """Two routes, one key."""
    first, name = parts[0], label(parts)
    wrong = [(one, event) for one in parts for event in one.wrong]
    id, reads = f"wrong-{first.way}", sum(len(one.reads) for one in parts)
    both = all({event["what"] for event in one.reads} == {"posts", "user"} for one in parts)
    if not wrong:
        text = f"{count(reads, 'read')}, and every one gave what was asked for."
        return finding(id, "no" if both else "cannot-tell", f"{name}: no mix-up", text)
    one, event = wrong[0]
    asked = {"posts": "posts", "user": "profile"}[event["what"]]
    text = (
        f"{len(wrong)} of {count(reads, 'read')} gave the other route's answer, for both use the user's id as key. "
        f"Asked for the {asked} of user {event['user']}, got: {event['text']} …"
    )
    return finding(id, "yes", f"{name}: {len(wrong)} of the wrong kind", text, cite(one.part, event["id"]))


def _answer(cached: Ways) -> Event:
    if not cached:
        return answer("faults", "cannot-tell", "No route of this run was cached.", [])
    parts = [one for found in cached.values() for one in found]
    old = [(one, event) for one in parts for event in one.old[:1]]
    wrong = [(one, event) for one in parts for event in one.wrong[:1]]
    cites = [c for one, event in old[:1] + wrong[:1] for c in cite(one.part, event["id"])]
    value = {(False, False): "nothing", (True, False): "old", (False, True): "kind", (True, True): "both"}
    told = (
        f"{sum(len(one.old) for one in parts)} out of date, {sum(len(one.wrong) for one in parts)} of the wrong kind, "
        f"of {count(sum(len(one.reads) for one in parts), 'read')} through a cache."
    )
    return answer("faults", value[bool(old), bool(wrong)], told, cites)
