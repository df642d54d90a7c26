"""The blog, put together. It knows nothing of the dashboard that may mount it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask, request, session
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from labs.blog import guard, models, routes, sign_in
from labs.blog.leftovers import Leftovers
from labs.blog.settings import BlogSettings
from labs.blog.storage import open_bucket
from labs.blog.trace import CACHE_PREFIX, MongoCommands, Trace, Traced, current, trace_access
from labs.openid_provider.app import Look
from labs.openid_provider.app import create_app as create_provider
from labs.querycache import QueryCache, Seal, use

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOK = Look(
    styles=("../shared/tokens.css", "../shared/base.css", "../shared/buttons.css", "../static/blog.css"),
    theme="../static/theme.js",
    icon="../shared/mark.svg",
)
NOT_SHOWN = ("static", "shared", "font", "watch")
"""Requests of the page itself, which are no lesson."""


def create_app(settings: BlogSettings, path: str = "", take: Callable[[Trace], None] = lambda trace: None) -> Flask:
    """The blog, with the practice provider inside it unless Google signs people in.

    `path`: where it is mounted ("/blog"); its cookie is for there alone. `take` gets every finished request.
    Raises `StorageError` when object storage is set and its library is not installed.
    """
    app = Flask(__name__)
    app.config.update(
        BLOG=settings,
        SECRET_KEY=settings.key("blog session"),
        SESSION_COOKIE_NAME="blog",
        SESSION_COOKIE_PATH=path or "/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,  # a slow answer would bring back who has signed out meanwhile
        MAX_CONTENT_LENGTH=256 * 1024,
    )
    models.connect(settings.mongodb_url, MongoCommands(settings.collections), prefix=settings.collections)
    _cache(settings)
    bucket = open_bucket(settings.storage)
    app.extensions["blog_storage"] = bucket
    app.extensions["blog_leftovers"] = Leftovers()
    guard.install(app, settings.origins, bucket.origin if bucket else "")
    app.before_request(_name_trace)
    sign_in.install(app)
    routes.install(app)
    traced = Traced(app.wsgi_app, take)
    mounted: dict[str, WSGIApplication] = (
        {} if settings.google else {sign_in.PRACTICE_PATH: _provider(settings).wsgi_app}
    )
    app.wsgi_app = DispatcherMiddleware(traced, mounted)  # type: ignore[method-assign]
    return app


def _provider(settings: BlogSettings) -> Flask:
    """The practice provider. Where Google signs people in there is none: anybody could be anybody there."""
    return create_provider(
        settings.key("practice client"),
        lambda: _callback_of_provider(settings.public_url),
        LOOK,
        lambda: guard.asked_by_own_page(settings.origins),
    )


def _cache(settings: BlogSettings) -> None:
    """What querysets' `.cache()` means in this process."""
    if not (settings.cached and settings.redis_url):
        use(None)
        return
    seal = Seal(bytes.fromhex(settings.key("blog cache"))) if settings.sealed else None
    cache = QueryCache(settings.redis_url, prefix=CACHE_PREFIX, patience=settings.cache_patience, seal=seal)
    cache.listeners.add(trace_access)
    use(cache)


def _name_trace() -> None:
    """The waterfall is named after the route, so that requests of one route can be compared."""
    trace = current()
    if trace is None:
        return
    rule = request.url_rule.rule if request.url_rule else "unknown path"  # it may say what is for nobody else
    trace.name = f"{request.method} {rule}"[:80]
    trace.hidden = request.endpoint in NOT_SHOWN
    if not trace.hidden:  # a file that looks at the session is said to differ by cookie
        trace.watcher = str(session.get("watch", ""))


def _callback_of_provider(public_url: str) -> str:
    blog = request.script_root.removesuffix(sign_in.PRACTICE_PATH)
    return (public_url or request.host_url.rstrip("/")) + blog + "/auth/google/callback"
