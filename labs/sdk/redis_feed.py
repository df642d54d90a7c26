"""What a program's Redis client does, told in few events of bounded size: commands, counts by key, steps of keys.

A call notes a few references and returns; a thread turns them into text, at most ten events a second. A busy program
does more than can be read: what is left out is counted.

    {"e": "redis", "t": …, "commands": [[t, micros, bytes, "HGET lab:qc:ada …"], …], "left": 0, "lost": 0,
     "keys": [["lab:qc:ada", "ada"]], "counts": [[0, "find …", {"hit": 3}], …], "steps": [[t, 0, "miss", "1dbea3"], …]}

`keys` are names and owners, to which counts and steps refer by place; a step ends with the end of its query's name.
Counts are what was added since the last event.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from labs.sdk.emitter import Emitter
from labs.sdk.shown import LONGEST_NAME, shown

EVERY_SECONDS = 0.1
MOST_COMMANDS = 32
"""That wait for their event; more are counted."""
MOST_WAITING = 2000
"""Steps, and places that are counted, that may wait for their event."""
LONGEST_COMMAND = 160
LONGEST_FIELD = 400
LAST_OF_FIELD = 22
"""A query's name ends with what tells it from all others, so its end is kept when it is cut."""
TAG_OF_FIELD = 6
"""Of that end, what a step repeats."""

Word = bytes | str | int | float
Place = tuple[Word, str, Word]
"""A key, its owner, and the field in it."""
Step = tuple[float, Place, str]


@dataclass(frozen=True)
class Limits:
    """How much one event tells, and how many events there may be each time."""

    commands: int
    keys: int
    counts: int
    steps: int
    events: int


ALONE = Limits(commands=MOST_COMMANDS, keys=8, counts=8, steps=60, events=1)
"""An event stays under the longest line, whatever the names are."""
SHARED = Limits(commands=6, keys=2, counts=2, steps=20, events=6)
"""Where several processes share one stdout: a line of plain names fits one write to a pipe."""


class RedisFeed:
    """Tells what a client did. `close()` tells the rest and ends the thread."""

    def __init__(self, emit: Emitter, limits: Limits = ALONE) -> None:
        self._emit, self._limits = emit, limits
        self._lock = threading.Lock()
        self._commands: deque[tuple[float, float, int, tuple[Word, ...]]] = deque()
        self._left = 0
        self._counts: OrderedDict[Place, Counter[str]] = OrderedDict()
        self._steps: deque[Step] = deque()
        self._lost = 0
        self._over = threading.Event()
        self._teller = threading.Thread(target=self._tell, name="redis feed", daemon=True)
        self._teller.start()

    def command(self, words: Sequence[Word], seconds: float, size: int) -> None:
        """A command was answered just now, after `seconds`, with `size` bytes."""
        t = self._emit.now()
        with self._lock:
            if len(self._commands) < MOST_COMMANDS:
                self._commands.append((t, seconds, size, tuple(words)))
            else:
                self._left += 1

    def count(self, key: Word, owner: str, what: str, field: Word = b"") -> None:
        """One more hit, miss, fill … of a key, or of a field in it."""
        place = (key, owner, field)
        with self._lock:
            if place in self._counts or len(self._counts) < MOST_WAITING:
                self._counts.setdefault(place, Counter())[what] += 1
            else:
                self._lost += 1

    def step(self, key: Word, owner: str, what: str, field: Word = b"") -> None:
        """Something in the life of a key that others follow from: "clear", "miss", "fill", "stale-refused"."""
        t = self._emit.now()
        with self._lock:
            if len(self._steps) < MOST_WAITING:
                self._steps.append((t, (key, owner, field), what))
            else:
                self._lost += 1

    def close(self) -> None:
        """Tell what is left."""
        self._over.set()
        self._teller.join()

    def _tell(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            for _ in range(self._limits.events):
                if not self._flush():
                    break
        while self._flush():
            pass

    def _flush(self) -> bool:
        """One event; whether there was anything to tell."""
        keys: dict[tuple[Word, str], int] = {}
        with self._lock:
            commands = [self._commands.popleft() for _ in range(min(self._limits.commands, len(self._commands)))]
            left, self._left = self._left, 0
            lost, self._lost = self._lost, 0
            steps = self._next_steps(keys)
            counts = self._next_counts(keys)
        if not (commands or left or steps or counts or lost):
            return False
        self._emit.emit(
            "redis",
            commands=[[t, round(seconds * 1e6), size, readable(words)] for t, seconds, size, words in commands],
            left=left,
            keys=[[name(key), shown(owner.encode(), LONGEST_COMMAND)] for key, owner in keys],
            counts=[[keys[key, owner], cut_field(field), dict(sums)] for (key, owner, field), sums in counts],
            steps=[
                [t, keys[key, owner], what, _bytes(field)[-TAG_OF_FIELD:].decode("ascii", "replace")]
                for t, (key, owner, field), what in steps
            ],
            lost=lost,
        )
        return True

    def _next_steps(self, keys: dict[tuple[Word, str], int]) -> list[Step]:
        taken: list[Step] = []
        while self._steps and len(taken) < self._limits.steps:
            if not self._room(keys, *self._steps[0][1][:2]):
                break
            taken.append(self._steps.popleft())
        return taken

    def _next_counts(self, keys: dict[tuple[Word, str], int]) -> list[tuple[Place, Counter[str]]]:
        first = islice(self._counts, self._limits.counts)
        places = [place for place in first if self._room(keys, place[0], place[1])]
        return [(place, self._counts.pop(place)) for place in places]

    def _room(self, keys: dict[tuple[Word, str], int], key: Word, owner: str) -> bool:
        """Whether this event can name the key; it then has its place."""
        if (key, owner) not in keys and len(keys) >= self._limits.keys:
            return False
        keys.setdefault((key, owner), len(keys))
        return True


def readable(words: Sequence[Word]) -> str:
    """A command as a line, cut where it gets long; what cannot be seen is escaped."""
    return shown(b" ".join(_bytes(word)[:LONGEST_NAME] for word in words[:20]), LONGEST_COMMAND)


def name(key: Word) -> str:
    """A key's name, as the key browser shows it."""
    return shown(_bytes(key), LONGEST_NAME)


def cut_field(field: Word) -> str:
    """The name of a query; of a long one its head and its end."""
    text = shown(_bytes(field))
    return text if len(text) <= LONGEST_FIELD else f"{text[:LONGEST_FIELD]}… {text[-LAST_OF_FIELD:].lstrip()}"


def size_of(reply: Any) -> int:
    """Bytes of a reply: those of its strings, not what the protocol puts around them."""
    if isinstance(reply, (bytes, str)):
        return len(reply)
    if isinstance(reply, dict):
        return sum(size_of(key) + size_of(value) for key, value in reply.items())
    if isinstance(reply, (list, tuple, set)):
        return sum(map(size_of, reply))
    return 0


def _bytes(word: Word) -> bytes:
    return word if isinstance(word, bytes) else str(word).encode("utf-8", "surrogateescape")
