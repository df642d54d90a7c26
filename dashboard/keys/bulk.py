"""Deleting many keys: first a count of what would go, then UNLINK in small steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.keys.names import PREFIX
from labs.sdk.shown import LONGEST_NAME, shown

STEP = 1000
MOST = 200_000
"""Keys that one request deletes or counts. More, and the answer says so: ask again."""
SAMPLE = 8


class BadPattern(ValueError):
    """The pattern reaches beyond the learners' keys."""


def unlink(client: Any, patterns: Sequence[str], *, dry: bool) -> dict[str, Any]:
    """`{count, sample, more}`: keys that match (dry), or that were deleted; `more` when there are further ones."""
    count, sample = 0, list[str]()
    counted: set[bytes] = set()
    for pattern in map(_checked, patterns):
        cursor = -1
        while cursor != 0:
            answer: Any = client.scan(max(0, cursor), match=pattern, count=STEP)
            cursor, keys = int(answer[0]), [key for key in answer[1] if key.startswith(PREFIX) and key not in counted]
            counted.update(keys)
            gone = len(keys) if dry or not keys else int(client.unlink(*keys))
            count += gone
            sample += [shown(key, LONGEST_NAME) for key in keys[: SAMPLE - len(sample)]]
            if len(counted) >= MOST:
                return {"count": count, "sample": sample, "more": True}
    return {"count": count, "sample": sample, "more": False}


def _checked(pattern: str) -> bytes:
    raw = pattern.encode("utf-8", "replace")
    if not raw.startswith(PREFIX):
        raise BadPattern(f"A pattern must begin with {PREFIX.decode()}, such as {PREFIX.decode()}qc:*.")
    return raw
