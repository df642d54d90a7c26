"""What to send: one stream of requests of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Load:
    """Requests of one kind to one path. Several loads may run at once, in one generator.

    Closed arrivals, as `ab` and `wrk` have them: `connections` requests are under way, and an answer starts the next
    one. Open arrivals: requests are due at a `rate`, whatever the answers do. A request that is due while all
    `connections` are taken waits in the generator, and its time counts from when it was due.
    """

    name: str
    path: str = "/"
    arrivals: str = "closed"
    """"closed" or "open"."""
    connections: int = 1
    """How many requests may be under way at once."""
    requests: int | None = None
    """After so many it ends; None: no limit."""
    seconds: float | None = None
    """After so long nothing more is sent; None: no limit. With neither limit it runs until it is told to stop."""
    rate: float | None = None
    """Open arrivals a second."""
    spacing: str = "even"
    """Of open arrivals: "even", or "random" (exponential gaps, as when visitors know nothing of each other)."""
    begin: float = 0.0
    """Seconds after the start of the generator at which it begins."""
    keep_alive: bool = True
    """False: a new connection for each request, opened within its time."""
    each: bool = False
    """Report every single request. Otherwise only the ticks and the summary tell of it."""
    keep: tuple[str, ...] = ()
    """Names of response headers, in small letters, that the report of a request carries."""
    patience: float = 30.0
    """Seconds from when it was due after which a request counts as lost ("timeout")."""

    def __post_init__(self) -> None:
        """Raises `ValueError` with words for what cannot be sent."""
        if self.arrivals not in ("closed", "open"):
            raise ValueError(f"arrivals are closed or open, not {self.arrivals!r}")
        if self.arrivals == "open" and not (self.rate and self.rate > 0):
            raise ValueError("open arrivals need a rate above 0")
        if self.spacing not in ("even", "random"):
            raise ValueError(f"spacing is even or random, not {self.spacing!r}")
        if self.connections < 1:
            raise ValueError("a load needs one connection or more")
        if any(limit is not None and limit <= 0 for limit in (self.requests, self.seconds, self.patience)):
            raise ValueError("a limit has to be above 0")
        if not self.path.startswith("/") or not self.path.isascii() or any(c.isspace() for c in self.path):
            raise ValueError(f"{self.path!r} is no path: it starts with / and holds no space")

    @classmethod
    def of(cls, raw: dict[str, Any]) -> Load:
        """From JSON."""
        return cls(**{**raw, "keep": tuple(raw.get("keep", ()))})
