"""The API of people and posts. A post is its author's alone: to anybody else it does not exist."""

from __future__ import annotations

from typing import Any, TypeVar

from bson import ObjectId
from flask import Response, abort, jsonify, request, session
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from labs.blog import sign_in
from labs.blog.models import LONGEST_CONTENT, LONGEST_TITLE, Blog, Image
from labs.querycache import clean_cache

MOST_LISTED = 100
Model = TypeVar("Model", bound=BaseModel)


class NewPost(BaseModel):
    """What a new post must be: text, not operators, and nothing unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    content: str = Field(min_length=1, max_length=LONGEST_CONTENT)
    image: str | None = Field(None, pattern=r"^[0-9a-f]{24}$")


class Watch(BaseModel):
    """The run that wants to see this browser's requests."""

    model_config = ConfigDict(extra="forbid", strict=True)
    run: str = Field(pattern=r"^[0-9a-zA-Z-]{0,64}$")


def current_user() -> Response:
    """GET /api/current_user: `{id, name, email}`, or null."""
    user = sign_in.user()
    return jsonify({"id": str(user.id), "name": user.name, "email": user.email} if user else None)


def list_posts() -> Response:
    """GET /api/blogs: one's own posts, the newest first."""
    user = sign_in.needed_user()
    posts = Blog.objects(author=user.id).order_by("-created").limit(MOST_LISTED).cache(key=str(user.id))
    return jsonify([as_data(post) for post in posts])


def get_post(id: str) -> Response:
    """GET /api/blogs/<id>: one's own post; 404 for anything else."""
    user = sign_in.needed_user()
    mine = Blog.objects(id=id, author=user.id).cache(key=str(user.id)) if ObjectId.is_valid(id) else None
    post = mine.first() if mine is not None else None
    if post is None:
        abort(404, description="You have no post with this address.")
    return jsonify(as_data(post))


@clean_cache(lambda: str(sign_in.needed_user().id))
def add_post() -> ResponseReturnValue:
    """POST /api/blogs: `{title, content, image?}`."""
    user = sign_in.needed_user()
    new = read(NewPost)
    if new.image and not Image.objects(id=new.image, owner=user.id).first():
        abort(422, description="image: you have no picture with this id; upload it first.")
    post = Blog(author=user.id, title=new.title, content=new.content, image=ObjectId(new.image) if new.image else None)
    post.save(force_insert=True)
    return jsonify(as_data(post)), 201


def watch() -> ResponseReturnValue:
    """POST /api/watch: from now on the waterfalls of this browser's requests go to a run."""
    session["watch"] = read(Watch).run
    return "", 204


def as_data(post: Blog) -> dict[str, Any]:
    """A post as JSON."""
    return {
        "id": str(post.id), "title": post.title, "content": post.content,
        "image": str(post.image) if post.image else None, "created": post.created.isoformat(),
    }  # fmt: skip


def read(model: type[Model]) -> Model:
    """The JSON of this request as `model`, or 415 or 422 saying for each field what is wrong."""
    if not request.is_json:
        abort(415, description="Send JSON, with Content-Type: application/json.")
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors()]
        abort(422, description="; ".join(wrong)[:1000])
