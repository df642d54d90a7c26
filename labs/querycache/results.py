"""The results of an aggregation, as a command cursor gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Self


class CachedResults:
    """Stands for a command cursor that has been given everything in its first batch.

    `rest` is the real one where the result was too large to be kept, and is still being read.
    """

    cursor_id, address, session = 0, None, None

    def __init__(self, documents: Iterable[Any], rest: Any = None) -> None:
        self._documents: Iterator[Any] = iter(documents)
        self._rest = rest
        self._next: list[Any] = []

    @property
    def alive(self) -> bool:
        """Whether there is another one."""
        if not self._next:
            self._next.extend(islice(self._documents, 1))
        return bool(self._next)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        return self._next.pop() if self._next else next(self._documents)

    next = __next__

    def try_next(self) -> Any:
        """The next one; None where there is none."""
        return next(self, None)

    def batch_size(self, batch_size: int) -> Self:
        """As upstream. Raises TypeError, ValueError for what is no size; there are no further batches."""
        if not isinstance(batch_size, int):
            raise TypeError(f"batch_size must be an integer, not {type(batch_size)}")
        if batch_size < 0:
            raise ValueError("batch_size must be >= 0")
        return self

    def to_list(self, length: int | None = None) -> list[Any]:
        """The next `length` documents, or all that are left. Raises ValueError for a length below 1."""
        if length is not None and length < 1:
            raise ValueError("to_list() length must be greater than 0")
        return list(islice(self, length))

    def close(self) -> None:
        """Let go of the server. What has come already can still be read, as upstream."""
        if self._rest is not None:
            self._rest.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
