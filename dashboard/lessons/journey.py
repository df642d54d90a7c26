"""The learner on the lesson path: what was done so far, for pages and for the API, and beginning anew."""

from __future__ import annotations

import orjson
from flask import Response, current_app, redirect, request, url_for
from pymongo.errors import PyMongoError
from werkzeug.wrappers import Response as AnyResponse

from dashboard import learner
from dashboard.lessons.path import Acts, Path, path_of, paths
from dashboard.services import Services
from labs.sdk.lab import Lab


def progress() -> Response:
    """GET /api/progress → {known, sections: [{section, finished, next, labs: […]}]}."""
    found, known = all_paths()
    body = {"known": known, "sections": [path.view() for path in found]}
    response = Response(orjson.dumps(body), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def reset() -> AnyResponse:
    """POST /progress/reset: nothing counts as done any more; back to the catalogue. Runs are kept."""
    _services().progress.reset(learner.current())
    return redirect(url_for("catalogue"), 303)


def all_paths() -> tuple[list[Path], bool]:
    """Every section's path, and whether the learner's progress could be read."""
    acts, known = _acts()
    return paths(_services().labs.values(), acts), known


def visit(lab: Lab) -> tuple[Path, bool]:
    """The learner opens a lab: the path it is on, with this step done, and whether progress could be read."""
    acts, known = _acts(opening=lab.slug)
    return path_of(_services().labs.values(), lab, acts), known


def _acts(opening: str | None = None) -> tuple[Acts, bool]:
    """Without its database a page is still worth reading: then nothing is known, and the page says so."""
    store, who = _services().progress, learner.current()
    try:
        if opening and _seen_by_a_person():
            store.open(who, opening)
        return store.acts(who), True
    except PyMongoError as error:
        current_app.logger.warning("progress cannot be read: %s", error)
        return Acts(), False


def _seen_by_a_person() -> bool:
    """A browser that only fetches ahead has opened nothing."""
    purpose = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return request.method == "GET" and "prefetch" not in purpose


def _services() -> Services:
    services = current_app.extensions["loopscope"]
    assert isinstance(services, Services)
    return services
