"""The one page of the blog, and the styles that it shares with the dashboard."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, render_template, request, send_from_directory

STATIC = Path(__file__).resolve().parents[2] / "static"
SHARED = dict.fromkeys(("tokens.css", "base.css", "buttons.css"), STATIC / "css") | {"mark.svg": STATIC / "img"}
FONT = "inter-latin-wght-normal.woff2"
FONTS = STATIC.parent / "node_modules" / "@fontsource-variable" / "inter" / "files"


def page() -> str:
    """GET /: everything else is done by the page's script, through the API."""
    settings = current_app.config["BLOG"]
    direct = settings.storage is not None
    return render_template("blog.html", google=settings.google, direct=direct, refused="refused" in request.args)


def shared(name: str) -> Response:
    """GET /shared/<name>: a file of the dashboard's, so that both look alike."""
    if name not in SHARED:
        abort(404)
    return send_from_directory(SHARED[name], name)


def font() -> Response:
    """GET /vendor/inter/…: where the shared styles look for it. In the dashboard that is the dashboard's own answer."""
    return send_from_directory(FONTS, FONT, max_age=86_400)
