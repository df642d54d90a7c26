"""Actions on their way from a learner to the program of a running run: a short list in Redis for each run."""

from __future__ import annotations

from typing import Any

import orjson
from redis import Redis

from dashboard.runs.stream import PREFIX

MOST_A_SECOND = 5
"""Actions on one run, all its tabs together. The program acts on each; a held-down key must not drown it."""

FORGET_SECONDS = 60
"""Longer than a runner needs between two programs; what nobody takes is forgotten."""


class ActionBox:
    """Put actions in (web), take them out (runner)."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis

    def put(self, run: str, action: str, inputs: dict[str, Any]) -> bool:
        """False, and nothing is put, when this second has seen too many."""
        with self._redis.pipeline() as together:
            together.set(_pace(run), 0, ex=1, nx=True).incr(_pace(run))
            if together.execute()[-1] > MOST_A_SECOND:
                return False
            together.rpush(_key(run), orjson.dumps([action, inputs])).expire(_key(run), FORGET_SECONDS)
            together.execute()
        return True

    def take(self, run: str, seconds: float) -> tuple[str, dict[str, Any]] | None:
        """The oldest action; waits for one, at most so long."""
        found = self._redis.blpop([_key(run)], timeout=seconds)
        if found is None:
            return None
        action, inputs = orjson.loads(found[1])
        return action, inputs

    def clear(self, run: str) -> None:
        """The run is over: nobody will take any more."""
        self._redis.delete(_key(run), _pace(run))


def _key(run: str) -> str:
    return f"{PREFIX}{run}:actions"


def _pace(run: str) -> str:
    return f"{PREFIX}{run}:pace"
