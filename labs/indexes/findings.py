"""What a run says: how look-ups grow, what the server did for each, and what indexes cost on writes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from statistics import median

from labs.indexes.growth import Growth, Repeat, Timed, growth
from labs.indexes.resample import Interval, Middle, interval
from labs.sdk import servers
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, caption, cite, finding, paired_ratio, result, trust
from labs.sdk.recording import Part, Recording

Curve = dict[int, list[Part]]
NAMES = {"id": "By _id", "title": "By title, no index", "index": "By title, with an index"}
LARGE_SHARE = 0.2
SMALL_SHARE = 0.05
WIDE = 2.0
"""An exponent that may be anything in so wide an interval is not worth a number."""

ANSWERS = {frozenset(): "none", frozenset({"title"}): "title", frozenset({"title", "index"}): "titles",
           frozenset(NAMES): "all"}  # fmt: skip
"""The choice that says which ways grow."""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, captions, cards and the answer, for the mode of the run."""
    if not recording.ended():
        yield finding("none", "cannot-tell", "Nothing to say", "No part ran to its end.")
        return
    yield from _look_ups(recording) if recording.params.get("mode", "lookup") == "lookup" else _writes(recording)


def _middle(parts: list[Part], series: str) -> Measured:
    """Median of a series in each part."""
    return Measured(tuple(median(part.values(series)) for part in parts if part.values(series)))


def ids(parts: list[Part]) -> list[str]:
    """Which part each value of a result comes from."""
    return [part.id for part in parts]


def _answered_by(recording: Recording) -> str:
    return " and ".join(map(servers.words, recording.host.get("servers", []))) or "the server of this run"


def _look_ups(recording: Recording) -> Iterator[Event]:
    curves: dict[str, Curve] = {}
    for part in recording.ended():
        if part.values("lookup"):
            curves.setdefault(part.settings["way"], {}).setdefault(int(part.settings["documents"]), []).append(part)
    all_ = []
    for way, curve in curves.items():
        for documents, parts in sorted(curve.items()):
            took = _middle(parts, "lookup")
            all_.append(took)
            yield result("one look-up", took, "ms", runtime="python", label=NAMES[way], x=documents, parts=ids(parts))
    yield trust(recording, all_)
    yield caption("growth", f"The median of one look-up in each repeat. Answered by {_answered_by(recording)}.")
    repeats = _repeats(curves)
    grown = {}
    for way, curve in curves.items():
        grown[way] = growth(way, repeats)
        yield _growth(way, curves, grown[way])
        yield _plan(way, curve)
    yield from _gain(curves, repeats)
    yield _answer(grown, curves)


def _repeats(curves: Mapping[str, Curve]) -> list[Repeat]:
    """What was timed, repeat by repeat."""
    found: dict[int, dict[str, dict[int, Timed]]] = {}
    for way, curve in curves.items():
        for documents, parts in curve.items():
            for part in parts:
                pings = [1000 * seconds for seconds in part.values("unit")]
                timed = Timed(part.values("lookup"), pings)
                found.setdefault(part.repeat, {}).setdefault(way, {})[documents] = timed
    return [found[repeat] for repeat in sorted(found)]


def _growth(way: str, curves: Mapping[str, Curve], found: Growth) -> Event:
    curve, verdict = curves[way], found.verdict(way)
    sizes = sorted(curve)
    first, last = (_middle(curve[size], "lookup").median for size in (sizes[0], sizes[-1]))
    counts = {len(part.values("lookup")) for part in curve[sizes[-1]]}
    text = f"{first:.2f} ms among {sizes[0]:,} documents, {last:.2f} ms among {sizes[-1]:,}: {found.said}."
    if found.grows and way != "id" and "id" in curves:
        by_id = [one for parts in curves["id"].values() for one in _middle(parts, "lookup").values]
        text += f" The search is what comes on top of a look-up by _id, which takes {median(by_id):.2f} ms."
    if found.exponent is not None and found.exponent.high - found.exponent.low < WIDE:
        text += f" As a power of their number: {found.exponent.words()}."
    if found.beside is not None and found.beside.high < SMALL_SHARE:
        text += f" But it surely grew by less than {SMALL_SHARE:.0%} of what the scan grew by."
    if way == "id" or found.kind == "hardly":
        text += _nothing(curve[sizes[0]], first)
    if max(counts) < max(len(part.values("lookup")) for part in curve[sizes[0]]):
        text += f" Among {sizes[-1]:,} there was time for {min(counts)} look-ups a repeat."
    said = found.said if verdict != "cannot-tell" else "grows, cannot tell how fast" if found.grows else "cannot tell"
    part = curve[sizes[-1]][0]
    cites = cite(part, part.complete()[0].id) if part.complete() else []
    return finding(f"growth-{way}", verdict, f"{NAMES[way]}: {said}", text, cites)


def _nothing(parts: list[Part], took: float) -> str:
    """Where a good part of the smallest look-up is the way to the server, growth begins only beyond it."""
    pings = [1000 * value for part in parts for value in part.values("unit")]
    if not pings or median(pings) < LARGE_SHARE * took:
        return ""
    return f" A command that does nothing takes {median(pings):.2f} ms here, and that part of a look-up cannot grow."


def _plan(way: str, curve: Curve) -> Event:
    """What the server explained for the largest collection."""
    size = max(curve)
    told = [event for part in curve[size] for event in part.samples.get("plan", [])]
    if not told:
        return finding(f"plan-{way}", "cannot-tell", f"{NAMES[way]}: no plan", "The server did not explain it.")
    seen, entries = round(told[0]["value"]), int(told[0]["entries"])
    steps = ", then ".join(told[0]["stages"]) or "no steps told"
    looked = f"{seen:,} document{'' if seen == 1 else 's'} and {entries:,} index entr{'y' if entries == 1 else 'ies'}"
    text = f"The server's plan: {steps}. It looked at {looked} to find one."
    verdict = "yes" if (seen <= 1) == (way != "title") else "no"
    return finding(f"plan-{way}", verdict, f"{NAMES[way]}: {seen:,} of {size:,} documents read", text)


def _gain(curves: Mapping[str, Curve], repeats: list[Repeat]) -> Iterator[Event]:
    """The scan against the index, in the largest collection both have."""
    shared = set(curves.get("title", {})) & set(curves.get("index", {}))
    if not shared:
        return
    size = max(shared)
    both = [repeat for repeat in repeats if all(size in repeat.get(way, {}) for way in ("title", "index"))]
    ratio = paired_ratio(*([median(repeat[way][size].looks) for repeat in both] for way in ("title", "index")))
    if ratio is None:
        return
    yield result("no index ÷ index", ratio, "×", runtime="python", label=f"{size:,} documents")

    def times(repeat: Repeat, middle: Middle) -> float:
        return math.log(middle(repeat["title"][size].looks) / middle(repeat["index"][size].looks))

    known = interval(both, times)
    said = (known.exp() if known else ratio).words(1)
    text = f"Among {size:,} documents a look-up without the index took {said} times as long, repeat by repeat."
    yield _times("gain", "The index", text, known and known.exp(), " as fast")


def _times(id: str, what: str, text: str, known: Interval | None, more: str = "") -> Event:
    """A card about how many times as long something took: yes where it surely took longer."""
    if known is None or known.low <= 1 <= known.high:
        return finding(id, "cannot-tell", f"{what}: cannot tell", text)
    digits = 0 if known.middle >= 10 else 1 if known.middle >= 1.5 else 2
    headline = f"{what}: {known.middle:.{digits}f}×{more}"
    return finding(id, "yes" if known.low > 1 else "no", headline, text)


def _answer(grown: Mapping[str, Growth], curves: Mapping[str, Curve]) -> Event:
    if set(grown) != set(NAMES) or any(found.grows is None for found in grown.values()):
        return answer("grows", "cannot-tell", "This run does not tell it of all three.", [])
    growing = [way for way in NAMES if grown[way].grows]
    cites = [
        c for way in growing for part in curves[way][max(curves[way])][:1] for c in cite(part, part.complete()[0].id)
    ]
    text = f"Growing with the collection: {', '.join(NAMES[way] for way in growing) or 'none'}."
    return answer("grows", ANSWERS.get(frozenset(growing), "cannot-tell"), text, cites)


def _writes(recording: Recording) -> Iterator[Event]:
    curve: Curve = {}
    for part in recording.ended():
        curve.setdefault(int(part.settings["indexes"]), []).append(part)
    all_ = []
    for indexes, parts in sorted(curve.items()):
        for series, name in (("insert", "one insert"), ("update", "one update")):
            took = _middle(parts, series)
            all_.append(took)
            yield result(
                "one write", took, "ms", runtime="python", label=name.capitalize(), x=indexes, parts=ids(parts)
            )
        size = _middle(parts, "index size")
        yield result("index size", size, "KiB", runtime="python", label="All indexes", x=indexes, parts=ids(parts))
    yield trust(recording, all_)
    yield caption("writes", f"The median of one write in each repeat. Answered by {_answered_by(recording)}.")
    few, many = min(curve), max(curve)
    for series in ("insert", "update") if few != many else ():
        yield _cost(series, few, many, curve)
    small, large = (_middle(curve[n], "index size").median for n in (few, many))
    text = f"{small:.0f} KiB with {few} beside the one of _id, {large:.0f} KiB with {many}."
    yield finding("size", "yes" if large > small else "no", f"Indexes: {large:.0f} KiB", text)


def _cost(series: str, few: int, many: int, curve: Curve) -> Event:
    told = [{part.repeat: part.values(series) for part in curve[n] if part.values(series)} for n in (few, many)]
    pairs = [(told[0][repeat], told[1][repeat]) for repeat in sorted(set(told[0]) & set(told[1]))]

    def times(pair: tuple[list[float], list[float]], middle: Middle) -> float:
        return math.log(middle(pair[1]) / middle(pair[0]))

    known = interval(pairs, times)
    ratio = Measured(tuple(math.exp(times(pair, median)) for pair in pairs))
    said = (known.exp() if known else ratio).words()
    text = f"With {many} indexes one {series} took {said} times as long as with {few}."
    return _times(f"cost-{series}", f"An {series}", text, known and known.exp())
