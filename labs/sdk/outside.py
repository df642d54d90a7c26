"""Spans of work that no thread of this program does: the operating system waits, or somebody else works."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labs.sdk.emitter import Emitter


@contextmanager
def outside(emit: Emitter, id: str, name: str, kind: str, lane: str) -> Iterator[None]:
    """`with` block from asking to being answered. No CPU time: the loop runs other work in between."""
    frame = sys._getframe(2)
    at = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
    emit.emit("begin", id=id, lane=lane, name=name, kind=kind, at=at)
    yield
    emit.emit("end", id=id)
