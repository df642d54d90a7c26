"""The API of pictures: send one, see one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bson import ObjectId
from flask import Response, abort, current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from gridfs import GridOut

from labs.blog import pictures, sign_in
from labs.blog.arriving import Arriving, TooSlow
from labs.blog.models import Image
from labs.blog.pictures import Checked
from labs.blog.settings import MEGABYTE, BlogSettings
from labs.blog.storage import SHOWN_SECONDS, STORE

if TYPE_CHECKING:
    from labs.blog.s3 import Bucket

BUSY = "Many pictures are being looked at just now. Send yours again in a moment."


def add_image() -> ResponseReturnValue:
    """POST /api/images: the picture itself is the body. 201 with its id; 408, 413, 422 or 503 saying why not."""
    user = sign_in.needed_user()
    settings = _settings()
    most = settings.image_megabytes * MEGABYTE
    request.max_content_length = most
    if request.content_length is None:
        abort(411, description="Say how large the picture is (Content-Length).")
    if request.content_length > most:
        abort(413, description=f"A picture has at most {settings.image_megabytes} MB.")
    if not settings.collections:  # one run's own hold nothing of others
        current_app.extensions["blog_leftovers"].sweep_if_due()
    try:
        with Arriving(request) as body:
            found = pictures.keep(body, settings.image_megapixels, most)
    except TooSlow:
        abort(408, description="The picture came too slowly. Send it again on a better line, or send a smaller one.")
    except pictures.Busy:
        abort(503, description=BUSY)
    except pictures.Refused as why:
        abort(422, description=f"The picture was refused: {why}.")
    return kept(user.id, "gridfs", found, pictures.remove)


def get_image(id: str) -> ResponseReturnValue:
    """GET /api/images/<id>: one's own picture, as what it was found to be and as nothing else.

    One that lies in the object storage comes from there: the answer sends on to an address that works for minutes.
    """
    user = sign_in.needed_user()
    image = Image.objects(id=id, owner=user.id).first() if ObjectId.is_valid(id) else None
    if image is None:
        abort(404, description="You have no picture with this address.")
    if image.store == STORE:
        elsewhere = redirect(storage().address(image.key, image.type))
        elsewhere.headers["Cache-Control"] = f"private, max-age={SHOWN_SECONDS // 2}"
        return elsewhere
    response = Response(_pieces(pictures.bucket().open_download_stream(ObjectId(image.key))), mimetype=image.type)
    response.content_length = image.size
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def kept(owner: ObjectId, store: str, found: Checked, remove: Callable[[str], object]) -> ResponseReturnValue:
    """Enter a picture that was found good; 201 with what it is. One that cannot be entered is removed."""
    image = Image(
        owner=owner, store=store, key=found.key, type=found.type,
        width=found.width, height=found.height, size=found.size,
    )  # fmt: skip
    try:
        image.save(force_insert=True)
    except BaseException:
        remove(found.key)
        raise
    said = {"id": str(image.id), "type": found.type, "width": found.width, "height": found.height, "size": found.size}
    return jsonify(said), 201


def storage() -> Bucket:
    """This app's object storage, or 404."""
    found: Bucket | None = current_app.extensions["blog_storage"]
    if found is None:
        abort(404, description="This copy has no object storage: send pictures to POST /api/images.")
    return found


def _pieces(file: GridOut) -> Iterator[bytes]:
    with file:
        while piece := file.read(pictures.PIECE):
            yield piece


def _settings() -> BlogSettings:
    settings: BlogSettings = current_app.config["BLOG"]
    return settings
