"""The learners' servers: where they are, clients of them, and what they call themselves.

A lab that talks to a server says so (`Lab.needs`), and its programs find it by the environment variables below.
What learners touch lies in Redis database 9 under `lab:`, and in the MongoDB database of the URL (else `lab`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from labs.sdk.tag import TAG

if TYPE_CHECKING:
    from pymongo import MongoClient
    from redis import Redis

    from labs.sdk.redis_feed import RedisFeed

VARIABLES = {"redis": "LOOPSCOPE_LAB_REDIS_URL", "mongodb": "LOOPSCOPE_LAB_MONGODB_URL"}
"""Environment variable by need."""

REDIS_DATABASE = 9
MONGODB_DATABASE = "lab"
PREFIX = "lab:"
"""Every Redis key that a learner or a lab makes begins with this."""

ANSWER_SECONDS = 3.0

Facts = dict[str, Any]


class ServersError(RuntimeError):
    """A server that a lab needs is not there; the message says which, and what to do."""


def url(need: str, environ: Mapping[str, str] | None = None) -> str:
    """Where the server for "redis" or "mongodb" is. Raises `ServersError` when nobody said."""
    variable = VARIABLES[need]
    found = (os.environ if environ is None else environ).get(variable, "")
    if not found:
        raise ServersError(f"this experiment needs a server, and {variable} does not say where it is")
    return found


def redis_client(environ: Mapping[str, str] | None = None, **options: Any) -> Redis:
    """A client of the learners' Redis, under the name of its run; `options` as for `redis.Redis`."""
    from redis import Redis

    return Redis.from_url(url("redis", environ), **{"client_name": client_name(environ), **options})


def told_redis(feed: RedisFeed, **options: Any) -> Redis:
    """The same, and the feed is told each command."""
    from labs.sdk.told_redis import ToldRedis

    client = cast(ToldRedis, ToldRedis.from_url(url("redis"), client_name=client_name(), **options))
    client.feed = feed
    return client


def named_url(environ: Mapping[str, str] | None = None) -> str:
    """The URL of the learners' Redis, for libraries that make their own clients: these get the run's name too."""
    found, name = url("redis", environ), client_name(environ)
    return found + ("&" if "?" in found else "?") + urlencode({"client_name": name}) if name else found


def client_name(environ: Mapping[str, str] | None = None) -> str | None:
    """What connections of this run call themselves at the server; None outside of a run."""
    run = (os.environ if environ is None else environ).get(TAG, "")
    return f"run:{run}" if run.isascii() and run.isalnum() else None


def mongo_client(environ: Mapping[str, str] | None = None, **options: Any) -> MongoClient[dict[str, Any]]:
    """A client of the learners' MongoDB; `client.get_default_database("lab")` is their database."""
    from pymongo import MongoClient

    return MongoClient(url("mongodb", environ), **options)


def facts(needs: Iterable[str], environ: Mapping[str, str] | None = None) -> list[Facts]:
    """For each need: `{need, name, version, engine}`, as the server calls itself; `engine` of MongoDB only.

    Raises `ServersError` when one is not known or does not answer within a few seconds.
    """
    return [_asked(need, environ) for need in needs]


def words(fact: Facts) -> str:
    """As text: "SecantusDB 0.7.0b3 (wiredTiger)"."""
    return f"{fact['name']} {fact['version']}" + (f" ({fact['engine']})" if fact.get("engine") else "")


def _asked(need: str, environ: Mapping[str, str] | None) -> Facts:
    import pymongo.errors
    import redis.exceptions

    try:
        return {"need": need, **ASK[need](environ)}
    except (pymongo.errors.PyMongoError, redis.exceptions.RedisError, OSError, ValueError) as error:
        reason = (str(error).split(" (configured timeouts")[0].splitlines() or [type(error).__name__])[0]
        raise ServersError(f"the {need} server of this experiment does not answer: {reason}") from None


def _redis_facts(environ: Mapping[str, str] | None) -> Facts:
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    limits = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS}
    with redis_client(environ, retry=Retry(NoBackoff(), 0), **limits) as client:
        return redis_name(client)


def redis_name(client: Redis) -> Facts:
    """`{name, version}` of the server behind an open client."""
    info: Any = client.info("server")
    if "valkey_version" in info:
        return {"name": "Valkey", "version": str(info["valkey_version"])}
    return {"name": "Redis", "version": str(info["redis_version"])}


def _mongo_facts(environ: Mapping[str, str] | None) -> Facts:
    limit = int(ANSWER_SECONDS * 1000)
    with mongo_client(environ, serverSelectionTimeoutMS=limit, connectTimeoutMS=limit) as client:
        return mongo_name(client)


def mongo_name(client: MongoClient[dict[str, Any]]) -> Facts:
    """`{name, version, engine}` of the server behind an open client; `engine` is empty where it does not tell."""
    from pymongo.errors import OperationFailure

    info = client.admin.command("buildInfo")
    try:
        engine = str(client.admin.command("serverStatus").get("storageEngine", {}).get("name", ""))
    except OperationFailure:  # the user may not ask
        engine = ""
    if "secantusVersion" in info:
        return {"name": "SecantusDB", "version": str(info["secantusVersion"]), "engine": engine}
    return {"name": "MongoDB", "version": str(info["version"]), "engine": engine}


ASK: dict[str, Callable[[Mapping[str, str] | None], Facts]] = {"redis": _redis_facts, "mongodb": _mongo_facts}
