"""Servers that were given by URL: do they answer? Asked before anything is started."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable

import pymongo
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError
from redis.retry import Retry

from dashboard.settings import Settings
from dashboard.urls import mask_url
from labs.blog.settings import StorageSettings
from labs.blog.storage import StorageError, open_bucket

EMBEDDED = "unset it to use the embedded server."
GRIDFS = "unset all of LOOPSCOPE_S3_… to keep pictures in MongoDB."
ANSWER_SECONDS = 4.0
PATIENCE_SECONDS = 10.0
"""For what the clients' own limits do not cover, such as a name server that is silent, or a machine that is busy."""


def problems_of(settings: Settings) -> list[str]:
    """A line for each server that was given and does not answer: which, why, what to do. At most 10 seconds in all."""
    asked: list[tuple[str, str, Callable[[str], str | None], str]] = [
        ("REDIS_URL", settings.redis_url, ask_redis, EMBEDDED),
        ("MONGODB_URL", settings.mongodb_url, ask_mongodb, EMBEDDED),
        ("LOOPSCOPE_S3_ENDPOINT", settings.s3_endpoint, lambda _: ask_storage(settings.storage()), GRIDFS),
    ]
    reasons: dict[str, str | None] = {}

    def look(variable: str, url: str, ask: Callable[[str], str | None]) -> None:
        reasons[variable] = ask(url)

    threads = [threading.Thread(target=look, args=one[:3], daemon=True) for one in asked if one[1]]
    deadline = time.monotonic() + PATIENCE_SECONDS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [
        f"{variable}={mask_url(url)} cannot be used: {reason} Correct it, or {otherwise}"
        for variable, url, _, otherwise in asked
        if url and (reason := reasons.get(variable, f"no answer within {PATIENCE_SECONDS:.0f} s."))
    ]


def ask_redis(url: str) -> str | None:
    """Why the Redis at `url` cannot be used, in one line; None when it answers."""
    limits = {"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS}
    try:
        with Redis.from_url(url, retry=Retry(NoBackoff(), 0), **limits) as client:
            client.ping()
    except AuthenticationError as error:
        return f"it refuses the user or password ({_line(error)})"
    except (RedisError, OSError, ValueError) as error:
        return _line(error)
    return None


def ask_mongodb(url: str) -> str | None:
    """Why the MongoDB at `url` cannot be used, in one line; None when it answers."""
    limit = int(ANSWER_SECONDS * 1000)
    client: pymongo.MongoClient[dict[str, object]]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # the driver only warns of an option that it does not understand
            client = pymongo.MongoClient(
                url, serverSelectionTimeoutMS=limit, connectTimeoutMS=limit, socketTimeoutMS=limit
            )
        with client:
            client.admin.command("ping")
    except OperationFailure as error:
        return f"it refuses the user or password ({_line(error)})"
    except (InvalidURI, ConfigurationError, PyMongoError, OSError, ValueError, UserWarning) as error:
        return _line(error)
    return None


def ask_storage(settings: StorageSettings | None) -> str | None:
    """Why the object storage cannot be used, in one line; None when its bucket is there (or nothing was given)."""
    try:
        bucket = open_bucket(settings, ANSWER_SECONDS, tries=1)
        if bucket is not None:
            bucket.look()
            bucket.close()
    except (StorageError, ValueError) as error:
        return str(error)
    return None


def _line(error: Exception) -> str:
    """The first thing the error says; MongoDB's driver adds a whole topology."""
    text = str(error).split(" (configured timeouts")[0].split(", full error")[0].splitlines() or [type(error).__name__]
    return text[0].rstrip(".") + "."
