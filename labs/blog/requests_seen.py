"""The requests of one part, put together again from their pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labs.sdk.recording import Part, Span

PROVIDER = ", provider"
"""How names of pieces end that wait for the sign-in provider. What else waits for the network waits for a browser."""


def whom(piece: Span) -> str:
    """Whose time a piece was: its kind, and "browser" where that is a body on its way here."""
    return "browser" if piece.kind == "net" and not piece.name.endswith(PROVIDER) else piece.kind


@dataclass(frozen=True)
class Request:
    """One row of the chart. `key` is the row's name: the same in every tour."""

    key: str
    pieces: Sequence[Span]

    @property
    def route(self) -> str:
        """Without its number: "POST /api/blogs"."""
        return self.key.partition(" ")[2]

    @property
    def seconds(self) -> float:
        return sum(piece.ran for piece in self.pieces)

    @property
    def commands(self) -> list[Span]:
        """What was asked of MongoDB, in order."""
        return [piece for piece in self.pieces if piece.kind == "db"]

    @property
    def asks_who(self) -> bool:
        """Whether the first thing asked was the user."""
        return bool(self.commands) and self.commands[0].name == "find users"

    def of_kind(self, kind: str) -> float:
        """Seconds that were somebody's, as `whom` says: "cpu" is the app's own code, "net" the sign-in provider."""
        return sum(piece.ran for piece in self.pieces if whom(piece) == kind)


@dataclass(frozen=True)
class Visit:
    """One part with its requests."""

    part: Part
    requests: Sequence[Request]

    @property
    def seconds(self) -> float:
        return sum(request.seconds for request in self.requests)

    def of_kind(self, kind: str) -> float:
        return sum(request.of_kind(kind) for request in self.requests)

    def share(self, kind: str) -> float:
        return self.of_kind(kind) / self.seconds

    @property
    def slowest(self) -> Request:
        return max(self.requests, key=lambda request: request.seconds)


def requests_of(part: Part) -> list[Request]:
    """In the order in which they were answered."""
    rows: dict[str, list[Span]] = {}
    for span in part.complete():
        rows.setdefault(span.lane, []).append(span)
    return [Request(key, rows[key]) for key in sorted(rows, key=_number)]


def _number(lane: str) -> int:
    word = lane.partition(" ")[0]
    return int(word) if word.isdigit() else 0
