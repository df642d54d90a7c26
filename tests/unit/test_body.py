"""The JSON object of a request: what is taken, and how the rest is refused."""

from __future__ import annotations

import io

import pytest
from flask import Flask, request

from dashboard.body import LARGEST_BODY, json_object
from dashboard.problems import Problem


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{" + b" " * LARGEST_BODY + b"}", "application/json", 413),
        (b'{"a": ', "application/json", 400),
        (b"[1, 2]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
    ],
    ids=["no JSON by its type", "too large", "cut off", "a list", "no UTF-8"],
)
def test_what_is_no_json_object_is_refused(data: bytes, kind: str, status: int) -> None:
    with Flask(__name__).test_request_context(method="POST", data=data, content_type=kind):
        with pytest.raises(Problem) as refused:
            json_object()
        assert refused.value.status == status


@pytest.mark.parametrize("length", [LARGEST_BODY, LARGEST_BODY + 1])
def test_a_body_in_chunks_says_no_length_and_has_the_same_bound(length: int) -> None:
    chunked = {"wsgi.input": io.BytesIO(b'{"a":1}'.ljust(length)), "wsgi.input_terminated": True}
    with Flask(__name__).test_request_context(
        method="POST", content_type="application/json", environ_overrides=chunked
    ):
        assert request.content_length is None
        if length <= LARGEST_BODY:
            assert json_object() == {"a": 1}
            return
        with pytest.raises(Problem) as refused:
            json_object()
        assert refused.value.status == 413


def test_an_object_is_taken_up_to_the_bound() -> None:
    data = b'{"a":1}'.ljust(LARGEST_BODY)
    with Flask(__name__).test_request_context(method="POST", data=data, content_type="application/json"):
        assert json_object() == {"a": 1}
