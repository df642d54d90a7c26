"""The whole URL map."""

from __future__ import annotations

from flask import Flask

from dashboard.keys import api as keys
from dashboard.lessons import journey, pages
from dashboard.runs import api


def install(app: Flask) -> None:
    """Pages first, then the API."""
    page = app.add_url_rule
    page("/", "catalogue", pages.catalogue)
    page("/labs/<slug>", "lab", pages.lab_page)
    page("/labs/<slug>/source/<file>", "lab_source", pages.lab_source)
    page("/runs/<run_id>", "run", pages.run_page)
    page("/runs/<run_id>/projector", "projector", pages.projector)
    page("/compare", "compare", pages.compare)
    page("/keys", "keys", keys.keys_page)
    page("/progress/reset", "reset", journey.reset, methods=["POST"])

    page("/api/labs", "api.labs", api.list_labs)
    page("/api/progress", "api.progress", journey.progress)
    page("/api/status", "api.status", api.status)
    page("/api/runs", "api.start", api.start_run, methods=["POST"])
    page("/api/runs", "api.runs", api.list_runs)
    page("/api/runs/<run_id>", "api.run", api.get_run)
    page("/api/runs/<run_id>/events", "api.events", api.run_events)
    page("/api/runs/<run_id>/cancel", "api.cancel", api.cancel_run, methods=["POST"])
    page("/api/runs/<run_id>/actions", "api.act", api.act_on_run, methods=["POST"])
    page("/api/runs/<run_id>/answer", "api.answer", api.answer_run, methods=["PUT"])
    page("/api/runs/<run_id>/export.<any('json', 'csv', 'trace.json'):form>", "api.export", api.export_run)

    page("/api/labs/<slug>/challenges", "keys.challenges", keys.challenges)
    page("/api/keys", "keys.list", keys.list_keys)
    page("/api/keys/commands", "keys.commands", keys.commands)
    page("/api/keys/slow", "keys.slow", keys.slow)
    page("/api/keys/unlink", "keys.unlink", keys.unlink_keys, methods=["POST"])
    page("/api/keys/value", "keys.value", keys.read_value, methods=["POST"])
