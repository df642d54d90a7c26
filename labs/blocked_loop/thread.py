"""The work in a thread: does it keep the loop from its turns? Told from how late the heartbeat was."""

from __future__ import annotations

from labs.blocked_loop.act import Act
from labs.sdk.events import Event
from labs.sdk.judge import Measured, cite, finding
from labs.sdk.recording import Recording

SWITCH = 0.005
"""Seconds after which a waiting thread may demand the GIL, where a program does not say."""


def thread_card(recording: Recording, runtime: str, acts: list[Act]) -> Event:
    """Late by half a switch interval or more in every repeat: the loop had to wait for its turns."""
    first = acts[0]
    key = "thread" if runtime == recording.runtimes()[0] else f"thread-{runtime}"
    cites = cite(first.part, "work thread", *([first.slowest.id] if first.slowest else []))
    host, work = first.part.host, str(recording.params.get("work", "count"))
    more = Measured.of(act.more_lag for act in acts if act.more_lag is not None)
    if more is None:
        unheard = "The heartbeat was not heard both in calm and during the work."
        return finding(key, "cannot-tell", "Cannot tell", unheard, cites)
    switch = float(host.get("switch", SWITCH))
    half = switch / 2
    later, same = more.surely_above(half), more.surely_below(half)
    text = f"{_numbers(recording.label(runtime), work, acts)} {_reason(host.get('gil'), work, switch)}"
    if not later and not same:
        text += " The repeats differ too much to say whether the loop got its turns later."
        return finding(key, "cannot-tell", "Cannot tell", text, cites)
    locked = host.get("gil") is True and work == "count"
    headline = "Late by turns" if later else "Turns in time"
    if later and locked:
        text += f" So the loop lives, but pays for its turns: {_fast(acts)}"
        if more.median > 4 * half:
            text += " That is more than one interval: whoever holds the GIL may have to wait for a CPU as well."
    elif later:
        text += " Yet here the loop was late. It must have waited for something else: a CPU, most likely."
    elif locked:
        text += " Yet here the loop got its turns as early as in calm."
    else:
        text += f" The loop got its turns as in calm: {_fast(acts)}"
    return finding(key, "yes" if later == locked else "no", headline, text, cites)


def _numbers(label: str, work: str, acts: list[Act]) -> str:
    during = Measured(tuple(1000 * act.lag for act in acts if act.lag is not None))
    calm = Measured(tuple(1000 * act.calm.lag for act in acts if act.calm.lag is not None))
    doing = "counted" if work == "count" else "hashed"
    return (
        f"{label}: while a thread {doing}, the middle heartbeat of the loop was {during.words(1)} ms late, "
        f"in calm {calm.words(1)} ms."
    )


def _reason(gil: bool | None, work: str, switch: float) -> str:
    """What is known of this runtime, to be held against the numbers."""
    if gil is None:
        return "A worker thread of Node.js has a JavaScript engine of its own; no lock ties it to the loop."
    if not gil:
        return "This Python runs without a GIL: two of its threads may run Python code at the same time."
    if work == "hash":
        return "hashlib lets go of the GIL while it computes."
    return (
        "Counting in Python holds the GIL. A thread that wants it waits until the holder lets go, "
        f"which it is asked to do after one switch interval, {1000 * switch:g} ms here."
    )


def _fast(acts: list[Act]) -> str:
    waits = Measured.of(1000 * act.middle_wait for act in acts if act.middle_wait is not None)
    calm = Measured.of(1000 * act.calm.wait for act in acts if act.calm.wait is not None)
    if waits is None or calm is None:
        return "no /fast was asked meanwhile."
    return f"the middle /fast took {waits.words(1)} ms, in calm {calm.words(1)} ms."
