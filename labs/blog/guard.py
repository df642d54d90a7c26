"""What every answer and every change must keep to: our own origin, a strict policy, errors as data."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

SAFE = ("GET", "HEAD", "OPTIONS")
OWN_SITES = ("same-origin", "none")


def install(app: Flask, origins: Collection[str] = (), connects: str = "") -> None:
    """`origins`: at which browsers reach the app, besides its own; `connects`: a further one that pages may use."""

    @app.before_request
    def _same_origin() -> None:
        if request.method not in SAFE and not asked_by_own_page(origins):
            abort(403, description="Only a page of this blog may change something here.")

    @app.after_request
    def _headers(response: Response) -> Response:
        policy = {
            "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "font-src": "'self'",
            "img-src": f"'self' blob: {connects}".strip(), "connect-src": f"'self' {connects}".strip(),
            "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'self'",
        }  # fmt: skip
        words = "; ".join(f"{key} {value}" for key, value in policy.items())
        response.headers.setdefault("Content-Security-Policy", words)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.register_error_handler(HTTPException, _problem)


def asked_by_own_page(origins: Collection[str] = ()) -> bool:
    """Whether the request comes from a page of this app, or from a program: browsers say where a page is from."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin.rstrip("/") in origins or _host(origin) == request.host
    return request.headers.get("Sec-Fetch-Site", "none") in OWN_SITES


def _host(origin: str) -> str | None:
    """Host and port; None of what is no origin."""
    try:
        return urlsplit(origin).netloc
    except ValueError:  # "http://["
        return None


def _problem(error: HTTPException) -> Response:
    """RFC 9457 problem details, for pages and programs alike."""
    code = error.code or 500
    body = {"type": "about:blank", "title": HTTPStatus(code).phrase, "status": code, "detail": error.description}
    return Response(orjson.dumps(body), status=code, mimetype="application/problem+json")
