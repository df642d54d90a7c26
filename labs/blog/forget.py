"""Removing somebody who only practised, and all that they made."""

from __future__ import annotations

from bson import ObjectId

from labs.blog.models import Blog, Image, User
from labs.blog.pictures import bucket
from labs.querycache import clear_hash


def forget(name: str) -> None:
    """The practice account of this name, its posts and its pictures."""
    for user in User.objects(provider="practice", subject=name):
        for image in Image.objects(owner=user.id, store="gridfs"):
            bucket().delete(ObjectId(image.key))
            image.delete()
        Blog.objects(author=user.id).delete()
        clear_hash(str(user.id))
        user.delete()
