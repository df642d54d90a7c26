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

WRITES = frozenset({"insert", "update", "delete", "findAndModify", "drop", "renameCollection", "create", "collMod"})
OPEN_MOST = 10_000


class StampListener(CommandListener):
    """Give it to `MongoClient(event_listeners=[listener])`, then `listener.attach(cache, client)`."""

    def __init__(self) -> None:
        self._cache: QueryCache | None = None
        self._seeds = ""
        self._lock = threading.Lock()
        self._open: dict[int, set[str]] = {}
        self._transactions: dict[Any, set[str]] = {}
        self._ends: dict[int, Any] = {}

    def attach(self, cache: QueryCache | None, client: Any) -> None:
        """From now on tell this cache; None: nobody."""
        self._seeds = ",".join(f"{host}:{port}" for host, port in sorted(client._topology_settings.seeds))
        self._cache = cache

    def started(self, event: CommandStartedEvent) -> None:
        """Take down what is being written, and in which transaction."""
        if self._cache is None:
            return
        transaction = _transaction(event.command)
        if event.command_name in ("commitTransaction", "abortTransaction"):
            self._ends[event.request_id] = transaction
        names = {f"{self._seeds}/{name}" for name in written(event.command_name, event.database_name, event.command)}
        if not names:
            return
        with self._lock:
            if transaction is not None:
                self._transactions.setdefault(transaction, set()).update(names)
            else:
                self._open[event.request_id] = names

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It is written: what was read before is over. Inside a transaction only its end counts."""
        if event.command_name == "abortTransaction":
            self._transactions.pop(self._ends.pop(event.request_id, None), None)
        elif event.command_name == "commitTransaction":
            self._over(self._transactions.pop(self._ends.pop(event.request_id, None), set()))
        else:
            self._over(self._open.pop(event.request_id, set()))

    def failed(self, event: CommandFailedEvent) -> None:
        """Nobody knows what it did."""
        self._over(self._open.pop(event.request_id, set()))
        self._over(self._transactions.pop(self._ends.pop(event.request_id, None), set()))

    def _over(self, names: set[str]) -> None:
        if names and self._cache is not None:
            self._cache.touch(names)


def written(command: str, database: str, told: Mapping[str, Any]) -> set[str]:
    """The namespaces that a command writes: "blog.posts"."""
    if command in WRITES:
        target = str(told[command])
        if command == "renameCollection":
            return {target, str(told.get("to", target))}
        return {f"{database}.{target}"}
    if command == "aggregate":
        return {name for stage in told.get("pipeline", ()) if (name := _target(stage, database))}
    if command == "bulkWrite":
        return {str(one["ns"]) for one in told.get("nsInfo", ())}
    if command == "mapReduce" and isinstance(out := told.get("out"), (str, Mapping)):
        names = [out] if isinstance(out, str) else [out[way] for way in ("replace", "merge", "reduce") if way in out]
        return {f"{database}.{name}" for name in names}
    return set()


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
