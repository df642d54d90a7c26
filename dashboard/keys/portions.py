"""A list in portions: so that no single command holds the server for a millisecond, many small ones are sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def portions(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`items` in order, at most `size` at a time."""
    for first in range(0, len(items), size):
        yield items[first : first + size]
