"""The same server, measured with closed and with open visitors: what does the closed loop hide?"""

from __future__ import annotations

from collections.abc import Iterator

from labs.cluster.percentiles import PERCENTS, percentile_rows
from labs.cluster.served import Served, measured, name, servings, took
from labs.sdk.events import Event
from labs.sdk.judge import ENOUGH_REPEATS, Measured, caption, cite, count, finding, paired_ratio, result, trust
from labs.sdk.recording import Recording

SENT = "open, as sent"
DIFFERENT = 1.25
"""So many times as long is a difference that a visitor would tell of."""


def arrivals_findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, caption and cards for each server."""
    found = {r: parts for r in recording.runtimes() if (parts := _parts(recording, r))}
    if not found:
        yield finding(
            "none", "cannot-tell", "Nothing to say", "No part had closed and open visitors who were answered."
        )
        return
    totals = [measured(part.total("closed") / part.unit for part in parts) for parts in found.values()]
    for (runtime, parts), total in zip(found.items(), totals, strict=True):
        label = name(recording, runtime)
        yield result("total, in hashes", total, "hashes", runtime=runtime, label=label)
        for load in ("closed", "open"):
            rates = measured(len(part.of(load)) / part.total(load) for part in parts)
            yield result(f"{load}, answered", rates, "requests/s", runtime=runtime, label=label)
        yield from percentile_rows(parts, runtime, label, ("closed", "open"))
        sent = measured(1000 * value for part in parts for value in part.part.values(SENT))
        yield result("open, middle, from when sent", Measured((sent.median,)), "ms", runtime=runtime, label=label)
    yield trust(recording, totals)
    yield caption("percentiles", " ".join(_words(recording, r, parts) for r, parts in found.items()))
    for runtime, parts in found.items():
        yield _closed(recording, runtime, parts)
        yield _omitted(recording, runtime, parts)
        yield _growing(recording, runtime, parts)


def _parts(recording: Recording, runtime: str) -> list[Served]:
    return [p for p in servings(recording, runtime, "closed") if p.of("open") and p.part.values(SENT)]


def _slow(part: Served, load: str) -> float:
    """Seconds that nine in ten stayed within."""
    return _p90([took(span) for span in part.of(load)])


def _p90(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.9 * len(values)) - 1)]


def _closed(recording: Recording, runtime: str, parts: list[Served]) -> Event:
    """The middle request, closed against open."""
    waits = measured(part.middle("closed") / part.unit for part in parts)
    opened = measured(part.middle("open") / part.unit for part in parts)
    visitors, share = recording.params.get("visitors"), recording.params.get("share")
    text = (
        f"{name(recording, runtime)}: with {visitors} closed visitors the middle request took {waits.words(1)} hashes; "
        f"they were always all there, so each queued behind the others. With open visitors at {share}% of that "
        f"rate it took {opened.words(1)}. It is the same server."
    )
    ratio = paired_ratio([part.middle("open") for part in parts], [part.middle("closed") for part in parts])
    subjects = ("Open visitors waited", "Closed visitors waited")
    return _told(f"closed-{runtime}", ratio, text, parts, subjects, "Closed or open: cannot tell")


def _omitted(recording: Recording, runtime: str, parts: list[Served]) -> Event:
    """The same open requests, by two clocks."""
    key, few = f"omitted-{runtime}", min(len(part.of("open")) for part in parts)
    if few < PERCENTS["90"]:
        text = (
            f"{name(recording, runtime)}: {count(few, 'open request')} in a part got an answer. How long nine in ten "
            f"take can only be said from {PERCENTS['90']} on."
        )
        return finding(key, "cannot-tell", "Two clocks: cannot tell", text)
    due = [_slow(part, "open") for part in parts]
    sent = [_p90(part.part.values(SENT)) for part in parts]
    text = (
        f"{name(recording, runtime)}: nine in ten answered open requests took up to {_ms(due)} ms from when they were "
        f"meant to be sent, {_ms(sent)} ms from when they were. "
    )
    ratio, expected = paired_ratio(due, sent), _always_free(recording)
    if ratio is not None and ratio.surely_below(DIFFERENT):
        text += "Hardly anybody had to wait for a free connection, so both clocks tell the same."
        if expected:
            text += " More requests, or a higher rate, fill all connections."
    else:
        text += "The second clock starts only when a connection is free, and leaves out the wait before it: "
        text += "coordinated omission."
    subjects = ("From when due it took", "From when sent it took")
    return _told(key, ratio, text, parts, subjects, "Two clocks: cannot tell", same_is="yes" if expected else "no")


def _always_free(recording: Recording) -> bool:
    """Whether so many open visitors cannot take all connections: fewer are too many for the server in all."""
    params = {name: float(recording.params.get(name, 0)) for name in ("requests", "visitors", "share")}
    return params["requests"] * (1 - 100 / max(1.0, params["share"])) <= params["visitors"]


def _told(
    key: str, ratio: Measured | None, text: str, parts: list[Served], subjects: tuple[str, str], unknown: str,
    same_is: str = "no",
) -> Event:  # fmt: skip
    """`subjects`: who waited longer, where the ratio is above 1 and below; `same_is`: the verdict of no difference."""
    cites = cite(parts[0].part, parts[0].of("closed")[0].id, parts[0].of("open")[-1].id)
    if ratio is None or len(ratio.values) < ENOUGH_REPEATS:
        text = f"{text} Fewer than three repeats cannot tell a difference from chance."
        return finding(key, "cannot-tell", unknown, text, cites)
    if ratio.surely_above(DIFFERENT) or ratio.surely_below(1 / DIFFERENT):
        longer, times = (subjects[0], ratio.median) if ratio.median > 1 else (subjects[1], 1 / ratio.median)
        return finding(key, "yes", f"{longer} {times:.2g} times as long", text, cites)
    if ratio.surely_below(DIFFERENT) and ratio.surely_above(1 / DIFFERENT):
        return finding(key, same_is, "No difference here", text, cites)
    return finding(key, "cannot-tell", unknown, f"{text} The repeats do not agree.", cites)


def _growing(recording: Recording, runtime: str, parts: list[Served]) -> Event:
    """Did the queue of open visitors grow as long as they came? The last quarter against the first."""
    growth = measured(_last(part) / _first(part) for part in parts)
    share = int(recording.params.get("share", 100))
    text = (
        f"{name(recording, runtime)}: at {share}% of the closed rate the last quarter of the open visitors waited "
        f"{growth.words(1)} times as long as the first."
    )
    cites = cite(parts[0].part, parts[0].of("open")[0].id, parts[0].of("open")[-1].id)
    key, over = f"growing-{runtime}", share > 100
    if len(parts) < ENOUGH_REPEATS:
        text = f"{text} Fewer than three repeats cannot tell growth from chance."
        return finding(key, "cannot-tell", "Does the queue grow? Cannot tell", text, cites)
    if growth.surely_above(1.5):
        return finding(key, "yes" if over else "no", "The queue grew and grew", text, cites)
    if growth.surely_below(1.5):
        return finding(key, "no" if over else "yes", "The queue did not grow", text, cites)
    return finding(key, "cannot-tell", "Does the queue grow? Cannot tell", f"{text} The repeats do not agree.", cites)


def _first(part: Served) -> float:
    spans = sorted(part.of("open"), key=lambda span: span.queued or 0.0)
    return measured(map(took, spans[: max(1, len(spans) // 4)])).median


def _last(part: Served) -> float:
    spans = sorted(part.of("open"), key=lambda span: span.queued or 0.0)
    return measured(map(took, spans[-max(1, len(spans) // 4) :])).median


def _ms(values: list[float]) -> str:
    return measured(1000 * value for value in values).words(0)


def _words(recording: Recording, runtime: str, parts: list[Served]) -> str:
    closed, opened = (measured(part.middle(load) / part.unit for part in parts) for load in ("closed", "open"))
    return (
        f"{name(recording, runtime)}: the middle request took {closed.median:.1f} hashes with closed visitors and "
        f"{opened.median:.1f} with open ones."
    )
