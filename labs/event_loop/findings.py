"""What the turns and the orders of a run show, computed from its events and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from labs.event_loop.orders import ENOUGH_PASSES, Order, Orders, watched
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, caption, cite, count, finding, result, trust
from labs.sdk.recording import Part, Recording

WOKEN = {"timer": "a timer", "os": "the operating system", "pool": "a thread of the pool", "own": "the runtime itself"}
ENDS = {
    "empty": ("It ended by itself", "Nothing was left that could call back, so the loop ended."),
    "told": ("It was told to end", "This loop does not end by itself. The program stopped it after its last callback."),
    "stopped": ("It would not end", "All callbacks had come, and the loop went on waiting: something could still "
                "happen to its server. This lab ended the pass after a quarter of a second."),
}  # fmt: skip
UNKNOWN_END = ("Cannot tell how it ended", "Its last turn was not seen, or not the same each time.")
WORTH_TELLING = 0.001
"""Seconds: a shorter wait is not called one."""

Runs = dict[str, tuple[list[Part], Orders]]


def findings(recording: Recording) -> Iterator[Event]:
    """Results, the trust badge, captions, cards and the answer, in the order they are shown."""
    runs: Runs = {}
    for runtime in recording.runtimes():
        parts = [part for part in recording.ended(runtime) if part.turns and part.samples.get("order")]
        if parts:
            runs[runtime] = parts, Orders.of(parts)
    if not runs:
        yield finding("none", "cannot-tell", "Nothing to say", "No program was run from begin to end.")
        return
    for runtime, (parts, orders) in runs.items():
        yield from _results(recording, runtime, parts, orders)
    yield trust(recording, [])
    yield caption("turns", _turns_caption(recording, runs))
    yield caption("orders", " ".join(_orders_words(recording, r, orders) for r, (_, orders) in runs.items()))
    for runtime, (parts, orders) in runs.items():
        yield _guaranteed(recording, runtime, parts, orders)
    if len(runs) > 1:
        yield _between(recording, runs)
    yield _waited(recording, runs)
    yield from _ended(recording, runs)
    yield _watching(recording, runs)
    yield _answer(runs)


def _results(recording: Recording, runtime: str, parts: list[Part], orders: Orders) -> Iterator[Event]:
    more = {"runtime": runtime, "label": recording.label(runtime)}
    for order, times in orders.counts.items():
        each = Measured(tuple(float(one.get(order, 0)) for one in orders.by_part))
        yield {**result(f"order {' '.join(order)}", each, "runs", **more), "value": times, "order": list(order)}
    yield result("turns", Measured(tuple(float(len(_real(part))) for part in parts)), "turns", **more)
    yield result("waited", Measured(tuple(_wait(part) for part in parts)), "s", **more)
    if cost := Measured.of(value for part in parts for value in part.values("instrument")):
        yield result("cost of watching", cost, "s", **more)


def _real(part: Part) -> list[Event]:
    """Its turns without the closing one, which only tells how it ended."""
    return [turn for turn in part.turns if "end" not in turn]


def _wait(part: Part) -> float:
    return float(sum(turn.get("waited") or 0 for turn in part.turns))


def _turns_caption(recording: Recording, runs: Runs) -> str:
    words = []
    for runtime, (parts, _) in runs.items():
        turns = sorted({len(_real(part)) for part in parts})
        span = str(turns[0]) if turns[0] == turns[-1] else f"{turns[0]} to {turns[-1]}"
        waited = Measured(tuple(1000 * _wait(part) for part in parts))
        words.append(f"{recording.label(runtime)}: {span} turn{'s' * (span != '1')}, {waited.words(1)} ms of waiting.")
    return " ".join(words)


def _orders_words(recording: Recording, runtime: str, orders: Orders) -> str:
    name = recording.label(runtime)
    if orders.same:
        return f"{name}: one order in {count(orders.passes, 'pass', 'passes')}."
    usual = orders.counts[orders.usual]
    return f"{name}: {len(orders.counts)} orders in {orders.passes} passes; the most frequent {usual} times."


def _names(parts: list[Part], order: Order) -> str:
    spans = parts[0].spans
    return ", ".join(spans[id].name if id in spans else id for id in order)


def _guaranteed(recording: Recording, runtime: str, parts: list[Part], orders: Orders) -> Event:
    name, id = recording.label(runtime), f"order-{runtime}"
    cites = cite(parts[0], *orders.usual[:4])
    times = f"{orders.counts[orders.usual]} of {count(orders.passes, 'pass', 'passes')}"
    text = f"{name}: {_names(parts, orders.usual)}, in {times}."
    if orders.passes < ENOUGH_PASSES and orders.same:
        return finding(id, "cannot-tell", "Too few passes", text + " That is too few to tell.", cites)
    if orders.same:
        text += " No other order came up. That proves nothing for ever, but nothing here speaks against it."
        return finding(id, "yes", "Always the same order", text, cites)
    pairs = [f"{second} came before {first} in {n}" for first, second, n in orders.swapped()[:3]]
    text += f" Then: {'; '.join(pairs)}. So a program must not rely on it."
    return finding(id, "no", f"Not guaranteed: {len(orders.counts)} orders", text, cites)


def _between(recording: Recording, runs: Runs) -> Event:
    """Do the runtimes call in the same order? Only what each of them always did can tell."""
    firm = {runtime: orders.usual for runtime, (_, orders) in runs.items() if orders.same}
    text = " ".join(f"{recording.label(r)}: {' '.join(orders.usual)}." for r, (_, orders) in runs.items())
    if len(firm) > 1 and len(set(firm.values())) > 1:
        return finding("between", "yes", "Each loop has its own order", text)
    if len(firm) == len(runs):
        return finding("between", "no", "The same order on each", text)
    return finding("between", "cannot-tell", "Cannot tell", text + " Where an order varies, it cannot be compared.")


def _waited(recording: Recording, runs: Runs) -> Event:
    words, cites, longest = [], [], 0.0
    for runtime, (parts, _) in runs.items():
        part = parts[0]
        waits = [turn for turn in _real(part) if (turn.get("waited") or 0) >= WORTH_TELLING]
        if not waits:
            words.append(f"{recording.label(runtime)} never waited: there was always something to call.")
            continue
        words.append(f"{recording.label(runtime)}: {', '.join(map(_woken, waits))}.")
        longest = max([longest, *(turn["waited"] for turn in waits)])
        ids = [span.id for span in part.complete() if span.turn == waits[0]["n"]]
        cites += cite(part, *ids[:1])
    if not cites and longest == 0:
        return finding("waited", "no", "The loop never waited", " ".join(words))
    headline = f"It waited up to {1000 * longest:.0f} ms, working on nothing"
    return finding("waited", "yes", headline, " ".join(words), cites)


def _woken(turn: Event) -> str:
    who = WOKEN.get(turn["woke"], "something that was not seen")
    return f"{1000 * turn['waited']:.0f} ms until {who} woke it (turn {turn['n']})"


def _ended(recording: Recording, runs: Runs) -> Iterator[Event]:
    by_end: dict[str, list[str]] = {}
    for runtime, (parts, _) in runs.items():
        seen = {str(part.turns[-1].get("end", "")) for part in parts}
        by_end.setdefault(seen.pop() if len(seen) == 1 else "", []).append(recording.label(runtime))
    for end, names in by_end.items():
        headline, text = ENDS.get(end, UNKNOWN_END)
        verdict = "cannot-tell" if end not in ENDS else "no" if end == "stopped" else "yes"
        yield finding(f"end-{end or 'unknown'}", verdict, headline, f"{', '.join(names)}: {text}")


def _watching(recording: Recording, runs: Runs) -> Event:
    """Does the watched pass show what the quiet ones did?"""
    words, rare = [], False
    for runtime, (parts, orders) in runs.items():
        shares = [orders.counts.get(watched(part), 0) / orders.passes for part in parts]
        cost = median([value for part in parts for value in part.values("instrument")] or [0.0])
        rare = rare or min(shares) == 0
        share = f"the watched order came up in {min(shares):.0%} of the quick passes"
        words.append(f"{recording.label(runtime)}: {share}; noting took {1000 * cost:.1f} ms.")
    text = " ".join(words)
    if rare:
        return finding("watching", "no", "Watching changed the order", text + " An order that never came up otherwise: "
                       "the watched pass is slower, so look at the quick ones for the order.")  # fmt: skip
    return finding("watching", "yes", "Watching changed little", text)


def _answer(runs: Runs) -> Event:
    cites = [one for parts, orders in runs.values() for one in cite(parts[0], *orders.usual[:2])]
    passes = sum(orders.passes for _, orders in runs.values())
    if any(not orders.same for _, orders in runs.values()):
        most = max(len(orders.counts) for _, orders in runs.values())
        return answer("order", "several", f"{most} orders came up on one runtime, in {passes} passes in all.", cites)
    if min(orders.passes for _, orders in runs.values()) < ENOUGH_PASSES:
        return answer("order", "cannot-tell", f"Only {passes} passes: too few.", cites)
    return answer("order", "same", f"One order on each runtime, in {passes} passes in all.", cites)
