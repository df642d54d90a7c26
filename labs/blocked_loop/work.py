"""What `/` does: so many rounds of work that need nothing but a CPU, wherever it is done."""

from __future__ import annotations

import time
from hashlib import pbkdf2_hmac

from labs.sdk.together import SharedEmitter


def work(kind: str, rounds: int) -> None:
    """One round: count to ten thousand in Python, or a thousand iterations of a hash in one call of hashlib."""
    if kind == "hash":
        pbkdf2_hmac("sha512", b"a", b"b", 1000 * rounds, 64)
        return
    for _ in range(rounds):
        i = 0
        while i < 10_000:
            i += 1


def work_in_a_process(kind: str, rounds: int, zero: float) -> None:
    """The same in a process of its own, which reports by itself when it begins and ends."""
    emit = SharedEmitter()
    emit.zero_at(zero)
    emit.emit("begin", id="work process", name="work in a process", kind="cpu", lane="process 1")
    cpu = time.thread_time()
    work(kind, rounds)
    emit.emit("end", id="work process", cpu=time.thread_time() - cpu)
    emit.finish()


def timed(kind: str, rounds: int) -> float:
    """Seconds that the work takes now."""
    begun = time.perf_counter()
    work(kind, rounds)
    return time.perf_counter() - begun
