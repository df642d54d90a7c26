"""What a run of counts shows, computed from its spans and its heartbeat and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from labs.sdk.events import Event
from labs.sdk.judge import Measured, caption, cite, count, finding, listed, result, trust
from labs.sdk.lag import free_card, known, lag_words, longest_lag
from labs.sdk.recording import Recording
from labs.workers.act import WHERE, Act, calm_lag
from labs.workers.gil import apart_card, gil_card, threads_answer
from labs.workers.sweep import sweep_findings

Acts = dict[str, list[Act]]
"""The repeats of each way, in the order the learner chose."""

CHEAP = 0.05
"""Handing over is cheap when post and answer together took less than this share of one count."""


def findings(recording: Recording) -> Iterator[Event]:
    """Results, the trust badge, captions, cards and the answer, in the order they are shown."""
    if recording.params.get("mode") == "sweep":
        yield from sweep_findings(recording)
        return
    runs = {r: acts for r in recording.runtimes() if (acts := _acts(recording, r))}
    if not runs:
        yield finding("none", "cannot-tell", "Nothing to say", "No count was seen from begin to end.")
        return
    totals = []
    for runtime, acts in runs.items():
        for way, found in acts.items():
            totals.append(Measured(tuple(act.total for act in found)))
            yield from _results(recording, runtime, way, found, totals[-1])
        yield from _speed(recording, runtime, acts)
    yield trust(recording, totals)
    runtime, acts = next(iter(runs.items()))
    yield caption("timeline", _took(recording, runtime, acts))
    yield caption("lag", lag_words(recording.label(runtime), acts, WHERE))
    calm = {r: _calm(acts) for r, acts in runs.items()}
    if "thread" in runs.get("asyncio", {}):
        yield gil_card(recording, runs["asyncio"], calm["asyncio"])
    for runtime, acts in runs.items():
        if card := apart_card(recording, runtime, acts, calm[runtime]):
            yield card
        yield free_card(recording, runtime, acts, WHERE)
        if card := _messages(recording, runtime, acts):
            yield card
    yield threads_answer(recording, runs.get("asyncio", {}), calm.get("asyncio", {}))


def _acts(recording: Recording, runtime: str) -> Acts:
    acts: Acts = {}
    for way in recording.params.get("ways", WHERE):
        found = [act for part in recording.ended(runtime) if (act := Act(part, way)).usable]
        if found:
            acts[way] = found
    return acts


def _calm(acts: Acts) -> dict[str, float]:
    """The lag in calm, by part."""
    everything = [act for found in acts.values() for act in found]
    lags = {act.part.id: calm_lag(act.part, everything) for act in everything}
    return {part: lag for part, lag in lags.items() if lag is not None}


def _results(recording: Recording, runtime: str, way: str, acts: list[Act], total: Measured) -> Iterator[Event]:
    label, parts = f"{recording.label(runtime)}, {WHERE[way]}", [act.part.id for act in acts]
    more = {"runtime": runtime, "label": label, "parts": parts}
    yield result("total", total, "s", **more)
    yield result("total, in counts", Measured(tuple(act.total_units for act in acts)), "counts", **more)
    if lag := longest_lag(acts):
        yield result("longest loop lag", lag, "s", **more)
    if cpus := known(acts, lambda act: act.cpus):
        yield result("CPUs together", cpus, "CPUs", **more)
    for name, value in (("post to begin", _handing(acts)), ("end to onmessage", _answering(acts))):
        if value:
            yield result(name, value, "ms", **more)


def _speed(recording: Recording, runtime: str, acts: Acts) -> Iterator[Event]:
    parts = {act.part.id: act for found in acts.values() for act in found}
    rates = [act.part.host["counts_to"] / act.unit / 1e6 for act in parts.values() if "counts_to" in act.part.host]
    if rates:
        yield result("counted a second", Measured(tuple(rates)), "million", runtime=runtime,
                     label=recording.label(runtime))  # fmt: skip


def _messages(recording: Recording, runtime: str, acts: Acts) -> Event | None:
    """What handing over costs: from post to begin, and from the end to the answer."""
    told, verdicts, cites, sums = [], set(), [], []
    for way, found in acts.items():
        post, back = _handing(found), _answering(found)
        if post is None or back is None:
            continue
        told.append(f"{WHERE[way]} {post.words(1)} ms to begin and {back.words(1)} ms to hear of the end")
        shares = Measured(tuple(((a.handing_over or 0) + (a.answering or 0)) / a.unit for a in found))
        sums.append(post.median + back.median)
        verdicts.add("yes" if shares.surely_below(CHEAP) else "no" if shares.surely_above(CHEAP) else "cannot-tell")
        cites += cite(found[0].part, found[0].spans[0].id)
    if not told:
        return None
    verdict = next(v for v in ("no", "cannot-tell", "yes") if v in verdicts)
    text = (
        f"{recording.label(runtime)}, for the count in the middle: {listed(told)}. The workers had been started before."
    )
    low, high = min(sums), max(sums)
    headline = f"Handed over in {high:.1f} ms" if len(sums) == 1 else f"Handed over in {low:.1f} to {high:.1f} ms"
    return finding(f"messages-{runtime}", verdict, headline, text, cites)


def _took(recording: Recording, runtime: str, acts: Acts) -> str:
    tasks = int(recording.params.get("tasks", 1))
    took = [f"{Measured(tuple(a.total_units for a in found)).words()} {WHERE[way]}" for way, found in acts.items()]
    return (
        f"{recording.label(runtime)}: {count(tasks, 'count')}, in times of one alone, took {listed(took)}, "
        f"on {count(recording.cpus, 'usable CPU')}."
    )


def _handing(acts: list[Act]) -> Measured | None:
    return known(acts, lambda act: None if act.handing_over is None else 1000 * act.handing_over)


def _answering(acts: list[Act]) -> Measured | None:
    return known(acts, lambda act: None if act.answering is None else 1000 * act.answering)
