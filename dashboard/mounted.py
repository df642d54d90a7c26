"""Applications that live inside the web app, under paths of their own: the blog."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from dashboard.settings import Settings
from labs.blog.app import create_app as create_blog
from labs.blog.settings import BlogSettings

BLOG = "/blog"


def install(app: Flask, settings: Settings) -> None:
    """Mount them. They connect lazily, like the app itself."""
    blog = create_blog(blog_settings(settings), BLOG)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {BLOG: blog.wsgi_app})  # type: ignore[method-assign]


def blog_settings(settings: Settings) -> BlogSettings:
    """What the blog runs with, on the learners' servers."""
    return BlogSettings(
        mongodb_url=settings.mongodb_url,
        secret=settings.secret_key(),
        google_client_id=settings.google_client_id,
        google_client_secret=settings.google_client_secret,
        public_url=settings.public_url.rstrip("/"),
        image_megabytes=settings.image_megabytes,
        image_megapixels=settings.image_megapixels,
    )
