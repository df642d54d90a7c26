"""JSON: the run and all its events, as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson


def write(run: dict[str, Any], events: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """`{"measured": true, "run": {…}, "events": […]}`."""
    yield b'{"measured":true,"run":' + orjson.dumps(run) + b',"events":[\n'
    for number, event in enumerate(events):
        yield (b",\n" if number else b"") + orjson.dumps(event)
    yield b"\n]}\n"
