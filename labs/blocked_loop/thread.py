"""The work in a thread: does it keep the loop from its turns? Told from how late the heartbeat was."""

from __future__ import annotations

from labs.blocked_loop.act import Act
from labs.sdk.events import Event
from labs.sdk.judge import Measured, cite, finding
from labs.sdk.recording import Recording

SWITCH = 0.005
"""Seconds after which a waiting thread may demand the GIL, where a program does not say."""


def thread_card(recording: Recording, runtime: str, acts: list[Act], apart: list[Act]) -> Event:
    """Late by half a switch interval or more in every repeat: the loop had to wait for its turns.

    `apart`: the same work in a process, if the run has it. A loop that was as late then did not wait for a lock.
    """
    first = acts[0]
    key = "thread" if runtime == recording.runtimes()[0] else f"thread-{runtime}"
    cites = cite(first.part, "work thread", *([first.slowest.id] if first.slowest else []))
    host, work = first.part.host, str(recording.params.get("work", "count"))
    more, beside = _more(acts), _more(apart)
    if more is None:
        unheard = "The heartbeat was not heard both in calm and during the work."
        return finding(key, "cannot-tell", "Cannot tell", unheard, cites)
    switch = float(host.get("switch", SWITCH))
    later, same = more.surely_above(switch / 2), more.surely_below(switch / 2)
    text = f"{_numbers(recording.label(runtime), work, acts)} {_reason(host.get('gil'), work, switch)}"
    locked = host.get("gil") is True and work == "count"
    if not later and not same:
        text += " The repeats differ too much to say whether the loop got its turns later."
        return finding(key, "cannot-tell", "Cannot tell", text, cites)
    if later and beside and beside.high >= more.low:
        text += " But it was as late once while a process worked: this run cannot tell a lock from a lack of CPUs."
        return finding(key, "cannot-tell", "Cannot tell", text, cites)
    busy = beside is None and not recording.host.get("quiet", True)
    text += f" {_outcome(later, locked, busy)} {_fast(acts)}"
    return finding(key, "yes" if later == locked else "no", "Late by turns" if later else "Turns in time", text, cites)


def _outcome(later: bool, locked: bool, busy: bool) -> str:
    if not later:
        return (
            "Yet here the loop got its turns as early as in calm:" if locked else "The loop got its turns as in calm:"
        )
    if not locked:
        return "Yet here the loop was late, so it waited for something else, such as a CPU:"
    more = " Other programs were busy too; let a process work as well to tell the lock from them." if busy else ""
    return f"So the loop lives, but pays for its turns.{more} To compare:"


def _more(acts: list[Act]) -> Measured | None:
    return Measured.of(act.more_lag for act in acts if act.more_lag is not None)


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
