"""The HTTP API of runs and labs. Thin: rules live in `dashboard.runs.desk`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from flask import Response, current_app, request

from dashboard import learner
from dashboard.body import json_object
from dashboard.problems import Problem
from dashboard.runs import export
from dashboard.runs.store import Run
from dashboard.runs.stream import Batch
from dashboard.services import Services

NDJSON = "application/x-ndjson"


def list_labs() -> Response:
    """GET /api/labs."""
    return _json({"labs": [lab.describe() for lab in _services().labs.values()]})


def status() -> Response:
    """GET /api/status: is everything there, and what machine is this."""
    found = _services().status.look()
    return _json(found, 200 if found["ready"] else 503)


def start_run() -> Response:
    """POST /api/runs {lab, params, prediction?} → 201 {run}."""
    run = _services().runs.start(learner.current(), json_object())
    response = _run(run, 201)
    response.headers["Location"] = f"/api/runs/{run.id}"
    return response


def list_runs() -> Response:
    """GET /api/runs?lab=&mine=1&limit=20 → {runs: […]}, newest first."""
    mine = request.args.get("mine") in ("1", "true")
    limit = _whole("limit", 20)
    who = learner.current()
    desk = _services().runs
    runs = desk.newest(request.args.get("lab"), who if mine else None, limit)
    return _json({"runs": [desk.view(run, who) for run in runs]})


def get_run(run_id: str) -> Response:
    """GET /api/runs/<id>."""
    return _run(_services().runs.find(run_id))


def run_events(run_id: str) -> Response:
    """GET /api/runs/<id>/events?after=0: every event known now, NDJSON, ascending."""
    desk = _services().runs
    desk.find(run_id)
    batches = desk.events(run_id, _whole("after", 0))
    response = Response((batch.lines + b"\n" for batch in batches), mimetype=NDJSON)
    response.headers["Cache-Control"] = "no-store"
    return response


def cancel_run(run_id: str) -> Response:
    """POST /api/runs/<id>/cancel → 202 {run}."""
    return _run(_services().runs.cancel(run_id, learner.current()), 202)


def act_on_run(run_id: str) -> Response:
    """POST /api/runs/<id>/actions {action, params?} → 202 {action}; the run's events say when it was done."""
    return _json({"action": _services().runs.act(run_id, learner.current(), json_object())}, 202)


def answer_run(run_id: str) -> Response:
    """PUT /api/runs/<id>/answer {answer} → {run}."""
    return _run(_services().runs.answer(run_id, learner.current(), json_object().get("answer")))


def export_run(run_id: str, form: str) -> Response:
    """GET /api/runs/<id>/export.json, export.csv, export.trace.json: a download."""
    desk = _services().runs
    run = desk.find(run_id)
    view = desk.view(run, None)
    writer = export.FORMS[form]
    response = Response(writer.write(view, _events(desk.events(run.id))), mimetype=writer.mimetype)
    name = f"loopscope-{run.lab}-{run.id}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _events(batches: Iterator[Batch]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        yield from map(orjson.loads, batch.lines.split(b"\n"))


def _services() -> Services:
    services = current_app.extensions["loopscope"]
    assert isinstance(services, Services)
    return services


def _run(run: Run, status: int = 200) -> Response:
    return _json({"run": _services().runs.view(run, learner.current())}, status)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    response = Response(orjson.dumps(body), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _whole(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Problem(400, f"{name} must be a whole number, 0 or more.", [(name, "must be a whole number, 0 or more")])
    return int(text)
