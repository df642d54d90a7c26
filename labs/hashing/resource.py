"""Which resource was full, read from who waited and from the CPU seconds that the hashes used."""

from __future__ import annotations

from labs.hashing.burst import Burst
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, cite, count, rivals
from labs.sdk.recording import Recording

FULL = 0.85
"""CPUs count as full when hashes used this share of them, or when a running hash had a CPU for less than this share
of its time: a hash needs nothing but a CPU, so what it lacked was a CPU, whoever had it."""


def cpus_full(burst: Burst, cpus: int) -> bool | None:
    """Whether the CPUs were full while this burst had enough to do; None without CPU times."""
    used, share = burst.cpus_used(cpus), burst.cpu_share
    if used is None or share is None:
        return None
    return used >= FULL or share < FULL


def full(recording: Recording, bursts: list[Burst]) -> Event:
    """The answer for bursts of one pool size; "cannot-tell" where the repeats disagree."""
    cpus = recording.cpus
    cites = cite(bursts[0].part, *(s.id for s in (bursts[0].late() or bursts[0].spans)[:3]))
    verdicts = {(cpus_full(b, cpus), bool(b.late()) and b.width == b.pool) for b in bursts}
    if len(verdicts) > 1 or (None in {cpu for cpu, _ in verdicts}):
        text = "The CPU times of the hashes are missing, or the repeats disagree."
        return answer("full", "cannot-tell", text, cites)
    (cpu, pool) = verdicts.pop()
    value = {(True, True): "both", (True, False): "cpus", (False, True): "pool"}.get((bool(cpu), pool), "neither")
    wait = "hashes waited for a thread" if pool else "no hash waited for a thread"
    return answer("full", value, f"{cpu_words(recording, bursts)} And {wait}.", cites)


def cpu_words(recording: Recording, bursts: list[Burst]) -> str:
    """How much of the CPUs the hashes had, and who had the rest."""
    cpus = recording.cpus
    used = Measured.of(u for b in bursts if (u := b.cpus_used(cpus)) is not None)
    share = Measured.of(b.cpu_share for b in bursts if b.cpu_share is not None)
    if used is None or share is None:
        return ""
    had = f"A running hash had a CPU for {share.median:.0%} of its time"
    if share.median >= FULL:
        return f"{had}."
    if used.median >= FULL:
        return f"{had}, because the hashes together used {used.median:.0%} of {count(cpus, 'CPU')}."
    used_words = f"though hashes used only {used.median:.0%} of {count(cpus, 'CPU')}"
    return f"{had}, {used_words}. What took the rest: {rivals(recording)}."
