"""Sub-interpreters, where this Python has them: several Pythons in one process, each with a GIL of its own."""

from __future__ import annotations

import concurrent.futures
import platform
from concurrent.futures import Executor


def available() -> bool:
    """From Python 3.14 on, unless it was built without them."""
    try:
        return hasattr(concurrent.futures, "InterpreterPoolExecutor")
    except ImportError:
        return False


def why_not() -> str:
    """For whoever asks for what this Python does not have."""
    return f"a sub-interpreter needs Python 3.14 or newer; this is Python {platform.python_version()}"


def interpreter_pool() -> Executor:
    """A pool of one interpreter."""
    if not available():
        raise RuntimeError(why_not())
    pool: Executor = concurrent.futures.InterpreterPoolExecutor(1)  # type: ignore[attr-defined]
    return pool
