"""The server's own view of what was slow: COMMANDLOG (SLOWLOG on older servers), the learners' keys only."""

from __future__ import annotations

from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from dashboard.keys.names import PREFIX
from labs.sdk.shown import shown

NEWEST = 100


def slow_commands(client: Redis) -> list[dict[str, Any]]:
    """`{id, at, micros, words, client}` newest first. What does not name a learner's key is the app's business."""
    entries = _entries(client)
    found = []
    for id, at, micros, words, _, name in (entry[:6] for entry in entries):
        if any(isinstance(word, bytes) and word.startswith(PREFIX) for word in words):
            line = " ".join(shown(word, 80) for word in words[:8])
            found.append({"id": id, "at": at, "micros": micros, "words": line, "client": shown(name, 80)})
    return found


def _entries(client: Any) -> list[Any]:
    try:
        return list(client.execute_command("COMMANDLOG", "GET", NEWEST, "slow"))
    except ResponseError:
        return []
