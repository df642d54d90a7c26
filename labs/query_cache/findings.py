"""What a run says: how much faster, how often wrong, how many queries in a stampede, what an outage costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median, quantiles

from labs.query_cache.outcomes import BACK
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
from labs.sdk.recording import Part, Recording
from labs.sdk.servers import words

NEVER_TOLD = ("on", "ttl")
"""Ways in which nobody tells the cache of a write: an old answer is what to expect."""
ENOUGH_READS = 5
"""Fewer reads while Redis is away say nothing of the others."""
DEARER = 1.5
"""A read that takes so many times as long as an uncached one has paid for the cache."""
READS = ("hit", "wait", "miss", "bypass", "uncached")
Parts = Mapping[str, list[Part]]


def findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, captions, cards and the answer, for the mode of the run."""
    ways: dict[str, list[Part]] = {}
    for part in recording.ended():
        ways.setdefault(str(part.settings["way"]), []).append(part)
    if not ways:
        yield finding("none", "cannot-tell", "Nothing to say", "No part ran to its end.")
        return
    mode = recording.params.get("mode", "ways")
    yield from {"ways": _ways, "stampede": _stampede, "outage": _outage}[mode](recording, ways)


def total(part: Part) -> float:
    """Seconds until the last read was answered."""
    return max((span.end or 0.0 for span in part.complete()), default=0.0)


def reads_of(part: Part) -> list[Event]:
    """Every read, whatever the cache did with it."""
    return [event for outcome in READS for event in part.samples.get(outcome, [])]


def stale_of(part: Part) -> list[Event]:
    """Reads whose answer was older than a write that had returned before they began."""
    return [event for event in reads_of(part) if event["stale"]]


def ids(parts: list[Part]) -> list[str]:
    """Which part each value of a result comes from."""
    return [part.id for part in parts]


def counted(part: Part, *names: str) -> int:
    """The cache's own counters."""
    return sum(int(e["value"]) for e in part.samples.get("counted", []) if e["of"] in names)


def _ways(recording: Recording, ways: Parts) -> Iterator[Event]:
    totals = {way: Measured(tuple(map(total, parts))) for way, parts in ways.items()}
    for way, parts in ways.items():
        label = parts[0].label
        yield result("total", totals[way], "s", runtime="python", label=label)
        yield result("stale answers", Measured(tuple(100 * len(stale_of(p)) / len(reads_of(p)) for p in parts)), "%",
                     runtime="python", label=label, parts=ids(parts))  # fmt: skip
        if way != "off":
            told = [p for p in parts if counted(p, "hit", "wait", "miss", "bypass")]
            shares = [100 * counted(p, "hit", "wait") / counted(p, "hit", "wait", "miss", "bypass") for p in told]
            if shares:
                yield result("hit ratio", Measured(tuple(shares)), "%", runtime="python", label=label, parts=ids(told))
        yield from _latencies(parts, label)
    yield trust(recording, totals.values())
    yield from _captions(recording, ways)
    for way in ways:
        if way != "off" and "off" in ways:
            yield _faster(way, ways, totals)
    yield from (_stale(parts) for parts in ways.values())
    yield from _kinds(ways)
    yield _answer(ways)


def _latencies(parts: list[Part], label: str) -> Iterator[Event]:
    for outcome in READS:
        medians = [median(e["value"] for e in p.samples[outcome]) for p in parts if p.samples.get(outcome)]
        if medians:
            yield result(f"one read, {outcome}", Measured(tuple(medians)), "ms", runtime="python", label=label)
    ages = [e["age"] for p in parts for e in stale_of(p) if e.get("age") is not None]
    if ages:
        yield result("age of a stale answer", Measured(tuple(ages)), "s", runtime="python", label=label)


def _faster(way: str, ways: Parts, totals: Mapping[str, Measured]) -> Event:
    ratio = paired_ratio(totals["off"].values, totals[way].values)
    parts = ways[way]
    cites = cite(parts[0], parts[0].complete()[-1].id)
    id, label = f"faster-{way}", parts[0].label
    if ratio is None or len(ratio.values) < ENOUGH_REPEATS:
        text = f"Fewer than {ENOUGH_REPEATS} repeats cannot tell a difference from chance."
        return finding(id, "cannot-tell", f"{label}: cannot tell", text, cites)
    text = f"The same reads without a cache took {ratio.words()} times as long, repeat by repeat."
    if ratio.surely_above(1):
        return finding(id, "yes", f"{label}: {ratio.median:.1f}× faster", text, cites)
    if ratio.surely_below(1):
        return finding(id, "no", f"{label}: slower than none", text, cites)
    return finding(
        id, "cannot-tell", f"{label}: as fast, or cannot tell", text + " Some were faster, some slower.", cites
    )


def _stale(parts: list[Part]) -> Event:
    stale = [(part, event) for part in parts for event in stale_of(part)]
    reads, label = sum(len(reads_of(part)) for part in parts), parts[0].label
    id = f"stale-{parts[0].settings['way']}"
    writes = sum(span.name == "write" for part in parts for span in part.complete())
    if not writes:
        return finding(id, "cannot-tell", f"{label}: nobody wrote", "Without a write no answer can be out of date.")
    untold = parts[0].settings["way"] in NEVER_TOLD
    if not stale:
        text = f"{count(reads, 'answer')}, {count(writes, 'write')}, and every answer knew of the last write before it."
        return finding(id, "no" if untold else "yes", f"{label}: none out of date", text)
    ages = [event["age"] for _, event in stale if event.get("age") is not None]
    text = f"{len(stale)} of {count(reads, 'answer')} did not know of a write that had already returned."
    if ages:
        text += f" The oldest was {max(ages):.2f} s old."
    part = stale[0][0]
    verdict = "yes" if untold else "no"
    return finding(id, verdict, f"{label}: {len(stale)} out of date", text, cite(part, stale[0][1]["id"]))


def _kinds(ways: Parts) -> Iterator[Event]:
    """What a hit and a miss cost beside an uncached read."""
    base = [median(e["value"] for e in p.samples["uncached"]) for p in ways.get("off", []) if p.samples.get("uncached")]
    if not base:
        return
    cached = [part for way, parts in ways.items() if way != "off" for part in parts]
    for outcome, words_ in (("hit", "A hit"), ("miss", "A miss")):
        values = [median(e["value"] for e in p.samples[outcome]) for p in cached if p.samples.get(outcome)]
        if not values:
            continue
        measured, against = Measured(tuple(values)), Measured(tuple(base))
        text = f"{words_} took {measured.words()} ms among the other readers, an uncached read {against.words()} ms."
        share = measured.median / against.median
        apart = measured.high < against.low or measured.low > against.high
        verdict = "cannot-tell" if not apart else "yes" if (share < 1) == (outcome == "hit") else "no"
        headline = f"{words_}: {share:.2f} of an uncached read" if apart else f"{words_}: cannot tell"
        yield finding(f"cost-{outcome}", verdict, headline, text + ("" if apart else " The spreads overlap."))


def _answer(ways: Parts) -> Event:
    wrong = {way for way, parts in ways.items() if any(map(stale_of, parts))}
    cites = [c for parts in ways.values() for p in parts for e in stale_of(p)[:1] for c in cite(p, e["id"])]
    if not any(span.name == "write" for parts in ways.values() for part in parts for span in part.complete()):
        return answer("stale", "cannot-tell", "Nobody wrote in this run.", [])
    if not wrong:
        return answer("stale", "none", "No answer of this run was out of date.", [])
    if wrong == {"on"}:
        return answer("stale", "never-cleared", "Only where nothing is ever cleared.", cites)
    if wrong <= {"on", "ttl"}:
        return answer("stale", "uncleared", "Where nobody tells the cache of a write.", cites)
    return answer(
        "stale", "more", f"Out of date: {', '.join(ways[way][0].label for way in ways if way in wrong)}.", cites
    )


def _captions(recording: Recording, ways: Parts) -> Iterator[Event]:
    servers = " and ".join(map(words, recording.host.get("servers", []))) or "the servers of this run"
    told = ", ".join(f"{parts[0].label} {median(map(total, parts)):.2f} s" for parts in ways.values())
    yield caption("totals", f"{told}. Answered by {servers}.")
    stale = {parts[0].label: sum(len(stale_of(part)) for part in parts) for parts in ways.values()}
    wrong = listed([f"{n} of {label}" for label, n in stale.items() if n]) or "none"
    yield caption("timeline", f"Answers out of date in all repeats: {wrong}.")


def _stampede(recording: Recording, ways: Parts) -> Iterator[Event]:
    totals = {way: Measured(tuple(map(total, parts))) for way, parts in ways.items()}
    queries = {way: Measured(tuple(median(p.values("queries")) for p in parts)) for way, parts in ways.items()
               if all(p.values("queries") for p in parts)}  # fmt: skip
    for way, parts in ways.items():
        yield result("total", totals[way], "s", runtime="python", label=parts[0].label)
        if way in queries:
            yield result("queries", queries[way], "queries", runtime="python", label=parts[0].label, parts=ids(parts))
    yield trust(recording, totals.values())
    readers = int(recording.params.get("readers", 1))
    if "leases" in queries:
        all_ = [value for part in ways["leases"] for value in part.values("queries")]
        verdict = "cannot-tell" if readers < 2 else "yes" if max(all_) == 1 else "no"
        text = f"In {count(len(all_), 'stampede')} of {count(readers, 'reader')} the database was asked {min(all_):.0f}"
        text += " time each." if min(all_) == max(all_) == 1 else f" to {max(all_):.0f} times each."
        text += " One reader alone is no stampede." if readers < 2 else ""
        yield finding("leases", verdict, f"With leases: {max(all_):.0f} at most", text)
    if "no leases" in queries:
        found = queries["no leases"]
        verdict = "yes" if found.surely_above(1) else "cannot-tell"
        text = f"Without leases {found.words(0)} of {count(readers, 'reader')} asked the database in one stampede."
        yield finding("no-leases", verdict, f"Without: {found.median:.0f} queries", text)


def _outage(recording: Recording, ways: Parts) -> Iterator[Event]:
    parts = ways["outage"]
    reads = [event for part in parts for event in part.samples.get("read", [])]
    away = [tuple(e["value"] for e in p.samples.get("read", []) if e["outcome"] == "bypass") for p in parts]
    medians = Measured.of(median(values) for values in away if values)
    if medians:
        yield result("one read, Redis away", medians, "ms", runtime="python", label=parts[0].label)
    yield trust(recording, [medians] if medians else [])
    failed = sum(len(part.values("failed")) for part in parts)
    text = f"{count(len(reads), 'read')}, {failed} of them failed."
    yield finding(
        "failed", "yes" if not failed else "no", "Every read was answered" if not failed else "Reads failed", text
    )
    yield _back(parts)
    yield from _away(parts)


def _back(parts: list[Part]) -> Event:
    """Reads from the cache after Redis' return: one may still go to the database, where Redis was slow once."""
    each = [_hits_after(part) for part in parts]
    hits = [hit for found in each for hit in found]
    if not hits:
        text = "Redis was not trusted again before the run ended."
        return finding("back", "cannot-tell", "No hit after the return", text)
    stale = sum(bool(event["stale"]) for event in hits)
    waited = Measured(tuple(found[0]["t"] - _returned(p) for p, found in zip(parts, each, strict=True) if found))
    text = (
        f"While Redis was away somebody wrote. {count(len(hits), 'hit')} after its return, {stale} out of date. The "
        f"first came {waited.words()} s after it: the cache asks only now and then whether Redis is there again."
    )
    return finding("back", "no" if stale else "yes", f"{stale} out of date after the return", text)


def _hits_after(part: Part) -> list[Event]:
    """From when Redis was back."""
    hits = [event for event in part.samples.get("read", []) if event["outcome"] == "hit"]
    return sorted((hit for hit in hits if hit["t"] > _returned(part)), key=lambda hit: hit["t"])


def _returned(part: Part) -> float:
    """When Redis was back; never where nobody says so."""
    return max((event["t"] for event in part.marks if event["text"] == BACK), default=float("inf"))


def _away(parts: list[Part]) -> Iterator[Event]:
    """What the cache adds to a read while Redis is away: as far as the middle half of such reads agrees on it.

    Repeat by repeat, for the machine may be faster in one than in another.
    """
    away = [
        ([e["value"] for e in part.samples.get("read", []) if e["outcome"] == "bypass"], part.values("unit"))
        for part in parts
    ]
    told = [(reads, 1000 * median(units)) for reads, units in away if reads and units]
    if not told:
        return
    if min(len(reads) for reads, _ in told) < ENOUGH_READS:
        text = f"Fewer than {ENOUGH_READS} reads in a repeat cannot tell a difference from chance."
        yield finding("away", "cannot-tell", "Away: too few reads", text)
        return
    shares = [[quarter / unit for quarter in quantiles(reads, n=4)] for reads, unit in told]
    low, high = min(share[0] for share in shares), max(share[-1] for share in shares)
    text = (
        f"While Redis was away half of the reads took {low:.2f} to {high:.2f} times as long as one alone and uncached, "
        f"which took {min(unit for _, unit in told):.2f} to {max(unit for _, unit in told):.2f} ms."
    )
    verdict = "yes" if high < DEARER else "no" if low > DEARER else "cannot-tell"
    middle = median(share[1] for share in shares)
    headline = "Away: cannot tell" if verdict == "cannot-tell" else f"Away: {middle:.2f} of an uncached read"
    yield finding("away", verdict, headline, text)
