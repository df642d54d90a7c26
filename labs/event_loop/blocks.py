"""Small programs made of blocks, and their notation: `file,.timer-0,.immediate` is a file with two in its callback.

A dot puts a block into the callback of the nearest block before it that has none. Blocks are lettered in this order:
the third one is C on the page, in the events and in the prediction.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

MOST_BLOCKS = 12
MOST_DELAY = 200
"""Milliseconds of a timer."""

_WORD = re.compile(r"(?P<inside>\.?)(?P<kind>[a-z]+)(?:-(?P<delay>[0-9]{1,4}))?", re.ASCII)

NAMES = {"gevent": "gevent", "asyncio": "asyncio", "node": "Node.js"}
EVERYWHERE = tuple(NAMES)


@dataclass(frozen=True)
class Kind:
    """A kind of block. `work`: the kind of work in the event vocabulary; `waits`: where it is pending meanwhile."""

    label: str
    help: str
    work: str
    waits: str
    runtimes: tuple[str, ...] = EVERYWHERE
    delay: bool = False
    calls: bool = True
    """Will its callback ever be called?"""


KINDS = {
    "sync": Kind("a line of code", "Runs at once, where it stands. No callback.", "other", "ready"),
    "timer": Kind("timer", "setTimeout · call_later · loop.timer", "timer", "timers", delay=True),
    "immediate": Kind("immediate", "setImmediate · call_soon · run_callback", "other", "ready"),
    "tick": Kind("next tick", "process.nextTick, on Node.js only", "other", "ready", runtimes=("node",)),
    "promise": Kind("promise", "One that is already kept: then · a done future · a set AsyncResult", "other", "ready"),
    "hash": Kind("hash", "Some milliseconds of work for a thread of the pool", "cpu", "pool"),
    "file": Kind("file", "Ask for a file's size: a short task for the pool", "fs", "pool"),
    "request": Kind("request", "A real one over a local socket; the system waits for the answer", "net", "os"),
    "server": Kind("server", "Listens, and nobody comes. No callback.", "net", "os", calls=False),
    "close": Kind("close", "A socket is closed; its close handler", "net", "ready", runtimes=("asyncio", "node")),
}


class BlocksError(ValueError):
    """A program cannot be read; the message says which block, and what to do."""


@dataclass(frozen=True)
class Block:
    """One block. `inside` is the letter of the block whose callback holds it."""

    letter: str
    kind: str
    delay: int | None = None
    inside: str | None = None

    @property
    def name(self) -> str:
        label = KINDS[self.kind].label
        return f"{self.letter} {label}" + (f" {self.delay} ms" if self.delay is not None else "")

    @property
    def calls(self) -> bool:
        return KINDS[self.kind].calls

    def settings(self) -> dict[str, Any]:
        """As the programs get it."""
        kind = KINDS[self.kind]
        return {
            "id": self.letter, "do": self.kind, "delay": self.delay or 0, "inside": self.inside,
            "name": self.name, "work": kind.work, "waits": kind.waits,
        }  # fmt: skip


def read(text: str, runtimes: Collection[str] = ()) -> list[Block]:
    """The blocks of a program. Raises `BlocksError`; a block that one of `runtimes` lacks is an error too."""
    words = [word.strip() for word in text.split(",")]
    if not text.strip():
        raise BlocksError("is empty; add a block")
    if len(words) > MOST_BLOCKS:
        raise BlocksError(f"has {len(words)} blocks; at most {MOST_BLOCKS} are possible")
    blocks: list[Block] = []
    for index, word in enumerate(words):
        blocks.append(_block(word, chr(ord("A") + index), blocks, runtimes))
    if not any(block.calls for block in blocks):
        raise BlocksError("has nothing that is ever called; add a timer or an immediate")
    return blocks


def _block(word: str, letter: str, before: list[Block], runtimes: Collection[str]) -> Block:
    found = _WORD.fullmatch(word)
    kind = KINDS.get(found["kind"]) if found else None
    shown = word if len(word) <= 20 else word[:19] + "…"
    if found is None or kind is None:
        raise BlocksError(f"has “{shown}”, which is no block; there are {', '.join(KINDS)}")
    delay = int(found["delay"]) if found["delay"] else None
    if kind.delay and (delay is None or delay > MOST_DELAY):
        raise BlocksError(f"has “{shown}”: a timer needs its milliseconds, 0 to {MOST_DELAY}, such as timer-10")
    if not kind.delay and delay is not None:
        raise BlocksError(f"has “{shown}”: only a timer takes a number")
    if lacking := [runtime for runtime in runtimes if runtime not in kind.runtimes]:
        there = " and ".join(NAMES[one] for one in kind.runtimes)
        raise BlocksError(f"has “{kind.label}”, which {NAMES[lacking[0]]} does not have; run it on {there} only")
    return Block(letter, found["kind"], delay, _holder(before, shown) if found["inside"] else None)


def _holder(before: list[Block], shown: str) -> str:
    outer = next((block for block in reversed(before) if block.inside is None), None)
    if outer is None:
        raise BlocksError(f"begins with “{shown}”; the first block cannot be inside another")
    if outer.kind == "sync" or not outer.calls:
        raise BlocksError(f"has “{shown}” inside “{outer.name}”, which has no callback; move it")
    return outer.letter
