"""The cache itself: ask Redis, else let one reader ask the database while the others wait for it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from labs.querycache.access import Access, Counters, Listeners, Outcome
from labs.querycache.codec import LEASE, TOO_LARGE, Codec, Corrupt, Entry, pack, unpack
from labs.querycache.flight import Flights
from labs.querycache.owed import EVERYTHING
from labs.querycache.seal import Seal
from labs.querycache.store import PATIENCE, Lease, Store, Unavailable

DEFAULT_TTL = 60.0
LONGEST_TTL = 24 * 3600.0
LEASE_SECONDS = 5.0
LARGEST = 1_000_000
"""Bytes of documents. With what stands before them they fit into 1 MiB, the most that a careful Redis takes at once."""
JITTER = 0.10
POLL_SECONDS = (0.002, 0.05)

Load = Callable[[], bytes | None]
"""Asks the database; BSON documents one after the other, or None when the result must not be kept."""


class Asked(NamedTuple):
    """One read: whose it is, its name, how long it may be kept, and the collections it reads (collection mode)."""

    key: str
    field: bytes
    ttl: float
    stamps: tuple[str, ...] = ()


class QueryCache:
    """Results of queries in Redis, by owner.

    `url` is the Redis; `codec` how results are written ("json" is slower and can be read by people); `by_collection`
    drops results whenever a collection they were read from is written (see `labs.querycache.stamps`).
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "lab:qc",
        ttl: float = DEFAULT_TTL,
        codec: Codec = "bson",
        by_collection: bool = False,
        lease: float = LEASE_SECONDS,
        largest: int = LARGEST,
        leases: bool = True,
        fields_expire: bool | None = None,
        patience: float = PATIENCE,
        seal: Seal | None = None,
    ) -> None:
        """`lease`: seconds that one reader may take; `largest`: bytes of a result that is kept; `patience`: seconds for
        Redis to answer; `seal`: for a Redis that others may read or write, results are then encrypted.

        `leases=False` takes the guard away (every reader asks the database and writes what it got): for showing what
        happens without it, never for use.
        """
        self.ttl, self.codec, self.by_collection = check_ttl(ttl), codec, by_collection
        self.lease, self.largest, self.leases = lease, largest, leases
        self._seal = seal
        self.counters = Counters()
        self.listeners = Listeners()
        self.listeners.add(self.counters)
        self.store = Store(url, prefix, self.listeners, fields_expire=fields_expire, patience=patience)
        self._flights = Flights()

    def close(self) -> None:
        """Let go of the connections."""
        self.store.close()

    def asked(self, owner: object, field: bytes, ttl: float | None, namespaces: Iterable[str] = ()) -> Asked:
        """A read of this cache."""
        stamps = tuple(self.store.stamp_key(name) for name in namespaces) if self.by_collection else ()
        return Asked(self.store.key(owner), field, self.ttl if ttl is None else ttl, stamps)

    def clear_hash(self, *owners: object) -> None:
        """Drop everything of these owners, and what is being read for them just now."""
        keys = [self.store.key(owner) for owner in owners]
        self.store.clear(keys)
        for key in keys:
            self.tell("clear", key)

    def touch(self, namespaces: Iterable[str]) -> None:
        """These collections were written: results read from them are over (collection mode)."""
        self.store.clear([self.store.stamp_key(name) for name in namespaces])

    def clear_all(self) -> None:
        """Drop everything of this cache, whoever owns it."""
        self.store.clear([EVERYTHING])

    def tell(
        self, outcome: Outcome, key: str = "", field: bytes = b"", reason: str = "", age: float | None = None
    ) -> None:
        """Tell the listeners."""
        self.listeners.tell(Access(outcome, key, field.decode(), reason, age=age))

    def fetch(self, asked: Asked, load: Load) -> bytes | None:
        """The documents, from the cache or from `load`; None when `load` gave none to keep.

        Raises what `load` raises.
        """
        try:
            found = self._look(asked)
            if isinstance(found, Entry):
                return self._given("hit", asked, found)
            if not self.leases:
                return self._unguarded(asked, load)
            return self._together(asked, load, found)
        except Unavailable as why:
            self.tell("bypass", asked.key, asked.field, str(why))
            return load()

    def _look(self, asked: Asked) -> Entry | bytes:
        """The entry, or bytes that cannot be used (empty for none)."""
        held, stamps = self.store.read(asked.key, asked.field, asked.stamps)
        if held is None or held.startswith(LEASE):
            _refuse_too_large(held)
            return b""
        try:
            entry = self._unpack(asked, held)
        except Corrupt:
            self.tell("error", asked.key, asked.field, "corrupt")
            return held
        over = not self.store.fields_expire and entry.until <= time.time() * 1000
        return b"" if over or entry.stamps != stamps else entry

    def _given(self, outcome: Outcome, asked: Asked, entry: Entry) -> bytes:
        self.tell(outcome, asked.key, asked.field, age=max(0.0, time.time() - entry.at / 1000))
        return entry.documents

    def _together(self, asked: Asked, load: Load, refused: bytes) -> bytes | None:
        """Lead, or wait for the one of this process who does."""
        what = (asked.key, asked.field)
        flight, leads = self._flights.join(what)
        if not leads:
            if flight.landed.wait(self.lease) and flight.result is not None:
                _refuse_too_large(flight.result)
                return self._given("wait", asked, self._unpack(asked, flight.result))
            return self._across(asked, load, refused, lambda: None)[0]
        committed: bytes | None = None
        try:
            answer, committed = self._across(asked, load, refused, lambda: self._flights.close(what, flight))
            return answer
        finally:
            self._flights.land(what, flight, committed)

    def _across(
        self, asked: Asked, load: Load, refused: bytes, closing: Callable[[], None]
    ) -> tuple[bytes | None, bytes | None]:
        """Among processes: take the lease, or wait for who has it. The documents, and the entry if it was put there.

        An entry that was found there is not for those who wait here: they may have come after a clear of it.
        """
        deadline = time.monotonic() + self.lease
        pause = POLL_SECONDS[0]
        while True:
            found = self.store.take_lease(asked.key, asked.field, int(self.lease * 1000), asked.stamps, refused)
            if isinstance(found, Lease):
                return self._lead(asked, load, found, closing)
            _refuse_too_large(found)
            if not found.startswith(LEASE):
                try:
                    return self._given("wait", asked, self._unpack(asked, found)), None
                except Corrupt:
                    refused = found
                    continue
            if time.monotonic() > deadline:
                self.tell("bypass", asked.key, asked.field, "waited too long")
                return load(), None
            while time.monotonic() <= deadline:
                time.sleep(pause * random.uniform(0.5, 1.0))
                pause = min(2 * pause, POLL_SECONDS[1])
                held, _ = self.store.read(asked.key, asked.field)
                _refuse_too_large(held)
                if held is None or not held.startswith(LEASE):
                    break

    def _lead(
        self, asked: Asked, load: Load, lease: Lease, closing: Callable[[], None]
    ) -> tuple[bytes | None, bytes | None]:
        self.tell("miss", asked.key, asked.field)
        begun = time.monotonic()
        try:
            documents = load()
        except BaseException:
            self._release(asked, lease)
            raise
        if documents is None:
            self._mark(asked, lease, 1000 * (time.monotonic() - begun))
            return None, TOO_LARGE
        value, until = self._packed(asked, documents, lease.now, lease.stamps)
        closing()
        try:
            kept = self.store.fill(asked.key, asked.field, lease, value, until, asked.stamps)
        except Unavailable as why:
            self.tell("error", asked.key, asked.field, str(why))
            return documents, None
        self.tell("fill" if kept else "stale-refused", asked.key, asked.field)
        return documents, value if kept else None

    def _mark(self, asked: Asked, lease: Lease, spent: float) -> None:
        """Say for a while, in place of the result, that it is too large: nobody need wait for it. `spent`: ms."""
        until = lease.now + int(spent + 1000 * min(self.lease, asked.ttl))
        try:
            self.store.fill(asked.key, asked.field, lease, b"%s %d" % (TOO_LARGE, until), until, asked.stamps)
        except Unavailable as why:
            self.tell("error", asked.key, asked.field, str(why))

    def _packed(self, asked: Asked, documents: bytes, now: int, stamps: bytes) -> tuple[bytes, int]:
        """The entry as it is stored, and until when: it is counted from before the read."""
        until = now + max(1, int(asked.ttl * 1000 * random.uniform(1 - JITTER, 1)))
        entry, place = Entry(documents, now, until, stamps), _place(asked)
        value = pack(entry, self.codec, self._seal, place)
        if len(value) > self.largest and self.codec == "json":  # that may be many times as long as what it says
            value = pack(entry, "bson", self._seal, place)
        return value, until

    def _unpack(self, asked: Asked, held: bytes) -> Entry:
        return unpack(held) if self._seal is None else unpack(held, self._seal, _place(asked))

    def _release(self, asked: Asked, lease: Lease) -> None:
        try:
            self.store.give_back(asked.key, asked.field, lease)
        except Unavailable as why:
            self.tell("error", asked.key, asked.field, str(why))

    def _unguarded(self, asked: Asked, load: Load) -> bytes | None:
        """As most caches do it: read, then write, whatever happened between."""
        self.tell("miss", asked.key, asked.field)
        begun = int(time.time() * 1000)
        documents = load()
        if documents is None:
            return None
        value, until = self._packed(asked, documents, begun, b"")
        try:
            self.store.put(asked.key, asked.field, value, until - begun)
        except Unavailable as why:
            self.tell("error", asked.key, asked.field, str(why))
        else:
            self.tell("fill", asked.key, asked.field)
        return documents


def _refuse_too_large(held: bytes | None) -> None:
    """Raises `Unavailable` for the mark of a result that was too large."""
    if held is not None and held.startswith(TOO_LARGE):
        raise Unavailable("too large")


def _place(asked: Asked) -> bytes:
    """Where the answer lies."""
    return b"%s\0%s" % (asked.key.encode(), asked.field)


def check_ttl(ttl: float) -> float:
    """Seconds above 0 and up to a day. Raises ValueError: what never expires fills Redis."""
    if isinstance(ttl, bool) or not isinstance(ttl, (int, float)) or not 0 < ttl <= LONGEST_TTL:
        raise ValueError(f"a time to live is a number of seconds above 0 and up to {LONGEST_TTL:.0f}, not {ttl!r}")
    return float(ttl)
