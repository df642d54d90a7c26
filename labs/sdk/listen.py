"""How a Python program hears what the learner does to it: one JSON object a line on its stdin (listen.mjs for Node)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True)
class Act:
    """Something to do. Give `n` back in the `mark` that says it is done: `emit.emit("mark", text=…, n=act.n)`."""

    n: int
    action: str
    params: dict[str, Any] = field(default_factory=dict)


def listen(do: Callable[[Act], None], fd: int = 0) -> threading.Thread:
    """Call `do` for each act, in order, on a thread of its own, until stdin is closed.

    That nobody can act any more does not end the program. What was sent has been checked already.
    """
    thread = threading.Thread(target=_listen, args=(do, fd), name="acts", daemon=True)
    thread.start()
    return thread


def _listen(do: Callable[[Act], None], fd: int) -> None:
    rest = b""
    while chunk := os.read(fd, 4096):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            do(Act(**orjson.loads(line)))
