"""(k) The key browser on a million keys: server, page, looking without touching, another browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dashboard.embedded import MongoDB
from tests.bench import keys_commander, keys_page, keys_server, keys_untouched
from tests.bench.figure import Figure
from tests.copy import running_copy
from tests.million import million


def figures(folder: Path) -> Iterator[Figure]:
    """All on one server with a million keys."""
    with (
        million(folder) as found,
        MongoDB(folder / "mongodb", folder / "mongodb.log") as mongodb,
        running_copy(found.server.url, mongodb.url, folder) as copy,
    ):
        yield from keys_server.figures(found)
        yield from keys_page.figures(found, copy)
        yield from keys_untouched.figures(found, copy)
        yield from keys_commander.figures(found, copy)
