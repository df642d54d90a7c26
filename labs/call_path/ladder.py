"""One hash, asked for at each layer with more and more iterations. What the two Python programs have in common."""

from __future__ import annotations

import hashlib
import platform
import sys
import threading
import time
from collections.abc import Callable, Sequence
from statistics import median
from types import FrameType
from typing import Any

from labs.call_path.native import BYTES, SYMBOL, Hash, Native, find, keep_gil
from labs.sdk.emitter import Emitter

BEAT = 0.004
BUDGET = 0.06
MOST_TURNS, FEWEST_TURNS = 120, 3
"""A size is measured for so many seconds, within these bounds, at every layer in turn."""

DEEPEST = 16

Layer = dict[str, Any]
native = find()


def one_hash(n: int) -> bytes:
    """The hash that every layer is asked for, with n iterations."""
    return hashlib.pbkdf2_hmac("sha512", b"a", b"b", n, BYTES)


def timed(call: Callable[[int], object], n: int) -> float:
    """Seconds of one call."""
    begun = time.perf_counter()
    call(n)
    return time.perf_counter() - begun


def turns(entries: int, n: int) -> int:
    """How often so many ways in are gone through; the quickest of three calls tells, for others may disturb one."""
    seconds = min(timed(one_hash, n) for _ in range(3))
    return min(MOST_TURNS, max(FEWEST_TURNS, int(BUDGET / (entries * seconds))))


def in_turn(entries: Sequence[str], turn: int) -> list[str]:
    """Another one first each time: what came just before leaves its traces."""
    first = turn % len(entries)
    return [*entries[first:], *entries[:first]]


def tell(emit: Emitter, n: int, took: dict[str, list[float]]) -> None:
    """The median of each layer's calls."""
    for entry, seconds in took.items():
        emit.sample("call", median(seconds), entry=entry, n=n, of=len(seconds))


def direct_entries() -> dict[str, Hash]:
    """The ways in that need no other thread: the standard library, and what lies below its binding."""
    below = {"openssl": native.releasing, "ctypes": native.hollow} if native else {}
    return {"direct": one_hash, **below}


def keeper(seconds: float) -> tuple[str, Hash]:
    """A function that takes about so long and keeps the GIL: the same OpenSSL function, where it can be had."""
    if native:
        return f"ctypes.PyDLL(…).{SYMBOL}", native.keeping
    return "sum(range(…))", keep_gil(seconds)


class OtherThread:
    """A thread that only wants to be called again and again; late is how long the GIL, or a CPU, was not to be had."""

    def __init__(self, emit: Emitter) -> None:
        self._emit = emit
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="another thread", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        due = time.perf_counter() + BEAT
        while not self._stop.is_set():
            time.sleep(max(0.0, due - time.perf_counter()))
            now = time.perf_counter()
            self._emit.sample("another thread", max(0.0, now - due))
            due = now + BEAT


def stacks() -> dict[str, list[str]]:
    """What every thread is doing now: "function (file:line)", outermost first. C functions have no frame here."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return {names.get(ident, f"thread {ident}"): _frames(frame) for ident, frame in sys._current_frames().items()}


def library_layers() -> list[Layer]:
    """The layers from the standard library down, as this process has them."""
    binding = sys.modules.get("_hashlib")
    function = hashlib.pbkdf2_hmac
    same = binding is not None and getattr(binding, "pbkdf2_hmac", None) is function
    return [
        {"id": "hashlib", "function": "hashlib.pbkdf2_hmac", "file": hashlib.__file__, "version": python(),
         "own": {"same": True} if same else None, "act": "direct",
         "note": "hashlib hands out the binding's own function: the two names are one object, so there is nothing to "
                 "pass through." if same else "Here hashlib has a function of its own."},
        {"id": "binding", "function": f"{function.__module__}.{function.__name__}",
         "file": getattr(binding, "__file__", None) or built_in(), "version": python(),
         "own": {"of": "direct", "less": "openssl", "bridge": 1} if native else {"of": "direct"}, "act": "direct",
         "note": "C code of Python. It looks at the arguments, lets the GIL go, and calls OpenSSL."
                 + ("" if native else " OpenSSL's set-up is in this share: it cannot be called by itself here.")},
        *_openssl(native),
    ]  # fmt: skip


def python() -> str:
    """As text: "Python 3.14.1"."""
    return f"Python {platform.python_version()}"


def built_in() -> str:
    """Where code is that has no file of its own."""
    return f"{sys.executable} (built in)"


def _openssl(native: Native | None) -> list[Layer]:
    file, version = (native.file, native.version) if native else (None, None)
    setting_up = {"of": "openssl", "bridge": -1} if native else None
    return [
        {"id": "openssl", "function": SYMBOL, "file": file, "version": version, "own": setting_up, "act": "kept",
         "note": "Finds SHA-512 and prepares the key. Called through ctypes, without the binding; a call that does "
                 "nothing told what ctypes costs, and that is taken off. OpenSSL knows nothing of any GIL: called by "
                 "somebody who keeps it, it runs with the GIL kept." if native else
                 "This Python does not show the function to other programs, so it could not be called by itself."},
        {"id": "loop", "function": "HMAC-SHA512 × n", "file": file, "version": version,
         "own": {"slope": True}, "act": "kept" if native else None,
         "note": "The only layer that grows with the iterations: its share is the slope of the fit."},
    ]  # fmt: skip


def _frames(frame: FrameType | None) -> list[str]:
    found: list[str] = []
    while frame is not None and len(found) < DEEPEST:
        found.append(f"{frame.f_code.co_qualname} ({frame.f_code.co_filename}:{frame.f_lineno})")
        frame = frame.f_back
    return found[::-1]
