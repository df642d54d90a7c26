"""Applications that live inside the web app, under paths of their own: the blog."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from dashboard import lab_servers
from dashboard.settings import Settings
from labs.blog.app import create_app as create_blog
from labs.blog.relay import Relay
from labs.blog.settings import BlogSettings

BLOG = "/blog"


def install(app: Flask, settings: Settings) -> None:
    """Mount them. They connect lazily, like the app itself."""
    ours = blog_settings(settings)
    blog = create_blog(ours, BLOG, Relay(ours.redis_url))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {BLOG: blog.wsgi_app})  # type: ignore[method-assign]


def blog_settings(settings: Settings) -> BlogSettings:
    """What the blog runs with, on the learners' servers."""
    servers = lab_servers.urls(settings)
    return BlogSettings(
        mongodb_url=servers.get("mongodb", ""),
        redis_url=servers.get("redis", ""),
        secret=settings.secret_key(),
        google_client_id=settings.google_client_id,
        google_client_secret=settings.google_client_secret,
        public_url=settings.public_url.rstrip("/"),
        public_origins=tuple(settings.origins),
        image_megabytes=settings.image_megabytes,
        image_megapixels=settings.image_megapixels,
        storage=settings.storage(),
    )
