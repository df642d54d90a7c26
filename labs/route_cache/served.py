"""The server for one part, a process of its own: who is signed in, which routes, how often MongoDB is asked."""

from __future__ import annotations

import secrets
import threading
from typing import Any

import mongoengine as me
import orjson
from flask import Flask, Response, g, session
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from redis import Redis

from labs.route_cache import route
from labs.sdk import servers
from labs.sdk.offspring import end_with_parent
from labs.sdk.redis_feed import SHARED, RedisFeed
from labs.sdk.together import SharedEmitter
from labs.sdk.wsgi import server

QUERIES = "X-Queries"
"""Header: how many commands MongoDB got for this answer, by the driver's own events."""


class Commands(CommandListener):
    """Counts what each thread, which is each request, sends to MongoDB."""

    def __init__(self) -> None:
        self._own = threading.local()

    def taken(self) -> int:
        """Of this thread, since it was last asked."""
        count = getattr(self._own, "count", 0)
        self._own.count = 0
        return count

    def started(self, event: CommandStartedEvent) -> None:
        self._own.count = getattr(self._own, "count", 0) + 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing."""


def create_app(settings: dict[str, Any], commands: Commands, redis: Redis) -> Flask:
    """`settings`: way ("off", "on", "ttl"), expiry (ms), posts (in an answer)."""
    app = Flask(__name__)
    app.secret_key = secrets.token_hex()
    cache, posts, cached = redis, settings["posts"], settings["way"] != "off"
    expiry = settings["expiry"] if settings["way"] == "ttl" else None
    app.add_url_rule("/auth/<int:user>", view_func=sign_in, methods=["POST"])
    app.add_url_rule("/api/blogs", "posts", route.list_posts_cached if cached else route.list_posts)
    app.add_url_rule("/api/current_user", "user", route.current_user_cached if cached else route.current_user)
    app.add_url_rule("/api/blogs", "add", route.add_post, methods=["POST"])

    @app.before_request
    def who() -> None:
        commands.taken()
        g.user, g.cache, g.posts, g.expiry = session.get("user"), cache, posts, expiry

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers[QUERIES] = str(commands.taken())
        return response

    return app


def sign_in(user: int) -> tuple[str, int]:
    """A signed cookie says from now on who asks. Signing in for real is another lab's matter."""
    session["user"] = route.User.objects.get(id=user).id
    return "", 204


def main(settings: dict[str, Any]) -> None:
    """Serve until nobody is at the other end of standard input."""
    end_with_parent()
    commands = Commands()
    me.connect("lab", host=servers.url("mongodb"), uuidRepresentation="standard", event_listeners=[commands])
    route.Blog.ensure_indexes()  # else the first request would
    redis = servers.told_redis(RedisFeed(SharedEmitter(), SHARED))
    server(create_app(settings, commands, redis), settings["socket"]).serve_forever()


if __name__ == "__main__":
    import sys

    main(orjson.loads(sys.argv[1]))
