"""How many iterations make one hash of a wanted length on this machine."""

from __future__ import annotations

from hashlib import pbkdf2_hmac

from labs.sdk.calibrate import rounds_for


def iterations_for(seconds: float) -> int:
    """Iterations of pbkdf2 (SHA-512, 512 bytes) that take about so long alone, in whole thousands."""
    return max(1000, round(rounds_for(seconds, _hash), -3))


def _hash(iterations: int) -> bytes:
    return pbkdf2_hmac("sha512", b"a", b"b", iterations, 512)
