"""Names of one run's own on the learners' servers: runs at the same time never meet, and nothing stays.

A program takes its names from `prefix` and `collection`, and does its work inside `own_place`. Leaving it takes away
everything under these names, also when SIGTERM ends the program. What a killed program left is taken away by whoever
ends its run for good (`take_away_of`); where nobody does, by the next program of its lab, once the sign of life of the
killed one has expired. A program that talks to MongoDB alone works inside `own_collections`.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from labs.sdk import servers
from labs.sdk.tag import TAG

if TYPE_CHECKING:
    from pymongo.database import Database
    from redis import Redis

ALIVE = "lab:alive"
"""Before a run's name: a set of the labs whose names it uses."""

ALIVE_SECONDS = 600
"""Longer than any program may run: after so long a sign of life is nobody's."""

SIGN = re.compile(r"(\w+)_([0-9A-Za-z-]+)_alive_(\d+)")
"""Without Redis an empty collection is the sign. Its name says the lab, the run, and until when, in Unix seconds."""


def run_name(environ: Mapping[str, str] | None = None) -> str:
    """The run's id, as far as names on servers allow; "alone" outside a run."""
    tag = (os.environ if environ is None else environ).get(TAG, "")
    return re.sub(r"[^0-9A-Za-z-]", "-", tag)[:16] or "alone"


def prefix(lab: str) -> str:
    """What the Redis keys of this run begin with, before a colon: "lab:rc:<run>". `lab` is a short name of the lab."""
    return f"{servers.PREFIX}{lab}:{run_name()}"


def collection(lab: str, what: str) -> str:
    """A MongoDB collection of this run: "rc_<run>_posts"."""
    return f"{lab}_{run_name()}_{what}"


@contextmanager
def own_place(lab: str) -> Iterator[None]:
    """Here the names of this run may be used. For the main thread of a program."""
    before = signal.signal(signal.SIGTERM, _leave)
    with servers.redis_client() as redis, servers.mongo_client() as mongo:
        database = mongo.get_default_database(servers.MONGODB_DATABASE)
        sign = f"{ALIVE}:{run_name()}"
        try:
            redis.pipeline().sadd(sign, lab).expire(sign, ALIVE_SECONDS).execute()
            sweep(redis, database, lab)
            _take_away(redis, database, lab, _own)
            yield
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            _take_away(redis, database, lab, _own)
            redis.srem(sign, lab)
            signal.signal(signal.SIGTERM, before)


@contextmanager
def own_collections(lab: str) -> Iterator[Database[dict[str, Any]]]:
    """The same for a program that talks to MongoDB alone: gives the learners' database."""
    before = signal.signal(signal.SIGTERM, _leave)
    with servers.mongo_client() as mongo:
        database = mongo.get_default_database(servers.MONGODB_DATABASE)
        try:
            _drop(database, lab, _own)
            database.create_collection(collection(lab, f"alive_{int(time.time()) + ALIVE_SECONDS}"))
            _drop_abandoned(database, lab)
            yield database
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            _drop(database, lab, _own)
            signal.signal(signal.SIGTERM, before)


def sweep(redis: Redis, database: Database[dict[str, Any]], lab: str) -> None:
    """Take away what runs of this lab left that give no sign of life."""
    _take_away(redis, database, lab, lambda run: not redis.sismember(f"{ALIVE}:{run}", lab))


def take_away_of(run: str, environ: Mapping[str, str]) -> None:
    """Take away what the programs of a run left, none of which may be alive. `environ` says where the servers are.

    Raises `ServersError`, and what the clients raise, when a server does not answer within seconds.
    """
    name, limit = run_name({TAG: run}), servers.ANSWER_SECONDS
    with (
        servers.redis_client(environ, socket_timeout=limit, socket_connect_timeout=limit) as redis,
        servers.mongo_client(environ, serverSelectionTimeoutMS=int(limit * 1000)) as mongo,
    ):
        database = mongo.get_default_database(servers.MONGODB_DATABASE)
        for lab in cast("set[bytes]", redis.smembers(f"{ALIVE}:{name}")):
            _take_away(redis, database, lab.decode(errors="replace"), lambda other: other == name)
        redis.delete(f"{ALIVE}:{name}")
        for sign in filter(None, map(SIGN.fullmatch, database.list_collection_names())):
            if sign[2] == name:
                _drop(database, sign[1], lambda other: other == name)


def _take_away(redis: Redis, database: Database[dict[str, Any]], lab: str, gone: Callable[[str], bool]) -> None:
    for key in redis.scan_iter(f"{servers.PREFIX}{lab}:*", count=1000):
        if gone(key.decode(errors="replace").split(":")[2]):
            redis.unlink(key)
    _drop(database, lab, gone)


def _drop(
    database: Database[dict[str, Any]], lab: str, gone: Callable[[str], bool], names: Sequence[str] | None = None
) -> None:
    for name in database.list_collection_names() if names is None else names:
        if (found := re.fullmatch(rf"{re.escape(lab)}_([0-9A-Za-z-]+)_[\w.]+", name)) and gone(found[1]):
            database.drop_collection(name)


def _drop_abandoned(database: Database[dict[str, Any]], lab: str) -> None:
    """Drop what runs of this lab left that give no sign of life. A run makes its sign before anything else."""
    names = database.list_collection_names()
    signs = filter(None, map(SIGN.fullmatch, names))
    alive = {sign[2] for sign in signs if sign[1] == lab and int(sign[3]) > time.time()}
    _drop(database, lab, lambda run: run not in alive, names)


def _own(run: str) -> bool:
    return run == run_name()


def _leave(*_: object) -> None:
    sys.exit(128 + signal.SIGTERM)
