"""What came back, computed from the round trips of this run and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median

from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, caption, cite, count, finding, result, trust
from labs.sdk.recording import Part, Recording

TRIPS = "round trip"
KEPT = "the same object"
WAYS = ("as it is", "as text", "as JSON", "as a hash")

HEADLINES = {"same": "the same object", "different": "not the same", "refused": "refused"}
TAUGHT = {"as it is": "different", "as text": "different", "as JSON": "same", "as a hash": "different"}
"""How each way ends, as the lab teaches it; anything else is a surprise."""
TAUGHT_OF = {("python", "as it is"): "refused"}
"""Where a client differs: redis-py sends no object, ioredis sends "[object Object]"."""
SAME = {frozenset[str](): "none", frozenset({"as JSON"}): "json", frozenset({"as JSON", "as a hash"}): "json-hash",
        frozenset(WAYS): "all"}  # fmt: skip


def findings(recording: Recording) -> Iterator[Event]:
    """Results, trust, a sentence for each chart, a card for each way and runtime, the answer."""
    times = {}
    for runtime in recording.runtimes():
        for way in WAYS:
            measured = Measured.of(m for part in recording.ended(runtime) if (m := _median(part, way)) is not None)
            if measured:
                times[runtime, way] = measured
                label = f"{recording.label(runtime)}, {way}"
                yield result(TRIPS, measured, "ms", runtime=runtime, label=label)
    yield trust(recording, times.values())
    yield from _captions(recording, times)
    yield from _kept(recording)
    same = set(WAYS)
    told = False
    for runtime in recording.runtimes():
        for way in WAYS:
            outcome = _outcome(recording, runtime, way)
            if outcome is None:
                continue
            told = True
            if outcome[0] != "same":
                same.discard(way)
            yield _card(recording, runtime, way, *outcome)
    yield _answer(recording, frozenset(same), told)


def _trips(part: Part, way: str) -> list[Event]:
    return [event for event in part.samples.get(TRIPS, []) if event.get("way") == way]


def _median(part: Part, way: str) -> float | None:
    """Milliseconds of a round trip that was one; a refused object went nowhere."""
    seconds = [event["value"] for event in _trips(part, way) if event["outcome"] != "refused"]
    return median(seconds) * 1000 if seconds else None


def _kept(recording: Recording) -> Iterator[Event]:
    """What was guessed: in how many ways the object came back the same every time, repeat by repeat."""
    words = []
    for runtime in recording.runtimes():
        if kept := Measured.of(_ways_kept(part) for part in recording.ended(runtime)):
            label = recording.label(runtime)
            yield result(KEPT, kept, "ways", runtime=runtime, label=label)
            number = kept.words(0) if kept.spread else f"{kept.median:.0f}"
            words.append(f"{label}: the same object in {number} of {len(WAYS)} ways.")
    if words:
        yield caption("kept", " ".join(words))


def _ways_kept(part: Part) -> int:
    outcomes = ({event["outcome"] for event in _trips(part, way)} for way in WAYS)
    return sum(found == {"same"} for found in outcomes)


def _outcome(recording: Recording, runtime: str, way: str) -> tuple[str, str, int, Part] | None:
    """What happened every time, what came back, how often, and where it can be seen; "mixed" if it varied."""
    parts = recording.ended(runtime)
    trips = [(part, event) for part in parts for event in _trips(part, way)]
    if not trips:
        return None
    outcomes = Counter(event["outcome"] for _, event in trips)
    outcome = next(iter(outcomes)) if len(outcomes) == 1 else "mixed"
    part, first = trips[0]
    return outcome, str(first["back"]), len(trips), part


def _card(recording: Recording, runtime: str, way: str, outcome: str, back: str, trips: int, part: Part) -> Event:
    label, times = recording.label(runtime), count(trips, "round trip")
    cites = cite(part, f"{way} 1")
    id = f"{runtime}-{way.replace(' ', '-').lower()}"
    if outcome == "mixed":
        text = f"{label}: the {times} did not all end the same way."
        return finding(id, "cannot-tell", "Cannot tell", text, cites)
    headline = f"{label}, {way}: {HEADLINES[outcome]}"
    words = {
        "same": f"{label}: in {times} the object came back equal.",
        "refused": f"{label}: the client refused and sent nothing. It said: {back}",
        "different": f"{label}: in {times} this came back instead: {back}",
    }
    taught = TAUGHT_OF.get((runtime, way), TAUGHT[way])
    return finding(id, "yes" if outcome == taught else "no", headline, words[outcome], cites)


def _captions(recording: Recording, times: dict[tuple[str, str], Measured]) -> Iterator[Event]:
    words = []
    for runtime in recording.runtimes():
        json, hash = times.get((runtime, "as JSON")), times.get((runtime, "as a hash"))
        if json and hash:
            words.append(
                f"{recording.label(runtime)}: a round trip took {json.words()} ms as JSON, {hash.words()} ms as a hash."
            )
    if words:
        yield caption("trips", " ".join(words))
    yield caption("timeline", "Rows are ways. The ways take turns, so all of them meet the same mood of the machine.")


def _answer(recording: Recording, same: frozenset[str], told: bool) -> Event:
    value = SAME.get(same, "cannot-tell") if told else "cannot-tell"
    cites = [one for part in recording.ended()[:1] for one in cite(part, *(f"{way} 1" for way in WAYS))]
    names = ", ".join(way for way in WAYS if way in same) or "none"
    text = f"The same everywhere it was tried: {names}." if told else "No round trip was recorded."
    return answer("same", value, text, cites)
