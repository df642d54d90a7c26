"""What one pass of a program notes down, in memory: written only when the pass is over, so that reporting adds no turn.

A quiet pass notes the order of the callbacks and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from labs.sdk.emitter import Emitter

Block = dict[str, Any]

PATIENCE = 0.25
"""Seconds that a loop with nothing left to call may go on waiting before this lab ends it."""

PLACES = ("timers", "os", "pool", "ready")


class Diary:
    """The notes of one pass. Times are readings of `perf_counter`."""

    def __init__(self, blocks: Sequence[Block], told: bool) -> None:
        self.order: list[str] = []
        self.told = told
        self.phase = "main"
        self._inside: dict[str | None, list[Block]] = {}
        for block in blocks:
            self._inside.setdefault(block["inside"], []).append(block)
        self._left: int = sum(block["do"] != "server" for block in blocks)
        self._pending: dict[str, str] = {}
        self._events: list[tuple[float, str, dict[str, Any]]] = []
        self._turns: list[dict[str, Any]] = []
        self._noting = 0.0

    @property
    def done(self) -> bool:
        """Has every callback that can come been called?"""
        return self._left == 0

    def inside(self, letter: str | None) -> list[Block]:
        """The blocks in the callback of one, or of the program itself."""
        return self._inside.get(letter, [])

    def asked(self, block: Block) -> None:
        """From now on the block is pending; `at` is the line of the caller."""
        if not self.told:
            return
        now = perf_counter()
        frame = sys._getframe(1)
        at = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        fields = {"id": block["id"], "name": block["name"], "kind": block["work"], "lane": "waiting", "at": at}
        self._events.append((now, "queued", fields))
        self._pending[block["id"]] = block["waits"]
        self._noting += perf_counter() - now

    @contextmanager
    def calling(self, block: Block) -> Iterator[None]:
        """Around the callback of a block."""
        self.order.append(block["id"])
        self._left -= 1
        if not self.told:
            yield
            return
        begun = perf_counter()
        self._pending.pop(block["id"], None)
        fields = {"id": block["id"], "name": block["name"], "kind": block["work"], "lane": self.phase}
        fields["turn"] = self._turns[-1]["n"] if self._turns else 0
        self._events.append((begun, "begin", fields))
        self._noting += perf_counter() - begun
        yield
        self._events.append((perf_counter(), "end", {"id": block["id"]}))

    def turn(self, **facts: Any) -> None:
        """A turn begins, with what is pending before it."""
        if not self.told:
            return
        now = perf_counter()
        pending = {place: [id for id, where in self._pending.items() if where == place] for place in PLACES}
        turn = {"n": len(self._turns), **pending, **facts}
        self._turns.append(turn)
        self._events.append((now, "turn", turn))
        self._noting += perf_counter() - now

    def fact(self, **facts: Any) -> None:
        """More about the turn that goes on."""
        if self.told:
            self._turns[-1].update(facts)

    def write(self, emit: Emitter, zero: float) -> None:
        """Report the pass; t counts from `zero`."""
        for at, kind, fields in self._events:
            emit.emit(kind, at - zero, **fields)
        emit.sample("instrument", self._noting, "s", when="after", events=len(self._events))


def tally(emit: Emitter, orders: Sequence[Sequence[str]]) -> None:
    """How often each order came up in the quiet passes."""
    counted: dict[tuple[str, ...], int] = {}
    for order in orders:
        counted[tuple(order)] = counted.get(tuple(order), 0) + 1
    for seen, times in counted.items():
        emit.sample("order", times, "runs", when="after", order=list(seen))
