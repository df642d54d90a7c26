"""How large one hash is: as in the course, or as long as wanted on this machine."""

from __future__ import annotations

from hashlib import pbkdf2_hmac
from typing import Any

from labs.sdk.calibrate import rounds_for
from labs.sdk.params import choice

COURSE_ITERATIONS = 100_000
"""The course's call, `pbkdf2('a', 'b', 100000, 512, 'sha512')`."""

QUICK_SECONDS = 0.25


def size_choice() -> Any:
    """The parameter `preset` of a lab whose work is hashes."""
    return choice(
        "quick", {"quick": "Quick", "course": "As in the course"}, "Size of one hash",
        "Quick: about a quarter of a second on this machine. "
        "Course: 100,000 iterations, whatever that takes here.", advanced=True,
    )  # fmt: skip


def iterations_of(preset: str) -> int:
    """How many iterations one hash has, by the parameter `preset`."""
    return COURSE_ITERATIONS if preset == "course" else iterations_for(QUICK_SECONDS)


def seconds_of(preset: str) -> float:
    """How long one hash takes, roughly: for the time left, never for a result."""
    return 3 * QUICK_SECONDS if preset == "course" else QUICK_SECONDS


def iterations_for(seconds: float) -> int:
    """Iterations of pbkdf2 (SHA-512, 512 bytes) that take about so long alone, in whole thousands."""
    return max(1000, round(rounds_for(seconds, _hash), -3))


def _hash(iterations: int) -> bytes:
    return pbkdf2_hmac("sha512", b"a", b"b", iterations, 512)
