"""The one page of the blog, and the styles that it shares with the dashboard."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, render_template, request, send_from_directory

SHARED = Path(__file__).resolve().parents[2] / "static" / "css"
SHARED_NAMES = ("tokens", "base", "buttons")


def page() -> str:
    """GET /: everything else is done by the page's script, through the API."""
    return render_template("blog.html", google=current_app.config["BLOG"].google, refused="refused" in request.args)


def shared_style(name: str) -> Response:
    """GET /shared/<name>.css: a stylesheet of the dashboard, so that both look alike."""
    if name not in SHARED_NAMES:
        abort(404)
    return send_from_directory(SHARED, f"{name}.css")
