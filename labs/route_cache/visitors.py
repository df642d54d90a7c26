"""Starts the server of route.py, sends visitors to it, reports what they got; nothing of it stays.

python visitors.py route.py '{"way": "on", "requests": 240, …}'
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import mongoengine as me
import orjson

from labs.route_cache import route
from labs.route_cache.held import Held
from labs.route_cache.load import Load
from labs.sdk import servers
from labs.sdk.emitter import Emitter
from labs.sdk.own_place import own_place
from labs.sdk.together import SharedEmitter
from labs.sdk.wsgi import served

SERVED = Path(__file__).with_name("served.py")
CALIBRATIONS = 15


def fill(users: int, posts: int) -> None:
    """So many users with so many posts each; their numbers end at 0."""
    route.User.objects.insert([route.User(id=user, name=f"User {user}") for user in range(1, users + 1)])
    route.Blog.objects.insert([
        route.Blog(user=user, number=n + 1 - posts, title=f"Post {n}", content=route.WORDS)
        for user in range(1, users + 1) for n in range(posts)
    ])  # fmt: skip


def unit(posts: int) -> float:
    """Seconds of one answer made from the database, without a server around it."""
    times = []
    for _ in range(CALIBRATIONS):
        begun = time.perf_counter()
        route.posts_of(1, posts)
        times.append(time.perf_counter() - begun)
    return median(times)


def experiment(emit: Emitter, settings: dict[str, Any]) -> None:
    """One way under one load."""
    me.connect("lab", host=servers.url("mongodb"), uuidRepresentation="standard")
    fill(settings["users"], settings["posts"])
    emit.sample("unit", unit(settings["posts"]), when="before")
    with served(SERVED, settings) as address, servers.redis_client() as redis:
        held = Held(emit, redis, settings["users"])
        with closing(Load(emit, settings, address)) as load:
            load.sign_in()
            emit.zero()
            with held.watched():
                load.run()
            held.tell_all()
    emit.sample("unit", unit(settings["posts"]), when="after")
    me.disconnect()


if __name__ == "__main__":
    emit = SharedEmitter()
    emit.host(server="Flask's own, a thread for each visitor")
    with own_place("rc"):
        experiment(emit, orjson.loads(sys.argv[2]))
    emit.close()
