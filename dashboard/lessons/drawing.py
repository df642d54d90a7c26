"""
The small picture on a card of the catalogue: what kind of picture the lab will draw, in the colours of what it uses,
different for each lab and telling no result. Units: those of the picture, 360 × 118.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labs.sdk.lab import Lab

LEFT, WIDTH, TOP, STEP, THICK = 16, 328, 8, 28, 20
LANES = 4
USES = {"mongodb": "db", "redis": "cache"}


@dataclass(frozen=True)
class Box:
    """A rectangle; `look`: lane, or bar of a kind of work (cpu, net, db, cache)."""

    x: int
    y: int
    width: int
    look: str
    height: int = THICK


@dataclass(frozen=True)
class Path:
    """An SVG path; `look`: guess, axis, hatch."""

    d: str
    look: str


@dataclass(frozen=True)
class Dot:
    """A circle; `look`: guess, or a kind of work."""

    x: int
    y: int
    look: str
    radius: int = 5


Shape = Box | Path | Dot


def of(lab: Lab) -> list[Shape]:
    """Always the same picture for the same lab, from back to front."""
    kind = lab.charts[0].kind if lab.charts else "timeline"
    dice = Dice(lab.slug)
    return list(KINDS.get(kind, _timeline)(dice, _looks(lab)))


class Dice:
    """Throws that depend on a name alone."""

    def __init__(self, name: str) -> None:
        self._left = list(hashlib.sha512(name.encode()).digest())

    def throw(self, least: int, most: int) -> int:
        """From `least` up to and with `most`."""
        return least + self._left.pop() % (most - least + 1)


def _looks(lab: Lab) -> list[str]:
    """The kinds of work, the commonest first."""
    return [USES[one] for one in lab.needs if one in USES] or ["cpu", "net"]


def _lanes() -> Iterator[Shape]:
    for lane in range(LANES):
        yield Box(LEFT, TOP + STEP * lane, WIDTH, "lane")


def _hatched(box: Box) -> Iterator[Shape]:
    yield Box(box.x, box.y, box.width, f"{box.look} waits")
    lines = "".join(f"M{x} {box.y + 18}l12-16" for x in range(box.x + 6, box.x + box.width - 14, 10))
    yield Path(lines, f"{box.look} hatch")


def _timeline(dice: Dice, looks: list[str]) -> Iterator[Shape]:
    """Bars in lanes, one that waits, and where the guess stands."""
    yield from _lanes()
    for lane in range(LANES):
        look = looks[dice.throw(0, 3) % 2 % len(looks)] if lane else looks[0]
        first = Box(LEFT + dice.throw(0, 2) * 22, TOP + STEP * lane, dice.throw(56, 150), look)
        yield from _hatched(first) if lane == LANES - 1 else [first]
        second = dice.throw(30, 86)
        end = first.x + first.width
        if dice.throw(0, 1) and end + second + 20 < LEFT + WIDTH:
            yield Box(end + 3, first.y, second, look)
    guess = dice.throw(190, 300)
    yield Path(f"M{guess} 2v112", "guess")


def _curve(dice: Dice, looks: list[str]) -> Iterator[Shape]:
    """Axes, and a guessed curve with its handles."""
    yield Path("M40 6v98h300", "axis")
    for height in (30, 55, 80):
        yield Path(f"M40 {height}h300", "grid")
    at = range(70, 341, 64)
    heights = sorted((dice.throw(18, 92) for _ in at), reverse=bool(dice.throw(0, 1)))
    points = list(zip(at, heights, strict=True))
    yield Path("M" + "L".join(f"{x} {y}" for x, y in points), "guess")
    for x, y in points:
        yield Dot(x, y, "guess")
        yield Path(f"M{x} 104v5", f"{looks[0]} tick")


def _layers(dice: Dice, looks: list[str]) -> Iterator[Shape]:
    """One call in its layers, each reaching a little less far."""
    width = WIDTH
    for lane in range(LANES):
        yield Box(LEFT, TOP + STEP * lane, WIDTH, "lane")
        box = Box(LEFT + WIDTH - width, TOP + STEP * lane, width, looks[0])
        yield from [box] if lane % 2 else _hatched(box)
        width -= dice.throw(24, 84)
    yield Path(f"M{LEFT + dice.throw(90, 220)} 2v112", "guess")


def _turns(dice: Dice, looks: list[str]) -> Iterator[Shape]:
    """Turns of a loop side by side, each with the callbacks it ran."""
    for turn in range(5):
        x = LEFT + turn * 67
        yield Box(x, TOP, 60, "lane", height=104)
        for row in range(dice.throw(1, 4)):
            yield Box(x + 7, TOP + 8 + row * 24, 46, looks[dice.throw(0, 5) % len(looks)], height=16)
    yield Path(f"M{LEFT + 67 * dice.throw(2, 3) - 4} 2v112", "guess")


def _processes(dice: Dice, looks: list[str]) -> Iterator[Shape]:
    """A table of processes: a light, a name, what it uses; one has gone."""
    gone = dice.throw(1, 2)
    yield from _lanes()
    for lane in range(LANES):
        y = TOP + STEP * lane
        yield Dot(LEFT + 16, y + 10, "guess" if lane == gone else looks[0])
        yield Box(LEFT + 34, y + 6, 62, "word", height=8)
        bar = Box(LEFT + 124, y, dice.throw(60, 180), looks[0])
        yield from _hatched(bar) if lane == gone else [bar]


KINDS: dict[str, Callable[[Dice, list[str]], Iterator[Shape]]] = {
    "timeline": _timeline, "curve": _curve, "layers": _layers, "turns": _turns, "processes": _processes,
}  # fmt: skip
