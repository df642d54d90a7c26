"""Pictures that a browser sends to the object storage itself: the form for it, and the check of what arrived."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import abort, current_app, jsonify
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field

from labs.blog import pictures, sign_in
from labs.blog.images import BUSY, kept, storage
from labs.blog.pictures import Checked, Refused
from labs.blog.posts import read
from labs.blog.settings import MEGABYTE, BlogSettings
from labs.blog.storage import STORE, Missing, StorageError, WrongSetup, incoming

if TYPE_CHECKING:
    from labs.blog.s3 import Bucket

TYPES = ("image/png", "image/jpeg", "image/webp")
AWAY = "The object storage does not answer as it should. Try again in a moment."
WRONG = "The object storage is set up wrongly. Tell whoever runs this copy; its log says what is wrong."
WRONG_TYPE = "it is not a PNG, JPEG or WebP picture"


class Announced(BaseModel):
    """What a browser is about to send."""

    model_config = ConfigDict(extra="forbid", strict=True)
    type: str = Field(max_length=100)
    size: int = Field(ge=1)


class Arrived(BaseModel):
    """Which form was posted."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: str = Field(pattern=r"^[0-9a-f]{32}$")


def give_form() -> ResponseReturnValue:
    """POST /api/images/form: `{type, size}` → `{url, fields, name}` to be posted to the storage within minutes."""
    user = sign_in.needed_user()
    bucket = storage()
    announced = read(Announced)
    settings = _settings()
    if announced.type not in TYPES:
        abort(422, description=f"The picture was refused: {WRONG_TYPE}.")
    if announced.size > settings.image_megabytes * MEGABYTE:
        abort(413, description=f"A picture has at most {settings.image_megabytes} MB.")
    form = bucket.form(str(user.id), announced.type, settings.image_megabytes * MEGABYTE)
    return jsonify({"url": form.url, "fields": form.fields, "name": form.name})


def take_arrived() -> ResponseReturnValue:
    """POST /api/images/arrived: `{name}`. What the storage holds is checked; 201, or 404 or 422 saying why not."""
    user = sign_in.needed_user()
    bucket = storage()
    source = incoming(str(user.id), read(Arrived).name)
    try:
        found = _checked(bucket, source, str(user.id), _settings())
    except Missing:
        abort(404, description="The storage has received no such picture. Send it again.")
    except StorageError as error:
        logging.getLogger(__name__).warning("object storage: %s", error)
        abort(503, description=WRONG if isinstance(error, WrongSetup) else AWAY)
    except pictures.Busy:
        abort(503, description=BUSY)
    except Refused as why:
        abort(422, description=f"The picture was refused: {why}.")
    return kept(user.id, STORE, found, bucket.remove)


def _checked(bucket: Bucket, source: str, owner: str, settings: BlogSettings) -> Checked:
    """Check a copy of `source` that nobody can replace. Either way `source` is gone afterwards, and a bad copy too."""
    most = settings.image_megabytes * MEGABYTE
    said = bucket.stat(source)
    with _removed(bucket, source):
        if said.size > most:
            raise pictures.larger_than(most)
        if said.type not in TYPES:
            raise Refused(f"it was sent as {said.type or 'nothing known'}; {WRONG_TYPE}")
        key = bucket.keep(source, owner)
        try:
            with bucket.opened(key) as body:
                found = pictures.check(pictures.pieces_of(body), settings.image_megapixels, most)
            if found["type"] != bucket.stat(key).type:
                raise Refused(f"its content is {found['type']}, but it was not sent as that")
        except BaseException:
            with _removed(bucket, key):
                raise
    return Checked.of(key, found)


@contextmanager
def _removed(bucket: Bucket, key: str) -> Iterator[None]:
    """Delete the object at the end of the block, however it ends. A storage that is away keeps it; the log says so."""
    try:
        yield
    finally:
        try:
            bucket.remove(key)
        except StorageError as error:
            logging.getLogger(__name__).warning("%s stays in the object storage: %s", key, error)


def _settings() -> BlogSettings:
    settings: BlogSettings = current_app.config["BLOG"]
    return settings
