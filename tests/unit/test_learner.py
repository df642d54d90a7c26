"""Which pages may talk to the app: its own, and those of the origins that were named."""

from __future__ import annotations

import pytest

from dashboard.learner import allowed
from dashboard.settings import Settings


@pytest.mark.parametrize(
    ("listens", "origin", "host", "may"),
    [
        ("127.0.0.1", "http://127.0.0.1:5000", "127.0.0.1:5000", True),
        ("127.0.0.1", "http://localhost:5000", "localhost:5000", True),
        ("127.0.0.1", "http://course.localhost:5000", "course.localhost:5000", True),
        ("localhost", "http://[::1]:5000", "[::1]:5000", True),
        ("127.0.0.1", "http://127.0.0.1:5001", "127.0.0.1:5000", False),
        # a name that somebody else made lead to this machine
        ("127.0.0.1", "http://evil.example:5000", "evil.example:5000", False),
        ("::1", "http://localhost.evil.example:5000", "localhost.evil.example:5000", False),
        ("127.0.0.1", "https://course.example", "course.example", True),
        ("127.0.0.1", "https://course.example", "127.0.0.1:5000", True),
        ("0.0.0.0", "http://classroom.example:5000", "classroom.example:5000", True),
        ("0.0.0.0", "http://evil.example", "classroom.example:5000", False),
        ("127.0.0.1", "http://[", "127.0.0.1:5000", False),
        ("127.0.0.1", "null", "", False),
    ],
)
def test_only_our_own_pages_and_named_origins(listens: str, origin: str, host: str, may: bool) -> None:
    settings = Settings(host=listens, public_origins="https://course.example/")
    assert allowed(origin, host, settings) == may
