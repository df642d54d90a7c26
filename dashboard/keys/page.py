"""Pages of keys: SCAN in bounded steps, never KEYS, so that no single command holds the server for a millisecond."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.keys.names import PREFIX, escape_glob, has_glob
from dashboard.keys.rows import Row, read_rows, server_now

STEP = 500
"""COUNT of one SCAN."""
FIRST_STEP = 120
"""COUNT of the first SCAN of a list: the first rows come soonest."""
WANTED = 100
"""Rows of a page; a page may have more, since SCAN gives what one step finds."""
SECONDS = 0.08
"""A page that finds little ends after this long, and says how far it got: the reader can go on or give up."""
LONGEST_FILTER = 512


@dataclass(frozen=True)
class Filter:
    """What the reader looks for. Without a glob it is looked up exactly first, then as a part of the name."""

    text: bytes

    @property
    def exact(self) -> bytes | None:
        """The one key it may name."""
        return self.text if self.text.startswith(PREFIX) and not has_glob(self.text) else None

    @property
    def pattern(self) -> bytes:
        """For SCAN MATCH."""
        if not self.text:
            return PREFIX + b"*"
        if has_glob(self.text):
            return self.text
        before = b"" if self.text.startswith(PREFIX) else b"*"
        return before + escape_glob(self.text) + b"*"


def read_page(
    client: Any, cursor: int, filter: Filter, step: int = STEP, clock: Callable[[], float] = time.monotonic
) -> dict[str, Any]:
    """`{rows, cursor, steps, step, total, now}`: from `cursor` on, until enough is found or time is up.

    A cursor of 0 in the answer: that was the last page. A key may come twice, on two pages; one that was there all the
    time comes at least once.
    """
    until = clock() + SECONDS
    first = cursor == 0
    found: dict[bytes, None] = {}
    if first and filter.exact is not None:
        found[filter.exact] = None
    looked = 0
    while True:
        count = FIRST_STEP if first and looked == 0 and not filter.text else step
        cursor, keys = _scan(client, cursor, filter.pattern, count)
        found.update(dict.fromkeys(key for key in keys if key.startswith(PREFIX)))
        looked += count
        if cursor == 0 or len(found) >= WANTED or clock() > until:
            break
    rows: list[Row] = read_rows(client, list(found))
    total = int(client.dbsize())
    return {"rows": rows, "cursor": str(cursor), "looked": looked, "total": total, "now": server_now(client)}


def _scan(client: Any, cursor: int, pattern: bytes, count: int) -> tuple[int, list[bytes]]:
    answer: Any = client.scan(cursor, match=pattern, count=count)
    return int(answer[0]), list(answer[1])
