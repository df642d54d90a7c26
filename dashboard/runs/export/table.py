"""CSV: a line for each span, times in seconds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from labs.sdk.recording import Recording

COLUMNS = (
    "run", "part", "runtime", "repeat", "id", "name", "kind", "lane",
    "queued_s", "begin_s", "end_s", "waited_s", "ran_s", "cpu_s", "unit_s",
)  # fmt: skip
RISKY = ("=", "+", "-", "@", "\t", "\r")


def write(run: dict[str, Any], events: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Only complete spans; `unit_s` is one unit of work alone, median over the runtime."""
    recording = Recording(events)
    yield _line(COLUMNS)
    for part in recording.parts.values():
        unit = recording.unit(part.runtime)
        for span in part.complete():
            yield _line(
                (run["id"], part.id, part.runtime, part.repeat, span.id, span.name, span.kind, span.lane,
                 span.queued, span.begin, span.end, span.waited, span.ran, span.cpu, unit)
            )  # fmt: skip


def _line(values: Iterable[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([_cell(value) for value in values])
    return out.getvalue().encode()


def _cell(value: object) -> object:
    """A spreadsheet must not take a name for a formula."""
    if value is None:
        return ""
    return "'" + value if isinstance(value, str) and value.startswith(RISKY) else value
