"""The runner: an RQ worker that performs one run at a time and sees each to a clear end.

Three processes take part. The *worker* waits for runs; for each it forks a *horse*, which leads a process group,
starts the lab's programs in it and appends their events to the run's stream. Whatever happens to the horse, the
worker concludes the run afterwards. If the worker itself is killed, its horse dies with it, and the next worker
(or any web process that is asked about the run) concludes it.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
import time
from types import FrameType
from typing import Any

from pymongo.errors import PyMongoError
from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from dashboard import lab_servers
from dashboard.runs.actions import ActionBox
from dashboard.runs.ending import Ending, identity
from dashboard.runs.queue import NAME, RunQueue
from dashboard.runs.store import RunStore, connect
from dashboard.runs.stream import RunStream, Signs
from dashboard.settings import Settings
from labs.sdk import registry
from labs.sdk.action import ActionRefused
from labs.sdk.conductor import Conductor, Limits
from labs.sdk.leash import die_with_parent
from labs.sdk.servers import VARIABLES

BEAT_SECONDS = 1.0
REDIS_AWAY = {f"redis.exceptions.{name}" for name in ("ConnectionError", "TimeoutError", "BusyLoadingError")}
KILLED = re.compile(r"waitpid returned \d+ \(signal (\d+)\)")
"""RQ's words for a horse that a signal ended."""
SHUTTING_DOWN = "Loopscope was stopped while it ran; what had arrived is kept"


def perform(run: str, lab: str, params: dict[str, Any]) -> None:
    """The horse's work: one run, from its first event to its last."""
    die_with_parent(os.getppid())
    settings = Settings.from_environment()
    redis = Redis.from_url(settings.redis_url)
    stream, signs = RunStream(redis), Signs(redis)
    if signs.stop_reason(run):
        return
    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(signs, run, over), name="heart", daemon=True)
    heart.start()
    chosen = registry.installed(settings.extra_labs)[lab]
    limits = Limits(settings.run_seconds, settings.run_events, settings.run_megabytes << 20)
    known = lab_servers.environ(settings, chosen.needs)
    conductor = Conductor(chosen, chosen.params.read(params, strict=False), run, limits, known)
    ear = threading.Thread(target=_listen, args=(ActionBox(redis), run, conductor, over), name="ear", daemon=True)
    if chosen.actions:
        ear.start()
    seq = 0
    for batch in conductor.events():
        seq = stream.append(run, batch, seq)
    over.set()
    heart.join()


def _beat(signs: Signs, run: str, over: threading.Event) -> None:
    """Sign of life; ends this process when somebody wishes the run to stop."""
    while not over.wait(BEAT_SECONDS):
        signs.beat(run, identity(os.getppid()))
        if signs.stop_reason(run):
            os.kill(os.getpid(), signal.SIGTERM)


def _listen(box: ActionBox, run: str, conductor: Conductor, over: threading.Event) -> None:
    """Hand what the learner does to the program that runs."""
    while not over.is_set():
        if (found := box.take(run, BEAT_SECONDS)) is not None:
            with contextlib.suppress(ActionRefused):  # a lab that was changed since the web process read it
                conductor.act(*found)


class ExperimentWorker(Worker):
    """Concludes every run after its horse, and takes the horse down when it is told to stop."""

    ending: Ending
    store: RunStore

    def execute_job(self, job: Job, queue: Queue) -> None:
        signs = Signs(self.connection)
        if not self._begin(job.id, signs):
            signs.ask_to_stop(job.id, "it had ended before it could begin")
        try:
            super().execute_job(job, queue)
        finally:
            self.ending.conclude(job.id, "failed", _how_it_ended(job))

    def _begin(self, run: str, signs: Signs) -> bool:
        """Queued → running; False if it had ended. A database that is away is waited for: the run begins with it."""
        while True:
            signs.beat(run, identity(os.getpid()))
            try:
                return self.store.begin(run)
            except PyMongoError as error:
                if self._stop_requested:
                    raise
                print(f"run {run} waits for MongoDB: {error}", flush=True)
                time.sleep(BEAT_SECONDS)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """SIGTERM: the run in progress is cancelled; nothing waits for it to finish."""
        if self.horse_pid and (run := self.get_current_job_id()):
            Signs(self.connection).ask_to_stop(run, SHUTTING_DOWN)
            self.kill_horse()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def _how_it_ended(job: Job) -> str:
    """Words for a horse that died without a last word."""
    info = ""
    with contextlib.suppress(Exception):
        job.refresh()  # type: ignore[no-untyped-call]
        info = (job.exc_info or "").strip().rpartition("\n")[2]
    return words_of_death(info)


def words_of_death(last: str) -> str:
    """What a learner is told; `last` is the last line of the horse's traceback, else RQ's own words."""
    kind, _, detail = last.partition(": ")
    if kind in REDIS_AWAY:
        return f"Redis, which carries the events, went away in the middle of the run ({detail.rstrip('.')})."
    killed = KILLED.search(last)
    how = f"It was killed by signal {killed[1]}." if killed else last
    return f"the runner process died in the middle of the run. {how}".strip()


def main() -> int:
    """One worker, until it is told to stop. Started by the supervisor."""
    die_with_parent(os.getppid())
    settings = Settings.from_environment()
    redis = Redis.from_url(settings.redis_url)
    connect(settings.mongodb_url)
    store = RunStore()
    worker = ExperimentWorker([Queue(NAME, connection=redis, serializer=JSONSerializer)],
                              connection=redis, serializer=JSONSerializer)  # fmt: skip
    worker.store = store
    servers = lab_servers.environ(settings, VARIABLES)
    worker.ending = Ending(redis, store, RunQueue(redis), settings.stream_seconds, servers)
    worker.ending.settle_all()
    worker.work(logging_level="WARNING")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
