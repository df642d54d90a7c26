"""Where runs are asked for: the rules, without HTTP."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dashboard.problems import Problem
from dashboard.runs.actions import MOST_A_SECOND, ActionBox
from dashboard.runs.ending import Ending
from dashboard.runs.queue import RunQueue
from dashboard.runs.store import ENDED, Run, RunStore
from dashboard.runs.stream import Batch, RunStream, Signs, is_end
from dashboard.settings import Settings
from labs.sdk import action
from labs.sdk.lab import Lab
from labs.sdk.params import ParamsError

STOPPED = "stopped by the learner"
MOST_LISTED = 100
MOST_POINTS = 64
LARGEST_GUESS = 1e6
LONGEST_WORD = 8
"""Of an order that is predicted: letters of blocks."""


class RunDesk:
    """Start, look up, list, act on, cancel and answer runs."""

    def __init__(
        self, settings: Settings, labs: Mapping[str, Lab], store: RunStore, queue: RunQueue,
        stream: RunStream, signs: Signs, ending: Ending, actions: ActionBox,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._labs = labs
        self._store = store
        self._queue = queue
        self._stream = stream
        self._signs = signs
        self._ending = ending
        self._actions = actions

    def start(self, learner: str, wish: Mapping[str, Any]) -> Run:
        """Check a wish `{lab, params, prediction?}` and queue it. Raises `Problem`."""
        unknown = set(wish) - {"lab", "params", "prediction"}
        if unknown:
            raise Problem(422, "The request has fields that are not known.", [(f, "is not known") for f in unknown])
        lab = self._labs.get(wish.get("lab", "")) if isinstance(wish.get("lab"), str) else None
        if lab is None:
            raise Problem(422, "There is no such lab.", [("lab", f"must be one of {', '.join(self._labs)}")])
        try:
            params = lab.params.read(wish.get("params", {}))
        except ParamsError as refused:
            errors = [(f"params.{field}", message) for field, message in refused.errors]
            raise Problem(422, "Some parameters cannot be used.", errors) from None
        prediction = check_prediction(wish.get("prediction"))
        self._check_room(learner)
        run = self._store.create(
            secrets.token_hex(8), learner, lab.slug, lab.title, params.model_dump(),
            lab.estimate(params), prediction,
        )  # fmt: skip
        try:
            self._queue.put(run.id, lab.slug, params.model_dump(), run.seconds, self._settings.run_seconds)
        except Exception:
            self._store.forget(run.id)
            raise
        return run

    def _check_room(self, learner: str) -> None:
        if self._queue.length() >= self._settings.queue_length:
            raise Problem(429, "The queue is full. Try again when some runs are done.")
        mine = [self._ending.settle(run) for run in self._store.unfinished(learner)]
        if sum(run.state not in ENDED for run in mine) >= self._settings.queue_per_learner:
            raise Problem(
                429, f"You have {self._settings.queue_per_learner} runs under way. Wait for one, or stop one."
            )

    def find(self, id: str) -> Run:
        """The run, brought up to date. Raises `Problem` 404."""
        run = self._store.get(id)
        if run is None:
            raise Problem(404, "There is no run at this address.")
        return self._ending.settle(run)

    def newest(self, lab: str | None, learner: str | None, limit: int) -> list[Run]:
        found = self._store.newest(lab, learner, max(1, min(limit, MOST_LISTED)))
        return [self._ending.settle(run) for run in found]

    def cancel(self, id: str, learner: str) -> Run:
        """Stop a run, whether it waits or runs. Raises `Problem` 403, 404, 409."""
        run = self._owned(id, learner)
        if run.state in ENDED:
            raise Problem(409, f"This run has {run.state} already.")
        self._signs.ask_to_stop(id, STOPPED)
        if self._queue.take_back(id):
            self._ending.conclude(id, "cancelled", STOPPED)
        else:
            self._queue.stop(id)  # and if nobody listens, the horse sees the sign within a second
        return self.find(id)

    def act(self, id: str, learner: str, wish: Mapping[str, Any]) -> dict[str, Any]:
        """Hand `{action, params?}` to the program that runs. Raises `Problem` 403, 404, 409, 422, 429.

        That the program got it, and when it acted, is told by the run's own events.
        """
        run = self._owned(id, learner)
        unknown = set(wish) - {"action", "params"}
        if unknown:
            raise Problem(422, "The request has fields that are not known.", [(f, "is not known") for f in unknown])
        lab = self._labs.get(run.lab)
        try:
            found = action.check(lab.actions if lab else (), wish.get("action"), wish.get("params"), run.params)
        except action.ActionRefused as refused:
            raise Problem(422, "That cannot be done to this run.", refused.errors) from None
        self._check_running(run)
        inputs = dict(found.inputs)
        if not self._actions.put(id, found.action.id, inputs):
            raise Problem(429, f"That was more than {MOST_A_SECOND} actions in a second. Wait a moment.")
        return {"action": found.action.id, "params": inputs, "words": found.words}

    def _check_running(self, run: Run) -> None:
        if run.state == "queued":
            raise Problem(409, "This run has not begun yet. Act when it runs.")
        last = self._stream.newest_event(run.id)
        if run.state in ENDED or (last is not None and is_end(last)):
            raise Problem(409, "This run is over: nothing can be done to it any more. Start another one.")

    def answer(self, id: str, learner: str, answer: object) -> Run:
        """Keep the learner's answer to the lab's question. Raises `Problem` 403, 404, 422."""
        run = self._owned(id, learner)
        lab = self._labs.get(run.lab)
        options = [option.value for option in lab.question.options] if lab and lab.question else []
        if answer not in options:
            raise Problem(422, "That is not one of the answers.", [("answer", f"must be one of {', '.join(options)}")])
        self._store.answer(id, str(answer))
        return self.find(id)

    def _owned(self, id: str, learner: str) -> Run:
        run = self.find(id)
        if run.learner != learner:
            raise Problem(403, "This run belongs to somebody else.")
        return run

    def events(self, id: str, after: int = 0) -> Iterator[Batch]:
        """Every event after `after` that is known now: from the stream, or kept ones where Redis has forgotten."""
        if self._stream.last(id) > 0:
            yield from self._stream.read(id, after)
        else:
            yield from self._store.events(id, after)

    def view(self, run: Run, learner: str | None) -> dict[str, Any]:
        """A run as the API shows it."""
        ahead = self._queue.ahead(run.id) if run.state == "queued" else None
        return {
            "id": run.id,
            "number": run.number,
            "lab": run.lab,
            "title": run.title,
            "params": dict(run.params),
            "state": run.state,
            "reason": run.reason,
            "created": _iso(run.created),
            "started": _iso(run.started),
            "ended": _iso(run.ended),
            "prediction": dict(run.prediction) if run.prediction else None,
            "answer": run.answer,
            "ahead": ahead[0] if ahead else None,
            "wait": round(ahead[1], 1) if ahead else None,
            "last": run.last or self._stream.last(run.id),
            "results": [dict(row) for row in run.results],
            "trust": dict(run.trust) if run.trust else None,
            "mine": run.learner == learner,
        }


def check_prediction(raw: object) -> dict[str, Any] | None:
    """`{kind: "bar", value}`, `{kind: "curve", points: [[x, y], …]}` with numbers 0 to a million, or
    `{kind: "order", order: ["A", …]}` with short words, none twice. Raises `Problem`.
    """
    if raw is None:
        return None
    if isinstance(raw, dict) and set(raw) == {"kind", "value"} and raw["kind"] == "bar" and _number(raw["value"]):
        return {"kind": "bar", "value": float(raw["value"])}
    if isinstance(raw, dict) and set(raw) == {"kind", "points"} and raw["kind"] == "curve" and _points(raw["points"]):
        return {"kind": "curve", "points": [[float(x), float(y)] for x, y in raw["points"]]}
    if isinstance(raw, dict) and set(raw) == {"kind", "order"} and raw["kind"] == "order" and _order(raw["order"]):
        return {"kind": "order", "order": list(raw["order"])}
    wanted = (
        'null, {"kind": "bar", "value": number}, {"kind": "curve", "points": [[x, y], …]} '
        'or {"kind": "order", "order": ["A", …]}'
    )
    raise Problem(422, "The prediction cannot be read.", [("prediction", f"must be {wanted}")])


def _points(raw: object) -> bool:
    return (
        isinstance(raw, list)
        and 0 < len(raw) <= MOST_POINTS
        and all(isinstance(point, list) and len(point) == 2 and all(map(_number, point)) for point in raw)
    )


def _order(raw: object) -> bool:
    return (
        isinstance(raw, list)
        and 0 < len(raw) <= MOST_POINTS
        and all(isinstance(word, str) and 0 < len(word) <= LONGEST_WORD for word in raw)
        and len(set(raw)) == len(raw)
    )


def _number(raw: object) -> bool:
    return (
        isinstance(raw, (int, float)) and not isinstance(raw, bool) and math.isfinite(raw) and 0 <= raw <= LARGEST_GUESS
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
