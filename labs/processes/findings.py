"""What a run of the cluster shows: what each kind of act cost the visitors, and how long the cluster was not whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from labs.processes.ledger import BROKEN, Act, Ledger, read
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, caption, count, finding, result, trust
from labs.sdk.recording import Recording

LEAK_MEGABYTES = 5.0
"""Growth that counts as seen; a worker that is only warming up grows less."""

NAMES = {"kill": "kill −9", "restart": "graceful restart", "reload": "reload of all",
         "scale": "scaling up or down", "crash": "crash on start", "leak": "leak"}  # fmt: skip

WHOLE = ("kill", "restart", "reload", "crash")
"""Kinds of acts after which the cluster is not whole for a time."""


def findings(recording: Recording) -> Iterator[Event]:
    """Computed from the marks, the requests and the table of the run."""
    by_label: dict[str, list[Ledger]] = {}
    for part in recording.ended():
        by_label.setdefault(part.label, []).append(read(part))
    yield _trust(recording, by_label)
    for label, ledgers in by_label.items():
        yield from _results(label, ledgers)
    several = len(by_label) > 1
    for label, ledgers in by_label.items():
        prefix, tail = (f"{label}: ", f"-{label}") if several else ("", "")
        for told in _findings(ledgers):
            headline, text = prefix + told["headline"], told["text"].strip()
            yield {**told, "id": told["id"] + tail, "headline": headline, "text": text}
    everything = [ledger for ledgers in by_label.values() for ledger in ledgers]
    yield _answer(everything)
    yield from _captions(everything)


def _findings(ledgers: list[Ledger]) -> Iterator[Event]:
    if not any(ledger.acts for ledger in ledgers):
        lost = sum(ledger.lost for ledger in ledgers)
        yield finding("nothing", "cannot-tell", "Nothing was done in this run",
                      f"No worker was touched. {_lost_words(lost, ledgers)}")  # fmt: skip
        return
    if acts := _acts(ledgers, "kill"):
        yield _kill(acts)
    if acts := _acts(ledgers, "restart"):
        yield _gentle("restart", acts, "The graceful restart")
    if acts := _acts(ledgers, "reload"):
        yield _gentle("reload", acts, "The reload")
    if acts := _acts(ledgers, "scale"):
        yield _gentle("scale", acts, "Scaling")
    if acts := _acts(ledgers, "crash"):
        yield _crash(acts, ledgers)
    if any(ledger.of("leak") for ledger in ledgers):
        yield _leak(ledgers)
    if stray := sum(ledger.lost_otherwise for ledger in ledgers):
        yield finding("stray", "cannot-tell", f"{count(stray, 'request')} lost without an act",
                      "Nothing that was done was going on then. The machine may be too busy.")  # fmt: skip


def _acts(ledgers: list[Ledger], kind: str) -> list[Act]:
    return [act for ledger in ledgers for act in ledger.of(kind)]


def _kill(acts: list[Act]) -> Event:
    lost = sum(len(act.lost) for act in acts)
    text = f"{count(len(acts), 'worker')} {'was' if len(acts) == 1 else 'were'} killed with kill −9. "
    if lost == 0 and (unsure := _unsure(acts)):
        return finding("kill", "cannot-tell", "Cannot tell what kill −9 lost",
                       f"{text}{unsure}{_waits(acts)}{_backs(acts)}")  # fmt: skip
    if lost == 0:
        text += f"No request was lost. {_waits(acts)}{_backs(acts)}"
        return finding("kill", "no", "kill −9 lost nothing this time", text)
    text += f"{_how(acts)}{_unsure(acts)}{_waits(acts)}{_backs(acts)}"
    where = "" if len(acts) == 1 else f" in {len(acts)} kills"
    return finding("kill", "yes", f"kill −9 lost {count(lost, 'request')}{where}", text)


def _how(acts: list[Act]) -> str:
    """How the requests were lost, as their visitors saw it."""
    lost = [request for act in acts for request in act.lost]
    broken = sum(request.error in BROKEN for request in lost)
    refused = sum(request.error == "refused" for request in lost)
    gave_up = sum(request.error == "timeout" for request in lost)
    words = {
        "cut off: what a worker has taken dies with it": broken,
        "refused: no worker listened": refused,
        "given up by a visitor who had waited too long": gave_up,
        "answered with another error": len(lost) - broken - refused - gave_up,
    }
    return "".join(f"{count(n, 'request')} {'was' if n == 1 else 'were'} {how}. " for how, n in words.items() if n)


def _unsure(acts: list[Act]) -> str:
    """What cannot be charged to these acts alone."""
    n = len({request for act in acts for request in act.unsure})
    return f"Cannot tell of {count(n, 'lost request')}: something else was going on too. " if n else ""


def _gentle(id: str, acts: list[Act], name: str) -> Event:
    """Something that is meant to lose nothing."""
    lost = sum(len(act.lost) for act in acts)
    stopped = sum(act.stopped for act in acts)
    text = f"Done {'once' if len(acts) == 1 else f'{len(acts)} times'}. "
    if stopped:
        text += f"{stopped} of {len(acts)} went no further than a new worker that could not start. "
    text += f"{_how(acts)}{_unsure(acts)}{_waits(acts)}{_backs(acts)}"
    if lost:
        return finding(id, "no", f"{name} lost {count(lost, 'request')}", text)
    if _unsure(acts):
        return finding(id, "cannot-tell", f"Cannot tell what {name[0].lower()}{name[1:]} lost", text)
    if stopped == len(acts):
        return finding(id, "cannot-tell", f"{name} did not get through", f"{text}No request was lost.")
    return finding(id, "yes", f"{name} lost no request", f"{text}No request was lost to it.")


def _crash(acts: list[Act], ledgers: list[Ledger]) -> Event:
    delays = [event["value"] for ledger in ledgers for event in ledger.part.samples.get("back-off", [])]
    crashes = sum(len(ledger.part.samples.get("crash", [])) for ledger in ledgers)
    lost = sum(len(act.lost) for act in acts)
    if not delays:
        return finding("back-off", "cannot-tell", "No crash was seen before the end",
                       "The worker that was to crash had not started again at the end. Run longer.")  # fmt: skip
    waits = ", ".join(f"{delay:g}" for delay in delays)
    grew = len(delays) > 1 and all(b > a for ledger in ledgers for a, b in pairwise(_delays(ledger)))
    verdict = "yes" if grew else "cannot-tell"
    headline = f"Back-off: {waits} s" if grew else f"One wait of {waits} s" if len(delays) == 1 else f"Waits: {waits} s"
    text = (
        f"{count(crashes, 'start')} of a worker failed, and {_ended(ledgers)}. The manager waited {waits} s before it "
        f"tried again. {_how(acts) if lost else 'No request was lost. '}{_unsure(acts)}{_waits(acts)}{_backs(acts)}"
    )
    return finding("back-off", verdict, headline, text)


def _ended(ledgers: list[Ledger]) -> str:
    """gunicorn's master ends with a worker that cannot start, Node's primary does not."""
    waits = [event for ledger in ledgers for event in ledger.part.samples["back-off"]]
    ended = sum(event.get("of", "server") == "server" for event in waits)
    return f"the whole server ended {count(ended, 'time')}" if ended else "the server went on without it"


def _delays(ledger: Ledger) -> list[float]:
    return [event["value"] for event in ledger.part.samples.get("back-off", [])]


def _leak(ledgers: list[Ledger]) -> Event:
    grown: list[float] = []
    others: list[float] = []
    for ledger in ledgers:
        leaking = {(f"memory, worker {act.worker}", act.t) for act in ledger.of("leak")}
        names = {series for series, _ in leaking}
        for leaks, since in leaking:
            for series, growth in _growth(ledger, since).items():
                if series == leaks or series not in names:
                    (grown if series == leaks else others).append(growth)
    if not grown:
        return finding("leak", "cannot-tell", "The leak cannot be judged", "The worker did not live on after it.")
    usual = median(others) if others else None
    most = max(grown)
    beside = f", the others by {usual:.0f} MB (median)" if usual is not None else ""
    text = f"The leaking worker grew by {most:.0f} MB{beside}. Its memory is freed only when its process ends."
    if most < LEAK_MEGABYTES:
        return finding("leak", "cannot-tell", "No leak to be seen yet", f"{text} Too little to tell.")
    if usual is not None and most < 2 * usual:
        return finding("leak", "cannot-tell", "Cannot tell the leak", f"{text} The others grew too.")
    return finding("leak", "yes", f"The leak: {most:.0f} MB more", text)


def _growth(ledger: Ledger, since: float) -> dict[str, float]:
    """By how many MB the process that was there at that time grew, for each worker."""
    grown = {}
    for series, events in ledger.part.samples.items():
        if not series.startswith("memory, "):
            continue
        before = [event for event in events if event["t"] <= since]
        if before:
            same = [e["value"] for e in events if e["t"] >= since and e.get("pid") == before[-1].get("pid")]
            if same:
                grown[series] = max(same) - before[-1]["value"]
    return grown


def _waits(acts: list[Act]) -> str:
    late = {request for act in acts for request in act.late}
    unsure = len({request for act in acts for request in act.unsure_late})
    doubt = f"Cannot tell of {count(unsure, 'late answer')}: something else was going on too. " if unsure else ""
    if late:
        latest = max(request.waited for request in late)
        return f"{count(len(late), 'answer')} came late meanwhile, the latest after {latest:.2f} s. {doubt}"
    return doubt or f"Nobody {'else ' if any(act.lost for act in acts) else ''}waited longer than usual. "


def _backs(acts: list[Act]) -> str:
    acts = [act for act in acts if act.kind in WHOLE and not act.stopped]
    seen = Measured.of(act.back for act in acts if act.back is not None)
    missing = sum(act.back is None for act in acts)
    words = f"Whole again after {seen.words()} s. " if seen else ""
    return words + (
        f"{missing} of {len(acts)} not seen before something else happened or the run ended." if missing else ""
    )


def _lost_words(lost: int, ledgers: list[Ledger]) -> str:
    total = sum(ledger.requests for ledger in ledgers)
    return f"{count(total, 'request')} came, {lost or 'none'} of them {'was' if lost <= 1 else 'were'} lost."


def _results(label: str, ledgers: list[Ledger]) -> Iterator[Event]:
    runtime = ledgers[0].part.runtime
    rows = [("requests", [float(ledger.requests) for ledger in ledgers], "requests"),
            ("lost in all", [float(ledger.lost) for ledger in ledgers], "requests")]  # fmt: skip
    for kind, name in NAMES.items():
        acts = _acts(ledgers, kind)
        if acts and kind != "leak":
            rows.append((f"lost, {name}", [float(len(act.lost)) for act in acts], "requests"))
        if backs := _times(acts):
            rows.append((f"until whole again, {name}", backs, "s"))
    for name in ("p50", "p99", "high"):
        waits = [value for ledger in ledgers for value in ledger.part.values(f"wait {name}")]
        rows.append((f"wait of a visitor, {name}", waits, "s"))
    for name, values, unit in rows:
        if measured := Measured.of(values):
            yield result(name, measured, unit, runtime=runtime, label=label)


def _trust(recording: Recording, by_label: dict[str, list[Ledger]]) -> Event:
    told = trust(recording, _repeated(by_label))
    held = any(value for ls in by_label.values() for ledger in ls for value in ledger.part.values("generator held up"))
    if held:
        told = {**told, "level": "noisy", "text": "Noisy: the load generator itself was held up. " + told["text"]}
    return told


def _repeated(by_label: dict[str, list[Ledger]]) -> Iterator[Measured]:
    """What the repeats of a tour are compared in: requests that each kill lost, and times until whole again."""
    for ledgers in by_label.values():
        for kind in WHOLE:
            acts = _acts(ledgers, kind)
            lost = [float(len(act.lost)) for act in acts] if kind == "kill" else []
            yield from filter(None, (Measured.of(lost), Measured.of(_times(acts))))


def _times(acts: list[Act]) -> list[float]:
    """Seconds until the cluster was whole again, of those acts that make it less than whole."""
    return [act.back for act in acts if act.back is not None and act.kind in WHOLE]


def _answer(ledgers: list[Ledger]) -> Event:
    lost = {kind: sum(len(act.lost) for act in _acts(ledgers, kind)) for kind in NAMES if kind != "leak"}
    if not any(ledger.acts for ledger in ledgers):
        return answer("costliest", "cannot-tell", "Nothing was done in this run.", [])
    most = max(lost.values())
    worst = [kind for kind, number in lost.items() if number == most]
    unsure = sum(ledger.unsure for ledger in ledgers)
    if unsure and most - sorted(lost.values())[-2] <= unsure:
        return answer("costliest", "cannot-tell", f"Of {count(unsure, 'lost request')} two acts may be the cause.", [])
    if most == 0:
        return answer("costliest", "none", "No act of this run cost an answer.", [])
    if len(worst) > 1:
        return answer("costliest", "cannot-tell", f"{' and '.join(NAMES[k] for k in worst)} cost the same.", [])
    told = ", ".join(f"{NAMES[kind]} {number}" for kind, number in lost.items() if _acts(ledgers, kind))
    return answer("costliest", worst[0], f"Requests lost: {told}.", [])


def _captions(ledgers: list[Ledger]) -> Iterator[Event]:
    if not ledgers:
        return
    total, lost = sum(ledger.requests for ledger in ledgers), sum(ledger.lost for ledger in ledgers)
    late = sum(len(ledger.part.samples.get("late request", [])) for ledger in ledgers)
    acts = sum(len(ledger.acts) for ledger in ledgers)
    done = f"{count(acts, 'act')} in this run" if acts else "Nothing was done in this run"
    yield caption("visitors", f"{done}; {count(total, 'request')}, {lost} lost, {late} late.")
