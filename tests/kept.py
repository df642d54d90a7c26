"""Runs that ended long ago, made from recordings: for tests that look at a run and need not perform one."""

from __future__ import annotations

import secrets

import mongoengine
import orjson

from dashboard.runs.store import RunStore, connect
from dashboard.runs.stream import Batch
from tests.copy import RunningCopy
from tests.streams import recorded


def keep(copy: RunningCopy, name: str) -> str:
    """Put the recorded run `name` into the copy's archive, with a guess of somebody; its id."""
    events = [{**event, "seq": seq} for seq, event in enumerate(recorded(name), 1)]
    id, start = secrets.token_hex(8), events[0]
    connect(copy.mongodb_url)
    try:
        store = RunStore()
        guess = {"kind": "bar", "value": 1.5}
        store.create(id, "somebody", start["lab"], start["title"], start["params"], events[-1]["t"], guess)
        store.begin(id)
        store.keep_events(id, [Batch(1, len(events), b"\n".join(map(orjson.dumps, events)))])
        results = [event for event in events if event["e"] == "result"]
        store.summarise(id, results, next(event for event in events if event["e"] == "trust"))
        store.end(id, events[-1]["state"], None, len(events))
    finally:
        mongoengine.disconnect()
    return id
