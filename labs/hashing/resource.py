"""Which resource was full, read from who waited and from the CPU seconds that the hashes used."""

from __future__ import annotations

from labs.hashing.burst import Burst
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, cite, count
from labs.sdk.recording import Recording

FULL = 0.85
"""CPUs count as full when hashes used this share of them while there was enough to do."""


def full(recording: Recording, bursts: list[Burst]) -> Event:
    """The answer for bursts of one pool size; "cannot-tell" where the repeats disagree."""
    burst = bursts[0]
    pool_full = all(b.late() and b.width == b.pool for b in bursts)
    used = Measured.of(u for u in (b.cpus_used(recording.cpus) for b in bursts) if u is not None)
    cites = cite(burst.part, *(s.id for s in (burst.late() or burst.spans)[:3]))
    if used is None or (used.low < FULL <= used.high):
        text = "The CPU time of the hashes is missing or differs too much between the repeats."
        return answer("full", "cannot-tell", text, cites)
    cpus_full = used.low >= FULL
    value = {(True, True): "both", (True, False): "cpus", (False, True): "pool"}.get((cpus_full, pool_full), "neither")
    wait = "hashes waited for a thread" if pool_full else "no hash waited for a thread"
    text = f"While there was enough to do, hashes used {used.median:.0%} of {count(recording.cpus, 'CPU')}, and {wait}."
    return answer("full", value, text, cites)
