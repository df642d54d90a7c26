"""The whole URL map of the blog, as the course has it."""

from __future__ import annotations

from flask import Flask

from labs.blog import direct, front, images, posts, sign_in


def install(app: Flask) -> None:
    """Signing in, then people and posts, then pictures."""
    page = app.add_url_rule
    page("/", "front", front.page)
    page("/shared/<name>", "shared", front.shared)
    page(f"/vendor/inter/{front.FONT}", "font", front.font)

    page("/auth/google", "sign_in", sign_in.begin)
    page("/auth/google/callback", "callback", sign_in.callback)
    page("/auth/logout", "sign_out", sign_in.end, methods=["GET", "POST"])

    page("/api/current_user", "current_user", posts.current_user)
    page("/api/blogs", "posts", posts.list_posts)
    page("/api/blogs", "add_post", posts.add_post, methods=["POST"])
    page("/api/blogs/<id>", "post", posts.get_post)
    page("/api/images", "add_image", images.add_image, methods=["POST"])
    page("/api/images/form", "form", direct.give_form, methods=["POST"])
    page("/api/images/arrived", "arrived", direct.take_arrived, methods=["POST"])
    page("/api/images/<id>", "image", images.get_image)
    page("/api/watch", "watch", posts.watch, methods=["POST"])
