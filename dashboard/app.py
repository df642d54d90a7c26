"""The web app, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_compress import Compress
from flask_socketio import SocketIO
from redis import Redis
from whitenoise import WhiteNoise

from dashboard import lab_servers, learner, mounted, problems, routes
from dashboard.keys import sockets
from dashboard.keys.access import Access
from dashboard.keys.browser import KeyBrowser
from dashboard.lessons import assets, pages
from dashboard.lessons.progress import ProgressStore
from dashboard.runs import follow, store
from dashboard.runs.actions import ActionBox
from dashboard.runs.desk import RunDesk
from dashboard.runs.ending import Ending
from dashboard.runs.queue import RunQueue
from dashboard.runs.stream import RunStream, Signs
from dashboard.services import Services
from dashboard.settings import ROOT, Settings
from dashboard.status import Status
from labs.sdk import registry
from labs.sdk.servers import VARIABLES

WEEK_SECONDS = 7 * 24 * 3600


def create_app(settings: Settings | None = None) -> Flask:
    """The whole web app. Connects lazily: a server that is away makes requests fail, not this."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=settings.secret_key(),
        SESSION_COOKIE_NAME="loopscope",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=timedelta(days=365),
        MAX_CONTENT_LENGTH=1024 * 1024,
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
    )
    redis = Redis.from_url(settings.redis_url)
    store.connect(settings.mongodb_url)
    services, follower_parts = _services(settings, redis)
    app.extensions["loopscope"] = services
    problems.install(app, pages.error_page)
    learner.install(app, settings)
    assets.install(app)
    routes.install(app)
    Compress(app)
    socketio = _socketio(app, settings)
    follower = follow.Follower(socketio, follower_parts, services.runs)
    follow.install(socketio, follower, services.runs)
    _on_disconnect(socketio, follower.forget, sockets.install(socketio, services.keys.access))
    app.extensions["loopscope_socketio"] = socketio
    mounted.install(app, settings)
    _vendor(app)
    return app


def _services(settings: Settings, redis: Redis) -> tuple[Services, RunStream]:
    labs = registry.installed(settings.extra_labs)
    queue, stream, signs, runs = RunQueue(redis), RunStream(redis), Signs(redis), store.RunStore()
    servers = lab_servers.environ(settings, VARIABLES)
    ending = Ending(redis, runs, queue, settings.stream_seconds, servers)
    desk = RunDesk(settings, labs, runs, queue, stream, signs, ending, ActionBox(redis))
    keys = KeyBrowser(Access(settings))
    return Services(settings, labs, desk, Status(redis, queue), ProgressStore(runs), keys), stream


def _socketio(app: Flask, settings: Settings) -> SocketIO:
    def may_connect(origin: str | None, environ: dict[str, Any]) -> bool:
        return origin is None or learner.allowed(origin, environ.get("HTTP_HOST", ""), settings)

    return SocketIO(
        app, async_mode="gevent", cors_allowed_origins=may_connect,
        max_http_buffer_size=64 * 1024, logger=False, engineio_logger=False,
    )  # fmt: skip


def _on_disconnect(socketio: SocketIO, *forget: Callable[[str], None]) -> None:
    """There is one handler for this; everybody who remembers viewers is told by it."""

    @socketio.on("disconnect")
    def disconnect(reason: object = None) -> None:
        for one in forget:
            one(str(request.sid))  # type: ignore[attr-defined]


def _vendor(app: Flask) -> None:
    """Front-end packages from npm, compressed at set-up, under /vendor/<short name>/…"""
    served = WhiteNoise(app.wsgi_app, max_age=WEEK_SECONDS)
    for short, folder in assets.VENDOR_FOLDERS.items():
        served.add_files(str(Path(ROOT / "node_modules" / folder)), prefix=f"vendor/{short}/")
    app.wsgi_app = served  # type: ignore[method-assign]
