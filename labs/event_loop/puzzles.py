"""Ready-made programs, from easy to surprising."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Puzzle:
    """A name for the chips of the form, and the program in the notation of `blocks`."""

    label: str
    program: str


PUZZLES = {
    "timers": Puzzle("1 Three timers", "timer-30,sync,timer-10,timer-20,sync"),
    "soon": Puzzle("2 Soon, sooner", "timer-0,immediate,promise,sync"),
    "waiting": Puzzle("3 Who wakes it?", "timer-60,request,hash"),
    "pool": Puzzle("4 Five and a file", "hash,hash,hash,hash,hash,file"),
    "race": Puzzle("5 Zero or now", "timer-0,immediate"),
    "inside": Puzzle("6 The same, inside", "file,.timer-0,.immediate"),
    "queues": Puzzle("7 Four queues (Node)", "timer-0,immediate,promise,tick,sync"),
    "nested": Puzzle("8 Queues in a timer (Node)", "timer-0,.promise,.tick,timer-0,.immediate,.timer-0"),
    "close": Puzzle("9 The close handler", "file,.close,.immediate,.timer-0"),
    "forever": Puzzle("10 It does not end", "timer-20,server"),
}
OWN = "own"
