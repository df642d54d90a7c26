"""The same acts at the same points of every run: for the terminal, for comparisons, and when nobody presses."""

from __future__ import annotations

from typing import Any

TOUR: tuple[tuple[float, str, dict[str, Any]], ...] = (
    (0.10, "kill", {"worker": 0}),
    (0.20, "restart", {"worker": 0}),
    (0.32, "reload", {}),
    (0.44, "up", {}),
    (0.50, "down", {}),
    (0.55, "leak", {"worker": 0}),
    (0.68, "crash", {"times": 2}),
)
"""When (share of the run), what, and to whom; worker 0 is the first that serves."""
