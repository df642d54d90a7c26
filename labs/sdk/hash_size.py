"""How many iterations make one hash of a wanted length on this machine."""

from __future__ import annotations

import math
import time
from hashlib import pbkdf2_hmac

TRIAL = 4000


def iterations_for(seconds: float) -> int:
    """Iterations of pbkdf2 (SHA-512, 512 bytes) that take about so long alone.

    The fastest of five short trials: a busy neighbour can only make a trial slower.
    """
    best = math.inf
    for _ in range(5):
        begun = time.perf_counter()
        pbkdf2_hmac("sha512", b"a", b"b", TRIAL, 512)
        best = min(best, time.perf_counter() - begun)
    return max(1000, round(TRIAL * seconds / best / 1000) * 1000)
