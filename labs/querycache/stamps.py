"""Collection mode: whatever writes a collection, results read from it are over.

A listener of PyMongo's own commands sees every write of this process, raw ones too. It does not see writes of others:
they need the listener as well.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from labs.querycache.cache import QueryCache
from labs.querycache.forked import renew_in_children

WRITES = frozenset({
    "insert", "update", "delete", "findandmodify", "drop", "renamecollection", "create", "collmod", "converttocapped",
})  # fmt: skip
"""Commands that name first what they write; the server minds no case."""

EVERY = ".*"
"""Stands for every collection of a database."""

OPEN_MOST = 10_000
"""Writes, and transactions, whose end is waited for. It may never be told: then they are taken for written."""


class StampListener(CommandListener):
    """Give it to `MongoClient(event_listeners=[listener])`, then `listener.attach(cache, client)`."""

    def __init__(self) -> None:
        self._cache: QueryCache | None = None
        self._seeds = ""
        self._open: dict[int, set[str]] = {}
        self._transactions: dict[Any, set[str]] = {}
        self._ends: dict[int, Any] = {}
        self.renew()
        renew_in_children(self)

    def renew(self) -> None:
        """Nobody is told anything just now."""
        self._lock = threading.Lock()

    def attach(self, cache: QueryCache | None, client: Any) -> None:
        """From now on tell this cache; None: nobody."""
        self._seeds = ",".join(f"{host}:{port}" for host, port in sorted(client._topology_settings.seeds))
        self._cache = cache

    def started(self, event: CommandStartedEvent) -> None:
        """Take down what is being written, and in which transaction."""
        if self._cache is None:
            return
        transaction = _transaction(event.command)
        names = {f"{self._seeds}/{name}" for name in written(event.command_name, event.database_name, event.command)}
        ends = event.command_name in ("commitTransaction", "abortTransaction")
        if not names and not ends:
            return
        with self._lock:
            if ends:
                self._ends[event.request_id] = transaction
            elif transaction is not None:
                self._transactions.setdefault(transaction, set()).update(names)
            else:
                self._open[event.request_id] = names
            forgotten = self._forgotten()
        self._over(forgotten)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It is written: what was read before is over. Inside a transaction only its end counts."""
        with self._lock:
            names = self._open.pop(event.request_id, set())
            transaction = self._ends.pop(event.request_id, None)
            if transaction is not None:
                names = self._transactions.pop(transaction, set())
        if event.command_name != "abortTransaction":
            self._over(names)

    def failed(self, event: CommandFailedEvent) -> None:
        """Nobody knows what it did. A transaction stays: the driver sends a commit that failed once more."""
        with self._lock:
            names = self._open.pop(event.request_id, set())
            names = names | self._transactions.get(self._ends.pop(event.request_id, None), set())
        self._over(names)

    def _forgotten(self) -> set[str]:
        """What those have written that are too many, the oldest."""
        found: set[str] = set()
        for waiting in (self._open, self._transactions):
            if len(waiting) > OPEN_MOST:
                found |= waiting.pop(next(iter(waiting)))
        if len(self._ends) > OPEN_MOST:
            del self._ends[next(iter(self._ends))]
        return found

    def _over(self, names: set[str]) -> None:
        if not names or self._cache is None:
            return
        if any(name.endswith(EVERY) for name in names):
            self._cache.clear_all()
        else:
            self._cache.touch(names)


def written(command: str, database: str, told: Mapping[str, Any]) -> set[str]:
    """The namespaces that a command writes: "blog.posts"; "blog.*" for a whole database."""
    word = command.lower()
    if word in WRITES:
        target = str(told[command])
        if word == "renamecollection":
            return {target, str(told.get("to", target))}
        return {f"{database}.{target}"}
    if word == "dropdatabase":
        return {database + EVERY}
    if word == "clonecollectionascapped":
        return {f"{database}.{told['toCollection']}"}
    if word == "aggregate":
        return {name for stage in told.get("pipeline", ()) if (name := _target(stage, database))}
    if word == "bulkwrite":
        return {str(one["ns"]) for one in told.get("nsInfo", ())}
    return _reduced(database, told.get("out")) if word == "mapreduce" else set()


def _reduced(database: str, out: Any) -> set[str]:
    """Where a map-reduce writes: a name, or a document that names it by the way."""
    if isinstance(out, str):
        return {f"{database}.{out}"}
    if not isinstance(out, Mapping):
        return set()
    return {f"{out.get('db', database)}.{out[way]}" for way in ("replace", "merge", "reduce") if way in out}


def _target(stage: Mapping[str, Any], database: str) -> str:
    """Where `$out` or `$merge` writes: a name, or a document that names database and collection."""
    found = stage.get("$out", stage.get("$merge"))
    if isinstance(found, Mapping):
        found = found.get("into", found)
    if isinstance(found, Mapping):
        return f"{found.get('db', database)}.{found['coll']}"
    return f"{database}.{found}" if found else ""


def _transaction(told: Mapping[str, Any]) -> Any:
    """Which transaction a command belongs to; None for none."""
    if told.get("autocommit") is False and "txnNumber" in told:
        return bytes(told["lsid"]["id"]), told["txnNumber"]
    return None
