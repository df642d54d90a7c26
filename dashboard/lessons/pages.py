"""The pages a learner opens. Views only: the URL map is in `dashboard.routes`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, current_app, render_template, request
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from dashboard import learner
from dashboard.lessons import drawing, form, guide, journey, source
from dashboard.lessons.path import STATES, STEPS
from dashboard.problems import Problem
from labs.sdk.lab import Lab

ERRORS = {
    403: ("That is not yours to open", "The address is right, but it belongs to somebody else."),
    404: ("Nothing lives here", "The address may be mistyped, or what it pointed at is gone."),
    405: ("Not like this", "This address answers, but not to that kind of request."),
    500: ("Something broke on our side", "The error is in the server's log. Trying again may help."),
    503: ("Not ready yet", "A server that this page needs is not answering. It may still be starting."),
}


def catalogue() -> str:
    """GET /: every installed lab, by section, each section a path with the learner's progress."""
    paths, known = journey.all_paths()
    drawings = {slug: drawing.of(lab) for slug, lab in _labs().items()}
    return render_template("catalogue.html", paths=paths, known=known, drawings=drawings, states=STATES)


def lab_page(slug: str) -> str:
    """GET /labs/<slug>: the form, the prediction and an empty stage. 404 for an unknown lab."""
    return _lab_page(_lab(slug), None)


def run_page(run_id: str) -> str:
    """GET /runs/<run_id>: the same page with that run on the stage. 404 for an unknown run."""
    run = _run(run_id)
    return _lab_page(_lab(run["lab"]), run)


def projector(run_id: str) -> str:
    """GET /runs/<run_id>/projector: the chart alone, for a hall. 404 for an unknown run."""
    run = _run(run_id)
    lab = _lab(run["lab"])
    return render_template(
        "projector.html", lab=lab, run=run, charts=_charts(lab), data=_data(lab=lab.describe(), run=run)
    )


def compare() -> str:
    """GET /compare?runs=a,b: runs on shared axes. Runs that are unknown are named on the page, not an error."""
    asked = [word for word in dict.fromkeys(request.args.get("runs", "").split(",")) if word][:6]
    found = {run_id: run for run_id in asked if (run := _find_run(run_id)) is not None}
    labs = {run["lab"]: _labs()[run["lab"]].describe() for run in found.values() if run["lab"] in _labs()}
    runs = [run for run in found.values() if run["lab"] in labs]
    missing = [run_id for run_id in asked if run_id not in found]
    charts = sorted({module for slug in labs for module in _charts(_labs()[slug])})
    return render_template(
        "compare.html", runs=runs, missing=missing, labs=labs, charts=charts, data=_data(labs=labs, runs=runs)
    )


def lab_source(slug: str, file: str) -> Response:
    """GET /labs/<slug>/source/<file>: a program as plain text. 404 unless the lab declares a file of that name."""
    text = source.text(_lab(slug), file)
    if text is None:
        abort(404, description="This lab has no program of that name.")
    return Response(text, mimetype="text/plain")


def error_page(error: HTTPException) -> tuple[str, int]:
    """Any HTTP error as a page in the look of the others."""
    code = error.code or 500
    title, usual = ERRORS.get(code, (error.name, ""))
    said = error.description if error.description and error.description != type(error).description else usual
    return render_template("error.html", code=code, title=title, said=said), code


def _lab_page(lab: Lab, run: Mapping[str, Any] | None) -> str:
    fields = form.fields(lab, run["params"] if run else {}, request.args)
    path, known = journey.visit(lab)
    return render_template(
        "lab.html",
        lab=lab,
        run=run,
        path=path,
        known=known,
        words=STEPS,
        fields=fields,
        guide=guide.of(lab),
        sources=source.files(lab),
        charts=_charts(lab),
        data=_data(lab=lab.describe(), run=run),
    )


def _charts(lab: Lab) -> list[str]:
    """The modules that draw the charts of a lab."""
    return sorted({f"charts/{chart.kind}" for chart in lab.charts})


def _data(**data: Any) -> Markup:
    """JSON that may stand in a script element; the order of parameters is kept."""
    return htmlsafe_json_dumps(data, dumps=json.dumps)


def _labs() -> Mapping[str, Lab]:
    labs: Mapping[str, Lab] = current_app.extensions["loopscope"].labs
    return labs


def _lab(slug: str) -> Lab:
    lab = _labs().get(slug)
    if lab is None:
        abort(404, description=f"There is no lab called “{slug}” here.")
    return lab


def _find_run(run_id: str) -> dict[str, Any] | None:
    desk = current_app.extensions["loopscope"].runs
    try:
        run: dict[str, Any] = desk.view(desk.find(run_id), learner.current())
    except Problem:
        return None
    return run


def _run(run_id: str) -> dict[str, Any]:
    run = _find_run(run_id)
    if run is None:
        abort(404, description="There is no run at this address. It may have been made on another copy of Loopscope.")
    return run
