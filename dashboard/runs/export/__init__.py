"""A run as a file for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dashboard.runs.export import archive, table, trace

Events = Iterable[dict[str, Any]]


@dataclass(frozen=True)
class Form:
    """`write(run, events)` gives the file piece by piece."""

    mimetype: str
    write: Callable[[dict[str, Any], Events], Iterator[bytes]]


FORMS = {
    "json": Form("application/json", archive.write),
    "csv": Form("text/csv", table.write),
    "trace.json": Form("application/json", trace.write),
}
