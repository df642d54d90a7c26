"""Tags of processes that these tests start. A tag is known to the whole machine: two sessions must not share one."""

from __future__ import annotations

import os


def own_tag(name: str) -> str:
    """`name`, for this session alone."""
    return f"{name}-{os.getpid()}"
