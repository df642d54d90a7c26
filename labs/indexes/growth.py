"""How look-ups grow with the number of documents, as far as a run tells: for each way a verdict, and what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from labs.indexes.power import LEAST_SIZES, power
from labs.indexes.resample import Interval, Middle, interval
from labs.sdk.judge import ENOUGH_REPEATS

HARDLY = 0.3
"""Ten times as many documents, less than twice the time."""

LITTLE = 0.2
"""Of what the scan's time grew by: less is no scan."""

HIDDEN = 0.5
"""The share of the way to the server from which on it may hide what the server does."""

Kind = Literal["hardly", "proportion", "slower", "faster", "unknown"]
EXPECTED: Mapping[str, Kind] = {"id": "hardly", "title": "proportion", "index": "hardly"}
SAID: Mapping[Kind, str] = {
    "hardly": "the time hardly grows at all",
    "proportion": "the search grows in proportion to the number of documents",
    "slower": "the search grows, but more slowly than the number of documents",
    "faster": "the search grows faster than the number of documents",
}


@dataclass(frozen=True)
class Timed:
    """One way among so many documents in one repeat: look-ups, and commands that do nothing, in ms."""

    looks: Sequence[float]
    pings: Sequence[float]


Repeat = Mapping[str, Mapping[int, Timed]]
"""By way and size."""


@dataclass(frozen=True)
class Growth:
    """`grows` is None where the run does not tell. `exponent`: of the whole time for "hardly", else of the search.

    `beside`: what the time grew by, as a share of what that of the scan grew by.
    """

    kind: Kind
    grows: bool | None
    said: str
    exponent: Interval | None = None
    beside: Interval | None = None

    def verdict(self, way: str) -> str:
        """Yes (as expected), no (not so here), cannot-tell."""
        return "cannot-tell" if self.kind == "unknown" else "yes" if self.kind == EXPECTED[way] else "no"


def growth(way: str, repeats: Sequence[Repeat]) -> Growth:
    """How look-ups in this way grow.

    A search is what comes on top of a look-up by `_id`, or, for `_id` itself, of a command that does nothing. That a
    time hardly grows is said only where growth would have shown: beside the way to the server, or beside the scan.
    """
    told = [repeat for repeat in repeats if repeat.get(way)]
    if len(told) < ENOUGH_REPEATS:
        return Growth("unknown", None, "fewer than three repeats cannot tell how it grows")
    if max(len(repeat[way]) for repeat in told) < LEAST_SIZES:
        return Growth("unknown", None, "fewer than three sizes cannot tell how it grows")
    whole, beyond_ping = _exponent(way, told, ""), _exponent(way, told, "ping")
    beside = _beside(way, told)
    if whole.high < HARDLY and (beyond_ping.high < HARDLY or (beside is not None and beside.high < LITTLE)):
        return Growth("hardly", False, SAID["hardly"], whole)
    search = beyond_ping if way == "id" else _exponent(way, told, "id")
    grows = True if max(whole.low, search.low) > HARDLY else None
    if (kind := kind_of(search)) != "unknown":
        return Growth(kind, True, SAID[kind], search)
    if grows:
        said = "it grows, but the repeats leave open how fast"
    elif _way_there(way, told) > HIDDEN:
        said = "the way to the server takes most of the time and hides how the search grows"
    else:
        said = "the repeats differ too much to say how it grows"
    return Growth("unknown", grows, said, search, beside)


def kind_of(search: Interval) -> Kind:
    """What an exponent of the search means; "unknown" where its interval spans several meanings."""
    if search.inside(0.8, 1.2) or (search.inside(0.5, 1.5) and search.low <= 1 <= search.high):
        return "proportion"
    if search.low >= 1.2:
        return "faster"
    return "slower" if search.inside(HARDLY, 0.8) else "unknown"


def _exponent(way: str, repeats: Sequence[Repeat], floor: Literal["", "ping", "id"]) -> Interval:
    """The power of the number of documents that the time above a floor grows with."""

    def value(repeat: Repeat, middle: Middle) -> float | None:
        points = {}
        for size, timed in repeat[way].items():
            by_id = repeat.get("id", {}).get(size)
            under: Sequence[float] = timed.pings if floor else ()
            if floor == "id" and by_id:
                under = by_id.looks
            points[size] = middle(timed.looks), middle(under) if under else 0.0
        return power(points)

    found = interval(repeats, value)
    assert found is not None  # there are enough repeats
    return found


def _beside(way: str, repeats: Sequence[Repeat]) -> Interval | None:
    """What the time grew by, as a share of what that of the scan grew by. None for the scan, and without one."""

    def share(repeat: Repeat, middle: Middle) -> float | None:
        mine, scan = repeat[way], repeat["title"]
        few, many = min(scan), max(scan)
        grew = middle(scan[many].looks) - middle(scan[few].looks)
        return (middle(mine[many].looks) - middle(mine[few].looks)) / grew if grew > 0 else None

    both = [repeat for repeat in repeats if set(repeat.get("title", ())) == set(repeat[way])]
    return interval(both, share) if way != "title" else None


def _way_there(way: str, repeats: Sequence[Repeat]) -> float:
    """The share of a command that does nothing in a look-up of the largest collection."""
    largest = [repeat[way][max(repeat[way])] for repeat in repeats]
    return median(median(timed.pings) / median(timed.looks) if timed.pings else 0.0 for timed in largest)
