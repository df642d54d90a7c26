"""What one MONITOR cost, repeat by repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from labs.sdk.events import Event
from labs.sdk.judge import ENOUGH_REPEATS, Measured, caption, cite, finding, paired_ratio, result, trust
from labs.sdk.recording import Part, Recording

LEFT = "GETs that are left"
LABELS = {"alone": "Nobody watches", "watched": "One MONITOR"}


def findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, a caption, and whether it cost anything."""
    parts = {way: [part for part in recording.ended() if part.settings.get("way") == way] for way in LABELS}
    rates = {way: [value for part in found for value in part.values("GETs")] for way, found in parts.items()}
    measured = {way: Measured(tuple(found)) for way, found in rates.items() if found}
    for way, found in measured.items():
        yield result("GETs", found, "GETs/s", runtime="python", label=LABELS[way])
    yield trust(recording, measured.values())
    if set(measured) == set(LABELS):
        yield from _left(rates["alone"], rates["watched"])
        yield _cost(rates["alone"], rates["watched"], parts["watched"], recording.cpus)
        told = [f"{LABELS[way]}: {round(found.median):,} GETs a second" for way, found in measured.items()]
        yield caption("gets", ", ".join(told) + ".")
    else:
        yield finding("monitor", "cannot-tell", "Cannot tell", "Not both of the two ran to their end.")


def _left(alone: Sequence[float], watched: Sequence[float]) -> Iterator[Event]:
    """What was guessed: of 100 GETs of one repeat, how many it was with a watcher."""
    share = paired_ratio(watched, alone)
    if share is None:
        return
    percent = Measured(tuple(100 * value for value in share.values))
    yield result(LEFT, percent, "%", runtime="python", label=LABELS["watched"])
    yield caption("left", f"With one MONITOR {percent.words(0)} of 100 GETs were left, repeat by repeat.")


def _cost(alone: Sequence[float], watched: Sequence[float], parts: Sequence[Part], cpus: int) -> Event:
    ratio = paired_ratio(alone, watched)
    cites = cite(parts[0], "1")
    seen = [event for part in parts for event in part.samples["GETs"]]
    lines, megabytes = (median(float(event[name]) for event in seen) for name in ("seen", "megabytes"))
    sent = f"It was sent {lines:,.0f} lines, {megabytes:.0f} MB, each time."
    crowd = f" Load, server and watcher share {cpus} CPUs; that is part of the price." if cpus < 3 else ""
    if ratio is None or len(ratio.values) < ENOUGH_REPEATS:
        text = f"Fewer than {ENOUGH_REPEATS} repeats cannot tell a difference from chance. {sent}"
        return finding("monitor", "cannot-tell", "One MONITOR: cannot tell", text, cites)
    share = 100 * (1 - 1 / ratio.median)
    text = f"Without it the server answered {ratio.words()} times as many GETs, repeat by repeat. {sent}{crowd}"
    if ratio.surely_above(1):
        return finding("monitor", "yes", f"One MONITOR took {share:.0f} % off", text, cites)
    if ratio.surely_below(1):
        return finding("monitor", "no", "One MONITOR cost nothing", text, cites)
    return finding(
        "monitor", "cannot-tell", "One MONITOR: cannot tell", f"{text} Some repeats say so, some do not.", cites
    )
