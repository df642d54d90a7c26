"""What this Python says about its global interpreter lock."""

from __future__ import annotations

import sys
from typing import Any


def gil_enabled() -> bool:
    """False only on a free-threaded build that runs without the lock."""
    enabled = getattr(sys, "_is_gil_enabled", None)
    return True if enabled is None else bool(enabled())


def gil_facts() -> dict[str, Any]:
    """For the `host` event: is there a GIL, and after how many seconds may a waiting thread demand it?"""
    return {"gil": gil_enabled(), "switch": sys.getswitchinterval()}
