"""What came back, as the language itself writes it, and short."""

from __future__ import annotations

LONGEST = 120


def said(back: object) -> str:
    """`repr`; what is cut ends in "…"."""
    text = repr(back)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
