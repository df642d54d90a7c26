"""Errors of the API as RFC 9457 problem details; errors of pages as pages."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import orjson
from flask import Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from redis.exceptions import OutOfMemoryError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

JSON_TYPE = "application/problem+json"
FULL = (
    "Redis is full, so nothing new can be stored. On the page “Keys”, Flush deletes the learners' keys. Then try again."
)


class Problem(Exception):
    """Something the client can be told: status, what was wrong, and for which field."""

    def __init__(self, status: int, detail: str, errors: list[tuple[str, str]] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []


def install(app: Flask, page: Callable[[HTTPException], ResponseReturnValue]) -> None:
    """Answer errors under /api/ with problem details, others with `page(error)`."""

    def http(error: HTTPException) -> Response:
        if request.path.startswith("/api/"):
            return document(error.code or 500, error.description or error.name)
        return make_response(page(error))

    def unforeseen(error: Exception) -> Response:
        current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
        return http(InternalServerError("Something went wrong on the server; its log says more."))

    def full(error: OutOfMemoryError) -> Response:
        current_app.logger.warning("%s %s: %s", request.method, request.path, error)
        return http(ServiceUnavailable(FULL))

    app.register_error_handler(OutOfMemoryError, full)
    app.register_error_handler(Problem, lambda p: document(p.status, p.detail, p.errors))
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unforeseen)


def document(status: int, detail: str, errors: list[tuple[str, str]] | None = None) -> Response:
    """The problem details as a response."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": [{"field": field, "message": message} for field, message in errors or []],
    }
    return Response(orjson.dumps(body), status=status, mimetype=JSON_TYPE)
