"""What a learner has done so far, in MongoDB: what was opened is kept here, everything else is told by the runs."""

from __future__ import annotations

from datetime import UTC, datetime

import mongoengine as me
from mongoengine.errors import NotUniqueError

from dashboard.lessons.path import Acts
from dashboard.runs.store import RunStore


class Progress(me.Document):
    """One learner. Runs that were asked for before `since` do not count."""

    meta = {"collection": "progress"}  # noqa: RUF012
    learner = me.StringField(primary_key=True)
    opened = me.ListField(me.StringField())
    since = me.DateTimeField()


class ProgressStore:
    """Every question that pages have to the progress of a learner. Nothing here ticks a step by itself."""

    def __init__(self, runs: RunStore) -> None:
        self._runs = runs

    def acts(self, learner: str) -> Acts:
        """What the learner did since the last reset."""
        progress = Progress.objects(learner=learner).first()
        told = self._runs.labs_by_act(learner, progress.since if progress else None)
        ran_or_asked = told["predicted"] | told["ran"] | told["answered"]
        return Acts(opened=frozenset(progress.opened if progress else ()) | ran_or_asked, **told)

    def open(self, learner: str, lab: str) -> None:
        """The learner opened a lab. Safe in any number of tabs at once."""
        _change(learner, add_to_set__opened=lab)

    def reset(self, learner: str) -> None:
        """Begin anew. Runs are kept, and do not count any more."""
        _change(learner, set__opened=[], set__since=datetime.now(UTC))


def _change(learner: str, **change: object) -> None:
    try:
        Progress.objects(learner=learner).update_one(upsert=True, **change)
    except NotUniqueError:  # another tab made the document at the same moment: now it is there
        Progress.objects(learner=learner).update_one(**change)
