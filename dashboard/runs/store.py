"""Runs in MongoDB, for ever: who asked for what, how it ended, and every event."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlparse

import mongoengine as me

from dashboard.runs.stream import Batch, join

ENDED = ("finished", "failed", "cancelled")
CHUNK_BYTES = 1024 * 1024
DATABASE = "loopscope"


class Run(me.Document):
    """One run. `state`: queued, running, finished, failed, cancelled."""

    meta = {  # noqa: RUF012
        "collection": "runs",
        "indexes": [("learner", "-created"), ("lab", "-created"), "state"],
        "auto_create_index": True,
    }
    id = me.StringField(primary_key=True)
    number = me.IntField(required=True)
    learner = me.StringField(required=True)
    lab = me.StringField(required=True)
    title = me.StringField(required=True)
    params = me.DictField()
    seconds = me.FloatField(default=0.0)
    state = me.StringField(default="queued", choices=("queued", "running", *ENDED))
    reason = me.StringField()
    created = me.DateTimeField(required=True)
    started = me.DateTimeField()
    ended = me.DateTimeField()
    prediction = me.DictField(null=True)
    answer = me.StringField()
    last = me.IntField(default=0)
    results = me.ListField(me.DictField())
    trust = me.DictField(null=True)


class EventChunk(me.Document):
    """Consecutive events of a run, compressed."""

    meta = {"collection": "run_events", "indexes": [("run", "first")]}  # noqa: RUF012
    run = me.StringField(required=True)
    first = me.IntField(required=True)
    last = me.IntField(required=True)
    data = me.BinaryField(required=True)


def connect(url: str) -> None:
    """Connect MongoEngine's default alias; the database is the URL's, else `loopscope`."""
    me.disconnect()
    name = urlparse(url).path.lstrip("/") or DATABASE
    me.connect(
        name, host=url, tz_aware=True, uuidRepresentation="standard",
        serverSelectionTimeoutMS=5000, connectTimeoutMS=5000,
    )  # fmt: skip


class RunStore:
    """Every question the rest of the program has to the run documents."""

    def create(
        self, id: str, learner: str, lab: str, title: str, params: dict[str, Any],
        seconds: float, prediction: dict[str, Any] | None,
    ) -> Run:  # fmt: skip
        number = Run.objects(learner=learner).count() + 1
        run = Run(
            id=id, number=number, learner=learner, lab=lab, title=title, params=params,
            seconds=seconds, created=_now(), prediction=prediction,
        )  # fmt: skip
        run.save(force_insert=True)
        return run

    def get(self, id: str) -> Run | None:
        found: Run | None = Run.objects(id=id).first()
        return found

    def forget(self, id: str) -> None:
        """Take back a run that could not be queued."""
        Run.objects(id=id).delete()

    def newest(self, lab: str | None, learner: str | None, limit: int) -> list[Run]:
        """Newest first."""
        wanted = {"lab": lab, "learner": learner}
        found = Run.objects(**{name: value for name, value in wanted.items() if value is not None})
        return list(found.order_by("-created").limit(limit))

    def unfinished(self, learner: str | None = None) -> list[Run]:
        """Runs that have not ended; of one learner, if named."""
        found = Run.objects(state__in=("queued", "running"))
        return list(found if learner is None else found.filter(learner=learner))

    def labs_by_act(self, learner: str, since: datetime | None) -> dict[str, frozenset[str]]:
        """The labs in which a learner predicted, ran to the end, answered, with runs asked for from `since` on."""
        mine = Run.objects(learner=learner) if since is None else Run.objects(learner=learner, created__gte=since)
        acts = {
            "predicted": mine.filter(prediction__nin=[None, {}]),
            "ran": mine.filter(state="finished"),
            "answered": mine.filter(answer__ne=None),
        }
        return {act: frozenset(found.distinct("lab")) for act, found in acts.items()}

    def begin(self, id: str) -> bool:
        """Queued → running. False if it is not queued any more."""
        return bool(Run.objects(id=id, state="queued").update_one(state="running", started=_now()))

    def end(self, id: str, state: str, reason: str | None, last: int) -> bool:
        """Queued or running → an end state. False if it has ended before."""
        return bool(
            Run.objects(id=id, state__nin=ENDED).update_one(state=state, reason=reason, last=last, ended=_now())
        )

    def summarise(self, id: str, results: list[dict[str, Any]], trust: dict[str, Any] | None) -> None:
        """Result rows and trust badge, for lists and comparisons."""
        Run.objects(id=id).update_one(set__results=results, set__trust=trust)

    def answer(self, id: str, answer: str) -> None:
        Run.objects(id=id).update_one(answer=answer)

    def keep_events(self, id: str, batches: Iterable[Batch]) -> None:
        """Write events; what is kept already is left as it is."""
        kept = self.last_kept(id)
        pending: list[Batch] = []
        size = 0
        for batch in batches:
            if batch.last <= kept:
                continue
            pending.append(batch.after(kept))
            size += len(batch.lines)
            if size >= CHUNK_BYTES:
                _write_chunk(id, pending)
                pending, size = [], 0
        if pending:
            _write_chunk(id, pending)

    def last_kept(self, id: str) -> int:
        newest = EventChunk.objects(run=id).order_by("-first").only("last").first()
        return newest.last if newest else 0

    def events(self, id: str, after: int = 0) -> Iterator[Batch]:
        """Kept events after number `after`."""
        for chunk in EventChunk.objects(run=id, last__gt=after).order_by("first"):
            lines = zlib.decompress(chunk.data)
            yield Batch(chunk.first, chunk.last, lines).after(after)


def _write_chunk(id: str, batches: list[Batch]) -> None:
    whole = join(batches)
    EventChunk(run=id, first=whole.first, last=whole.last, data=zlib.compress(whole.lines, 6)).save()


def _now() -> datetime:
    return datetime.now(UTC)
