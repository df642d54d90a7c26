"""The event vocabulary, version 1: one JSON object a line.

Every event has `e` (its kind) and `t` (seconds, float, since the zero of the program that wrote it;
negative before the measured burst). The conductor adds `part`, the runner adds `seq`.

====================== ======================================================== ==================
e                      carries                                                  written by
====================== ======================================================== ==================
host                   cpus, versions, loop, pool, …                            program, conductor
queued / begin / end   id, lane, name, kind, at ("file:line"); end: cpu (s)     program
sample                 series, value, unit, when?                               program
turn                   n, timers, os, pool, ready (ids that are pending), held, program
                       waited (s), limit (s, None: unknown), woke, end?
mark                   text, severity (info, warn, bad), n? (of an action)      program
log                    text, stream                                             program, conductor
redis                  commands, left, keys, counts, steps, lost: what a client program
                       did, see `labs.sdk.redis_feed`
process                id, status, pid?, uptime (s), restarts, cpu (%), memory  program
                       (MB), rate (requests/s), over?: a row of the table
progress               done, of, share, left, spent, over (s), text             program, conductor
result                 name, value, unit, n, spread, values, runtime?, x?       findings
done                   nothing: the last line of every program                  program
run                    state (started, finished, failed, cancelled), reason?    conductor, runner
action                 id, label, params, n, state (sent, missed), reason?      conductor
part                   state (begin, end), runtime, label, repeat, params       conductor
trust / finding        see `labs.sdk.judge`                                     findings
====================== ======================================================== ==================

A `turn` is one turn of an event loop: what was pending before it, how long the loop waited in it, and what woke it
(none: it did not wait; timer, os, pool; own: something of the runtime's own). `held` is what the runtime itself says it
still holds. `end` in the last one: empty (nothing was left), told (the program ended the loop), stopped (the lab did).
A `begin` that carries `turn` was called in that turn.

Kinds of work: cpu, fs, net, timer, db, cache, other.
"""

from __future__ import annotations

import math
from typing import Any

import orjson

VERSION = 1
LONGEST_LINE = 64 * 1024
LONGEST_TEXT = 4000

Event = dict[str, Any]

#: What each kind must carry besides `e` and `t`: name → accepted types.
_NEEDED: dict[str, dict[str, tuple[type, ...]]] = {
    "host": {},
    "queued": {"id": (str, int), "name": (str,), "kind": (str,)},
    "begin": {"id": (str, int), "lane": (str,)},
    "end": {"id": (str, int)},
    "sample": {"series": (str,), "value": (int, float)},
    "turn": {"n": (int,)},
    "mark": {"text": (str,)},
    "process": {"id": (str, int), "status": (str,)},
    "log": {"text": (str,)},
    "progress": {"done": (int, float), "of": (int, float)},
    "redis": {"commands": (list,), "keys": (list,)},
    "done": {},
}
PROGRAM_KINDS = frozenset(_NEEDED)


class BadEvent(ValueError):
    """A line that is not an event of this vocabulary; the message says why."""


def parse(line: bytes) -> Event:
    """Read one line of a program. Raises `BadEvent`."""
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise BadEvent("not JSON") from None
    if not isinstance(event, dict):
        raise BadEvent("not a JSON object")
    kind = event.get("e")
    needed = _NEEDED.get(kind) if isinstance(kind, str) else None
    if needed is None:
        raise BadEvent("unknown kind of event")
    t = event.get("t")
    if not isinstance(t, (int, float)) or isinstance(t, bool) or not math.isfinite(t):
        raise BadEvent("t is not a number of seconds")
    for name, types in needed.items():
        value = event.get(name)
        if not isinstance(value, types) or isinstance(value, bool):
            raise BadEvent(f"{name} is missing or of the wrong type")
    for reserved in ("seq", "part"):
        event.pop(reserved, None)
    if "id" in event:
        event["id"] = str(event["id"])
    return event


def log(text: str, t: float, stream: str = "runner") -> Event:
    """A line for the console pane; long text is cut."""
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + f"… ({len(text) - LONGEST_TEXT} more characters)"
    return {"e": "log", "t": t, "text": text, "stream": stream}
