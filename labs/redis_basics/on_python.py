"""An object goes to Redis in four ways, with redis-py, and is asked back."""

from __future__ import annotations

import json
import platform
import signal
import sys
import time
from typing import Any

import redis

from labs.redis_basics import watched
from labs.redis_basics.said import said
from labs.sdk import servers
from labs.sdk.emitter import start
from labs.sdk.redis_feed import RedisFeed

params, emit = start()
KEY = f"lab:my:{params['run']}:python"
feed = RedisFeed(emit)
client = servers.told_redis(feed, decode_responses=True)
thing: Any = {"name": "Ada", "age": 36, **{f"field {n}": "x" * 20 for n in range(params["fields"] - 2)}}


def as_it_is() -> Any:
    client.set(KEY, thing)
    return client.get(KEY)


def as_text() -> Any:
    client.set(KEY, str(thing))
    return client.get(KEY)


def as_json() -> Any:
    client.set(KEY, json.dumps(thing))
    return json.loads(str(client.get(KEY)))


def as_a_hash() -> Any:
    client.hset(KEY, mapping=thing)
    return client.hgetall(KEY)


WAYS = {"as it is": as_it_is, "as text": as_text, "as JSON": as_json, "as a hash": as_a_hash}


def stop(*_: object) -> None:
    servers.redis_client().delete(KEY)  # leave no key behind; the other client may be in the middle of an answer
    sys.exit(128 + signal.SIGTERM)


signal.signal(signal.SIGTERM, stop)
client.ping()
emit.host(python=platform.python_version(), client=f"redis-py {redis.__version__}")
emit.zero()
if params["mode"] == "monitor":
    watched.run(emit, params["way"], KEY)
else:
    for turn in range(params["rounds"]):
        for way, there_and_back in WAYS.items():
            begun = time.perf_counter()
            with emit.span(f"{way} {turn + 1}", f"{way} {turn + 1}", kind="cache", lane=way):
                try:
                    back = there_and_back()
                    outcome = "same" if back == thing else "different"
                except redis.DataError as error:  # the client refuses before anything is sent
                    back, outcome = str(error), "refused"
            emit.sample("round trip", time.perf_counter() - begun, way=way, outcome=outcome, back=said(back))
            client.delete(KEY)
client.close()
feed.close()
emit.close()
