"""The sweep: the same counts with every number of workers. Where do more workers stop paying?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from labs.sdk.events import Event
from labs.sdk.judge import Measured, caption, cite, count, finding, result, trust
from labs.sdk.knee import WORTH, workers_knee
from labs.sdk.recording import Recording
from labs.workers.act import MANY, WHERE, Act, calm_lag
from labs.workers.gil import threads_answer

Curve = dict[int, list[Act]]
"""The repeats at each number of workers."""


def sweep_findings(recording: Recording) -> Iterator[Event]:
    """Results for each number of workers, trust, caption, cards, answer."""
    curves = {r: curve for r in recording.runtimes() if (curve := _curve(recording, r))}
    if not curves:
        yield finding("none", "cannot-tell", "Nothing to say", "No number of workers ran to its end.")
        return
    totals = []
    for runtime, curve in curves.items():
        label = _label(recording, runtime, curve)
        for workers, acts in curve.items():
            more = {"runtime": runtime, "label": label, "x": workers}
            totals.append(Measured(tuple(act.total for act in acts)))
            yield result("total", totals[-1], "s", **more)
            yield result("total, in counts", _units(acts), "counts", **more)
            rates = tuple(len(act.spans) / act.total for act in acts)
            yield result("throughput", Measured(rates), "counts/s", **more)
    yield trust(recording, totals)
    yield caption("sweep", " ".join(_words(recording, r, curve) for r, curve in curves.items()))
    for runtime, curve in curves.items():
        yield _knee(recording, runtime, curve)
        yield _ideal(recording, runtime, curve)
    yield _answer(recording, curves.get("asyncio"))


def _curve(recording: Recording, runtime: str) -> Curve:
    curve: Curve = {}
    for part in recording.ended(runtime):
        way = str(next(iter(part.settings.get("ways", [])), ""))
        if (act := Act(part, way)).usable:
            curve.setdefault(int(part.settings["workers"]), []).append(act)
    return dict(sorted(curve.items()))


def _knee(recording: Recording, runtime: str, curve: Curve) -> Event:
    acts = curve[max(curve)]
    way, largest, cpus = acts[0].way, max(curve), recording.cpus
    cites = cite(acts[0].part, acts[0].spans[0].id)
    key, label = f"knee-{runtime}", _label(recording, runtime, curve)
    totals = {workers: _units(acts) for workers, acts in curve.items()}
    found = workers_knee(key, label, totals, min(map(len, curve.values())), cites)
    if not isinstance(found, int):
        return found
    expected, why = _expected(recording, way, acts[0])
    if found == largest:
        text = f"{label}: every larger number was still faster, up to {largest}, on {count(cpus, 'usable CPU')}."
        verdict = "cannot-tell" if expected >= largest else "no"
        return finding(key, verdict, f"Pays up to {largest}", f"{text} {why}", cites)
    more = "More than one made" if found == 1 else f"More than {found} made"
    text = f"{label}: {more} it no faster (tried up to {largest}), on {count(cpus, 'usable CPU')}. {why}"
    return finding(key, "yes" if found == expected else "no", f"Stops paying at {found}", text, cites)


def _expected(recording: Recording, way: str, act: Act) -> tuple[int, str]:
    """At how many workers it should stop paying, and why: the rule that the run is held against."""
    if way == "loop":
        return 1, "On the loop the counts come one after the other, whatever the number of workers."
    if way == "thread" and act.part.host.get("gil"):
        return 1, "Threads of this Python share a GIL: one at a time may run Python code."
    workers = min(recording.cpus, int(recording.params.get("tasks", recording.cpus)))
    return workers, f"Nothing but the CPUs and the number of counts should limit {MANY[way]} of this kind."


def _ideal(recording: Recording, runtime: str, curve: Curve) -> Event:
    """The largest number of workers against a machine with a CPU for every one."""
    largest, tasks = max(curve), int(recording.params.get("tasks", 1))
    ideal, measured = math.ceil(tasks / largest), _units(curve[largest])
    text = (
        f"{_label(recording, runtime, curve)}: with {count(largest, 'worker')} and a CPU for each, "
        f"{count(tasks, 'count')} would take the time of {ideal}. Here they took {measured.words()}."
    )
    far, near = measured.surely_above(ideal * WORTH), measured.surely_below(ideal * WORTH)
    verdict = "yes" if far else "no" if near else "cannot-tell"
    act = curve[largest][0]
    cites = cite(act.part, act.spans[-1].id)
    return finding(f"ideal-{runtime}", verdict, f"{measured.median / ideal:.1f}× the ideal", text, cites)


def _answer(recording: Recording, curve: Curve | None) -> Event:
    """From the largest number of workers."""
    acts = curve[max(curve)] if curve else []
    threads = {"thread": acts} if acts and acts[0].way == "thread" else {}
    calm = {act.part.id: lag for act in acts if (lag := calm_lag(act.part, acts)) is not None}
    return threads_answer(recording, threads, calm)


def _words(recording: Recording, runtime: str, curve: Curve) -> str:
    small, large = min(curve), max(curve)
    few, many = _units(curve[small]).median, _units(curve[large]).median
    return (
        f"{_label(recording, runtime, curve)}: {count(int(recording.params.get('tasks', 1)), 'count')} took "
        f"{few:.2f} with {count(small, 'worker')} and {many:.2f} with {large}."
    )


def _label(recording: Recording, runtime: str, curve: Curve) -> str:
    way = next(iter(curve.values()))[0].way
    return f"{recording.label(runtime).split(',')[0]} {WHERE[way]}"


def _units(acts: list[Act]) -> Measured:
    return Measured(tuple(act.total_units for act in acts))
