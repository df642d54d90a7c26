"""What the cache did, as events for listeners, and the sums of them."""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Literal, NamedTuple

from labs.querycache.forked import renew_in_children

Outcome = Literal["hit", "miss", "fill", "wait", "stale-refused", "bypass", "error", "clear", "command"]

KEYS_KEPT = 10_000
"""How many keys the counters remember one by one; the longest unused is forgotten first."""

UNCOUNTED = 1000
"""Accesses that wait to be counted: a hit should not wait for that."""

log = logging.getLogger(__name__)


class Access(NamedTuple):
    """One thing that happened.

    `key` is the Redis key (the owner's hash), `field` the query in it, `command` the Redis command that was sent,
    with `seconds` and `size` (bytes of its reply); `age` is how old a given answer was, in seconds.
    """

    outcome: Outcome
    key: str = ""
    field: str = ""
    reason: str = ""
    command: str = ""
    seconds: float = 0.0
    size: int = 0
    age: float | None = None


Listener = Callable[[Access], None]


class Listeners:
    """Tells everybody; one that raises is logged and disturbs nobody."""

    def __init__(self) -> None:
        self._all: tuple[Listener, ...] = ()

    def __bool__(self) -> bool:
        return bool(self._all)

    def add(self, listener: Listener) -> None:
        """From now on `listener` hears everything, on the thread where it happens."""
        self._all = (*self._all, listener)

    def remove(self, listener: Listener) -> None:
        """No longer."""
        self._all = tuple(one for one in self._all if one != listener)

    def tell(self, access: Access) -> None:
        """Tell all."""
        for listener in self._all:
            try:
                listener(access)
            except Exception:
                log.exception("a listener of the query cache failed")


class Counters:
    """Sums of accesses: in all, by reason of a bypass, and by key. A listener."""

    def __init__(self) -> None:
        self._new: deque[Access] = deque()
        self._total: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._by_key: OrderedDict[tuple[str, str], Counter[str]] = OrderedDict()
        self.renew()
        renew_in_children(self)

    def renew(self) -> None:
        """Nobody counts just now."""
        self._lock = threading.Lock()

    def __call__(self, access: Access) -> None:
        self._new.append(access)
        if len(self._new) >= UNCOUNTED:
            self._count()

    @property
    def total(self) -> Counter[str]:
        """Accesses by outcome."""
        self._count()
        return self._total

    @property
    def reasons(self) -> Counter[str]:
        """Bypasses, errors by reason."""
        self._count()
        return self._reasons

    def of(self, key: str, field: str = "") -> Counter[str]:
        """Counts of one query; without `field` of a whole key."""
        self._count()
        with self._lock:
            if field:
                return Counter(self._by_key.get((key, field), Counter()))
            return sum((counts for (owner, _), counts in self._by_key.items() if owner == key), Counter())

    @property
    def hit_ratio(self) -> float | None:
        """Answers from the cache (hit or waited for) among all reads; None before the first."""
        total = self.total
        given = total["hit"] + total["wait"]
        reads = given + total["miss"] + total["bypass"]
        return given / reads if reads else None

    def _count(self) -> None:
        with self._lock:
            new = [self._new.popleft() for _ in range(len(self._new))]
            alike = Counter((one.outcome, one.key, one.field, one.reason) for one in new)
            for (outcome, key, field, reason), times in alike.items():
                self._total[outcome] += times
                if reason:
                    self._reasons[reason] += times
                if key and outcome != "command":
                    self._by_key.setdefault((key, field), Counter())[outcome] += times
                    self._by_key.move_to_end((key, field))
            while len(self._by_key) > KEYS_KEPT:
                self._by_key.popitem(last=False)
