"""The JSON object that a request brings: read in one place, with one bound."""

from __future__ import annotations

from typing import Any

import orjson
from flask import request

from dashboard.problems import Problem

LARGEST_BODY = 64 * 1024


def json_object() -> dict[str, Any]:
    """The JSON object of the request. Raises `Problem` 400, 413, 415."""
    if request.mimetype != "application/json":
        raise Problem(415, "Send JSON, with Content-Type: application/json.")
    if (request.content_length or 0) > LARGEST_BODY:
        request.get_data(cache=False)  # a client that is still sending would not hear the answer
        raise _too_large()
    request.max_content_length = LARGEST_BODY + 1  # in chunks a body does not say how long it is, and is cut off here
    data = request.get_data(cache=False)
    if len(data) > LARGEST_BODY:
        raise _too_large()
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Problem(400, "The request is not JSON.") from None
    if not isinstance(body, dict):
        raise Problem(400, "The request is not a JSON object.")
    return body


def _too_large() -> Problem:
    return Problem(413, f"The request is larger than {LARGEST_BODY // 1024} kB.")
