"""What a run shows of the layers, computed from its calls and heartbeats and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from labs.call_path.measured import LOOP, OTHER, SERIES, Climb, state
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, caption, cite, count, finding, result, trust
from labs.sdk.recording import Recording

ACTS = ("await", "direct", "kept")
SURE = 0.15
"""A share is told when all repeats lie within so much of the whole call."""

ALIKE = 0.15
"""Slopes are the same within this."""

Held = dict[tuple[str, str], str]
"""(act, whose heartbeat) → held, free, unclear"""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, the trust badge, captions, cards and the answer, in the order they are shown."""
    iterations = int(recording.params.get("iterations", 1))
    runs = {r: c for r in recording.runtimes() if (c := _climbs(recording, r, iterations))}
    if not runs:
        yield finding("none", "cannot-tell", "Nothing to say", "No call was measured at its layers to the end.")
        return
    totals: list[Measured] = []
    held: dict[str, Held] = {}
    for runtime, climbs in runs.items():
        totals.append(Measured(tuple(1e6 * climb.total for climb in climbs)))
        label = recording.label(runtime)
        yield result("total, in µs", totals[-1], "µs", runtime=runtime, label=label)
        yield from _shares(runtime, label, climbs)
        held[runtime] = {(act, series): state(_silence(climbs, act, series)) for act in ACTS for series in SERIES}
        yield from _silences(runtime, label, climbs)
    yield trust(recording, totals)
    runtime, climbs = next(iter(runs.items()))
    yield caption("layers", _caption(recording, runtime, climbs))
    yield caption("silence", _silence_words(recording, runtime, climbs))
    for runtime, climbs in runs.items():
        label = recording.label(runtime)
        yield _below(runtime, label, climbs)
        yield _way(runtime, label, climbs)
        yield _letting_go(runtime, label, climbs, held[runtime])
        yield _slopes(runtime, label, climbs)
    runtime = next(iter(runs))
    yield _answer(runs[runtime], held[runtime])


def _climbs(recording: Recording, runtime: str, iterations: int) -> list[Climb]:
    return [climb for part in recording.ended(runtime) if (climb := Climb(part, iterations)).usable]


def _shares(runtime: str, label: str, climbs: list[Climb]) -> Iterator[Event]:
    """A row for each layer that could be measured; `told` says whether its share can be told from the spread."""
    for layer in climbs[0].layers:
        shares = Measured.of(share for climb in climbs if (share := climb.share(_same(climb, layer))) is not None)
        seconds = Measured.of(s for climb in climbs if (s := climb.seconds(_same(climb, layer))) is not None)
        if shares is None or seconds is None or (layer.get("own") or {}).get("same"):
            continue
        more = {"runtime": runtime, "layer": layer["id"], "label": f"{label}, {layer.get('function', layer['id'])}"}
        percent = Measured(tuple(100 * value for value in shares.values))
        yield result("share of one call", percent, "%", told=_told(shares), **more)
        yield result("time in one call", Measured(tuple(1e6 * value for value in seconds.values)), "µs", **more)


def _told(shares: Measured) -> bool:
    return shares.low > 0 and shares.high - shares.low < SURE


def _same(climb: Climb, layer: dict[str, object]) -> dict[str, object]:
    return next((one for one in climb.layers if one["id"] == layer["id"]), {})


def _silences(runtime: str, label: str, climbs: list[Climb]) -> Iterator[Event]:
    for act in ACTS:
        for series in SERIES:
            if silence := _silence(climbs, act, series):
                name = next(climb.part.spans[act].name for climb in climbs if act in climb.part.spans)
                percent = Measured(tuple(100 * value for value in silence.values))
                yield result("longest silence", percent, "%", runtime=runtime, label=f"{label}, {name}: {series}",
                             act=act, whose=series, state=state(silence))  # fmt: skip


def _silence(climbs: list[Climb], act: str, series: str) -> Measured | None:
    return Measured.of(found for climb in climbs if (found := climb.silence(act, series)) is not None)


def _below(runtime: str, label: str, climbs: list[Climb]) -> Event:
    """How much of one call is spent below the binding."""
    below = Measured(tuple(climb.below for climb in climbs))
    total = Measured(tuple(1e6 * climb.total for climb in climbs))
    apart = any(layer["id"] == "openssl" and layer.get("own") for layer in climbs[0].layers)
    text = (
        f"{label}: one call took {total.words(0)} µs. {_percent(below)} of it was spent in OpenSSL, with "
        f"{count(climbs[0].iterations, 'iteration')}."
    )
    if not apart:
        text += " Its set-up cannot be told apart from the binding here; so this is only the part that grows."
    sure = below.high - below.low < SURE and len(below.values) > 1
    if not sure:
        text += " The repeats differ too much, or are too few, to name one number."
    cites = cite(climbs[0].part, *_grown(climbs[0]))
    return finding(
        f"below-{runtime}", "yes" if sure else "cannot-tell", f"{below.median:.0%} below the binding", text, cites
    )


def _way(runtime: str, label: str, climbs: list[Climb]) -> Event:
    """What getting to a thread and back costs, in times of an iteration."""
    way = Measured(tuple(1e6 * climb.way for climb in climbs))
    worth = Measured(tuple(climb.way / climb.fitted.slope for climb in climbs))
    cites = cite(climbs[0].part, *_grown(climbs[0]))
    if way.low <= 0:
        text = f"{label}: {way.words(0)} µs from repeat to repeat. Calls through the pool were not slower every time."
        return finding(f"way-{runtime}", "cannot-tell", "Cannot tell what the way costs", text, cites)
    text = (
        f"{label}: asking for the hash on another thread, and hearing of it, took {way.words(0)} µs more than calling "
        f"it on the spot. In that time OpenSSL does {worth.words(0)} iterations: with fewer, the way is longer than "
        "the work."
    )
    sure = way.spread < 1 and len(way.values) > 1
    headline = f"{way.median:.0f} µs to a thread and back"
    return finding(f"way-{runtime}", "yes" if sure else "cannot-tell", headline, text, cites)


def _letting_go(runtime: str, label: str, climbs: list[Climb], held: Held) -> Event:
    """Who let go of what, told from heartbeats."""
    text = _silence_sentence(label, climbs)
    part = climbs[0].part
    cites = cite(part, *(act for act in ACTS if act in part.spans))
    seen = [held.get(pair, "unclear") for pair in (("await", LOOP), ("direct", LOOP), ("direct", OTHER))]
    kept = held.get(("kept", OTHER), "unclear") if "kept" in part.spans else None
    if "unclear" in seen or kept == "unclear":
        return finding(f"held-{runtime}", "cannot-tell", "Cannot tell who was held", text, cites)
    expected = seen == ["free", "held", "free"] and kept in (None, "held" if part.host.get("gil") else "free")
    if part.host.get("gil") is False:
        text += " This Python runs without a GIL."
    elif part.host.get("gil") and kept == "held" and seen[2] == "free":
        text += " So it is the binding that lets the GIL go: the same work, called by somebody who keeps it, stops all."
    if seen[1] == "held" and seen[2] == "free":
        headline = "The loop was held, other threads were not"
    elif seen[1] == seen[2]:
        headline = "Loop and threads were both held" if seen[1] == "held" else "Nobody was held"
    else:
        headline = "Other threads were held, the loop was not"
    return finding(f"held-{runtime}", "yes" if expected else "no", headline, text, cites)


def _slopes(runtime: str, label: str, climbs: list[Climb]) -> Event:
    """All ways in should grow alike: that is what makes the fit worth anything."""
    apart = Measured(tuple(climb.fitted.disagreement for climb in climbs))
    each = Measured(tuple(1e9 * climb.fitted.slope for climb in climbs))
    text = (
        f"{label}: an iteration took {each.words(0)} ns, and the slopes of the ways in differ by {_percent(apart)}. "
        "They all end in the same work, so they should not differ."
    )
    verdict = "yes" if apart.surely_below(ALIKE) else "no" if apart.surely_above(ALIKE) else "cannot-tell"
    headline = {"yes": "The same slope at every layer", "no": "The slopes differ"}.get(verdict, "Slopes: cannot tell")
    if verdict != "yes":
        text += " Something else took part, such as a busy neighbour; do not trust small shares of this run."
    return finding(f"slope-{runtime}", verdict, headline, text, cite(climbs[0].part, *_grown(climbs[0])))


def _answer(climbs: list[Climb], held: Held) -> Event:
    """Who could still move while the hash ran on the loop?"""
    loop, other = held.get(("direct", LOOP), "unclear"), held.get(("direct", OTHER), "unclear")
    value = {("held", "free"): "threads", ("held", "held"): "nobody", ("free", "free"): "both"}.get(
        (loop, other), "cannot-tell"
    )
    told = [f"the {LOOP} {_words(climbs, 'direct', LOOP)}", f"{OTHER} {_words(climbs, 'direct', OTHER)}"]
    text = f"While the hash ran on the loop, the longest silence, in parts of the hash: {' and '.join(told)}."
    cites = cite(climbs[0].part, "direct") if "direct" in climbs[0].part.spans else []
    return answer("moving", value, text, cites)


def _caption(recording: Recording, runtime: str, climbs: list[Climb]) -> str:
    total = Measured(tuple(1e6 * climb.total for climb in climbs))
    middle = sorted(climbs, key=lambda climb: climb.total)[len(climbs) // 2]
    largest = max(middle.layers, key=lambda layer: middle.share(layer) or 0.0)
    work = count(climbs[0].iterations, "iteration")
    return (
        f"{recording.label(runtime)}: one call with {work} took {total.words(0)} µs; the"
        f" largest share went to {largest.get('function', 'a layer that cannot be told')}."
    )


def _silence_words(recording: Recording, runtime: str, climbs: list[Climb]) -> str:
    return _silence_sentence(recording.label(runtime), climbs)


def _silence_sentence(label: str, climbs: list[Climb]) -> str:
    """Longest silences of both heartbeats in each act."""
    told = []
    for act in ACTS:
        span = climbs[0].part.spans.get(act)
        if span is not None:
            told.append(f"{span.name}: {LOOP} {_words(climbs, act, LOOP)}, {OTHER} {_words(climbs, act, OTHER)}")
    return f"{label}, longest silence in parts of one long hash. {'; '.join(told) or 'Nothing was seen'}."


def _words(climbs: list[Climb], act: str, series: str) -> str:
    silence = _silence(climbs, act, series)
    return _percent(silence) if silence else "unknown"


def _percent(measured: Measured) -> str:
    if len(measured.values) == 1:
        return f"{measured.median:.0%}"
    return f"{measured.median:.0%} ({measured.low:.0%} to {measured.high:.0%})"


def _grown(climb: Climb) -> list[str]:
    """The span of the largest size."""
    sizes = [id for id in climb.part.spans if id.endswith(" iterations")]
    return sizes[-1:]
