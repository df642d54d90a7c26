"""The queue of runs: RQ, first come first served, one run at a time on each runner."""

from __future__ import annotations

import time
from typing import Any

from redis import Redis
from rq import Queue
from rq.command import send_stop_job_command
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

NAME = "experiments"
RUNNER_PREFIX = "loopscope:runner:"
RUNNER_SECONDS = 5
PERFORM = "dashboard.runs.runner.perform"


class RunQueue:
    """RQ under the names of this product."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis
        self.rq = Queue(NAME, connection=redis, serializer=JSONSerializer)

    def put(self, run: str, lab: str, params: dict[str, Any], seconds: float, limit: float) -> None:
        """Queue a run. `seconds`: a guess of how long it takes; `limit`: RQ's own, last emergency brake."""
        self.rq.enqueue_call(
            PERFORM, args=(run, lab, params), job_id=run, timeout=int(limit) + 60,
            result_ttl=0, failure_ttl=60, meta={"seconds": seconds},
        )  # fmt: skip

    def take_back(self, run: str) -> bool:
        """Remove a run that waits. False if it does not wait any more."""
        removed = self._redis.lrem(self.rq.key, 0, run)
        if removed and (job := self._job(run)) is not None:
            job.delete()
        return bool(removed)

    def stop(self, run: str) -> bool:
        """Tell the runner that performs it to stop. False if none does."""
        try:
            send_stop_job_command(self._redis, run, serializer=JSONSerializer)
        except (NoSuchJobError, InvalidJobOperation):
            return False
        return True

    def knows(self, run: str) -> bool:
        """Whether the run waits or is being performed."""
        return bool(Job.exists(run, connection=self._redis))

    def length(self) -> int:
        return int(self.rq.count)

    def ahead(self, run: str) -> tuple[int, float] | None:
        """How many runs come before this one, and roughly how many seconds they take; None if it does not wait."""
        waiting = self.rq.job_ids
        if run not in waiting:
            return None
        started = list(self.rq.started_job_registry.get_job_ids())
        before = waiting[: waiting.index(run)]
        seconds = sum(_seconds_left(job) for id in [*started, *before] if (job := self._job(id)))
        return len(before) + len(started), seconds / max(1, self.runners())

    def runner_is_here(self, name: str) -> None:
        """Sign of life of a runner."""
        self._redis.set(f"{RUNNER_PREFIX}{name}", "1", ex=RUNNER_SECONDS)

    def runner_is_gone(self, name: str) -> None:
        self._redis.delete(f"{RUNNER_PREFIX}{name}")

    def runners(self) -> int:
        """How many runners are alive."""
        return sum(1 for _ in self._redis.scan_iter(f"{RUNNER_PREFIX}*", count=500))

    def _job(self, id: str) -> Job | None:
        try:
            return Job.fetch(id, connection=self._redis, serializer=JSONSerializer)
        except NoSuchJobError:
            return None


def _seconds_left(job: Job) -> float:
    """The guess made when it was queued, less what it has run already; at least a second."""
    guess = float(job.meta.get("seconds", 5.0))
    return guess if job.started_at is None else max(1.0, guess - (time.time() - job.started_at.timestamp()))
