"""The server's own view of what was slow: COMMANDLOG (SLOWLOG on older servers), the learners' keys only."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from dashboard.keys.names import PREFIX
from labs.sdk.shown import shown

NEWEST = 100
SLOWER_THAN = "slowlog-log-slower-than"


def slow_commands(client: Redis, ours: Collection[str]) -> list[dict[str, Any]]:
    """`{id, at, micros, words, client}` newest first, without connections of the names `ours`.

    What does not name a learner's key is the app's business.
    """
    own = {name.encode() for name in ours}
    entries = _entries(client)
    found = []
    for id, at, micros, words, _, name in (entry[:6] for entry in entries):
        if name not in own and any(isinstance(word, bytes) and word.startswith(PREFIX) for word in words):
            line = " ".join(shown(word, 80) for word in words[:8])
            found.append({"id": id, "at": at, "micros": micros, "words": line, "client": shown(name, 80)})
    return found


def slower_than(client: Any) -> int | None:
    """From how many microseconds on the server logs; None where it does not say."""
    try:
        found = client.config_get(SLOWER_THAN)
    except RedisError:
        return None
    value = found.get(SLOWER_THAN, found.get(SLOWER_THAN.encode()))
    return int(value) if value is not None else None


def _entries(client: Any) -> list[Any]:
    try:
        return list(client.execute_command("COMMANDLOG", "GET", NEWEST, "slow"))
    except ResponseError:  # an older server
        return list(client.execute_command("SLOWLOG", "GET", NEWEST))
