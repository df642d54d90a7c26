"""What a run says: how look-ups grow, what the server did for each, and what indexes cost on writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median

from labs.indexes.growth import HARDLY, exponents, words
from labs.sdk import servers
from labs.sdk.events import Event
from labs.sdk.judge import ENOUGH_REPEATS, Measured, answer, caption, cite, finding, paired_ratio, result, trust
from labs.sdk.recording import Part, Recording

Curve = dict[int, list[Part]]
NAMES = {"id": "By _id", "title": "By title, no index", "index": "By title, with an index"}
LARGE_SHARE = 0.2


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
    grown = {}
    for way, curve in curves.items():
        repeats: dict[int, dict[int, float]] = {}
        for documents, parts in curve.items():
            for part in parts:
                repeats.setdefault(part.repeat, {})[documents] = median(part.values("lookup"))
        grown[way] = exponents(list(repeats.values()))
        yield _growth(way, curve, grown[way])
        yield _plan(way, curve)
    yield from _gain(curves)
    yield _answer(grown, curves)


def _growth(way: str, curve: Curve, found: Measured | None) -> Event:
    verdict, said = words(found)
    sizes = sorted(curve)
    first, last = (_middle(curve[size], "lookup").median for size in (sizes[0], sizes[-1]))
    counts = {len(part.values("lookup")) for part in curve[sizes[-1]]}
    text = f"{first:.2f} ms among {sizes[0]:,} documents, {last:.2f} ms among {sizes[-1]:,}: it {said}."
    if verdict == "cannot-tell":
        counts = {len(part.values("lookup")) for part in curve[sizes[-1]]}
    text = f"{first:.2f} ms among {sizes[0]:,} documents, {last:.2f} ms among {sizes[-1]:,}; {said}."
    if found is not None:
        text += f" As a power of their number: {found.words()}."
    text += _nothing(curve[sizes[0]], first)
    if max(counts) < max(len(part.values("lookup")) for part in curve[sizes[0]]):
        text += f" Among {sizes[-1]:,} there was time for {min(counts)} look-ups a repeat."
    headline = f"{NAMES[way]}: {said if verdict != 'cannot-tell' else 'cannot tell'}"
    part = curve[sizes[-1]][0]
    return finding(
        f"growth-{way}", verdict, headline, text, cite(part, part.complete()[0].id) if part.complete() else []
    )


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


def _gain(curves: Mapping[str, Curve]) -> Iterator[Event]:
    """The scan against the index, in the largest collection both have."""
    shared = set(curves.get("title", {})) & set(curves.get("index", {}))
    if not shared:
        return
    size = max(shared)
    ratio = paired_ratio(
        _middle(curves["title"][size], "lookup").values, _middle(curves["index"][size], "lookup").values
    )
    if ratio is None:
        return
    yield result("no index ÷ index", ratio, "×", runtime="python", label=f"{size:,} documents")
    text = (
        f"Among {size:,} documents a look-up without the index took {ratio.words(1)} times as long, repeat by repeat."
    )
    if len(ratio.values) < ENOUGH_REPEATS or not (ratio.surely_above(1) or ratio.surely_below(1)):
        yield finding("gain", "cannot-tell", "The index: cannot tell", text)
    else:
        yield finding("gain", "yes" if ratio.low > 1 else "no", f"The index: {ratio.median:.0f}× as fast", text)


def _answer(grown: Mapping[str, Measured | None], curves: Mapping[str, Curve]) -> Event:
    growing = {way for way, found in grown.items() if found is not None and found.low > HARDLY}
    unknown = {way for way, found in grown.items()
               if found is None or len(found.values) < ENOUGH_REPEATS or found.low <= HARDLY <= found.high}  # fmt: skip
    if unknown or set(grown) != set(NAMES):
        return answer("grows", "cannot-tell", "This run does not tell it of all three.", [])
    value = "none" if not growing else "title" if growing == {"title"} else "titles" if "id" not in growing else "all"
    cites = [
        c for way in growing for part in curves[way][max(curves[way])][:1] for c in cite(part, part.complete()[0].id)
    ]
    text = f"Growing with the collection: {', '.join(NAMES[way] for way in NAMES if way in growing) or 'none'}."
    return answer("grows", value, text, cites)


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
    for series in ("insert", "update"):
        ratio = paired_ratio(_middle(curve[many], series).values, _middle(curve[few], series).values)
        if ratio is not None and few != many:
            yield _cost(series, few, many, ratio)
    small, large = (_middle(curve[n], "index size").median for n in (few, many))
    text = f"{small:.0f} KiB with {few} beside the one of _id, {large:.0f} KiB with {many}."
    yield finding("size", "yes" if large > small else "no", f"Indexes: {large:.0f} KiB", text)
    yield answer("grows", "cannot-tell", "This run wrote; it looked nothing up.", [])


def _cost(series: str, few: int, many: int, ratio: Measured) -> Event:
    text = f"With {many} indexes one {series} took {ratio.words()} times as long as with {few}, repeat by repeat."
    if len(ratio.values) < ENOUGH_REPEATS or not (ratio.surely_above(1) or ratio.surely_below(1)):
        return finding(f"cost-{series}", "cannot-tell", f"An {series}: cannot tell", text)
    return finding(f"cost-{series}", "yes" if ratio.low > 1 else "no", f"An {series}: {ratio.median:.1f}×", text)
