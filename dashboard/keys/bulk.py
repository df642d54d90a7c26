"""Deleting many keys: first a count of what would go, then UNLINK, both in small steps that can be stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from dashboard.keys.names import PREFIX
from dashboard.keys.portions import portions
from labs.sdk.shown import LONGEST_NAME, shown

STEP = 500
"""COUNT of one SCAN."""
AT_ONCE = 200
"""Keys of one UNLINK: the server takes well under a millisecond for it."""
SECONDS = 0.2
"""One request ends after this long, and says where to go on."""
SAMPLE = 8
LONGEST = 512
"""Bytes of a pattern."""


class BadPattern(ValueError):
    """The pattern reaches beyond the learners' keys, or is too long."""


def unlink(
    client: Any, pattern: bytes, cursor: int, *, dry: bool, clock: Callable[[], float] = time.monotonic
) -> dict[str, Any]:
    """`{count, sample, looked, cursor, total}`: keys that fit (dry), or that were deleted, from `cursor` on.

    `cursor` "0" in the answer: that was all. `looked`: about how many keys SCAN went through; `total`: keys that are
    there now. SCAN may name a key twice while the server's table grows or shrinks, so a dry count may be a few too
    high; a count of what was deleted is exact.
    """
    _check(pattern)
    until = clock() + SECONDS
    count, looked, sample = 0, 0, list[str]()
    while True:
        answer: Any = client.scan(cursor, match=pattern, count=STEP)
        cursor, keys = int(answer[0]), [key for key in dict.fromkeys(answer[1]) if key.startswith(PREFIX)]
        looked += STEP
        sample += [shown(key, LONGEST_NAME) for key in keys[: SAMPLE - len(sample)]]
        count += len(keys) if dry else sum(_unlinked(client, keys))
        if cursor == 0 or clock() > until:
            break
    return {"count": count, "sample": sample, "looked": looked, "cursor": str(cursor), "total": int(client.dbsize())}


def _unlinked(client: Any, keys: list[bytes]) -> list[int]:
    return [int(client.unlink(*some)) for some in portions(keys, AT_ONCE)]


def _check(pattern: bytes) -> None:
    if not pattern.startswith(PREFIX):
        raise BadPattern(f"A pattern must begin with {PREFIX.decode()}, such as {PREFIX.decode()}qc:*.")
    if len(pattern) > LONGEST:
        raise BadPattern(f"A pattern has {LONGEST} bytes at most.")
