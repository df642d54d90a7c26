"""Where pictures are kept: streamed through this process into GridFS, and looked at once they are there.

Nothing here holds more than a few pieces of a picture. In GridFS a file appears when its last piece was written *and*
its content was found good; until then it has no name, and an upload that breaks off leaves nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Protocol, Self

from bson import ObjectId
from gridfs import GridFSBucket
from mongoengine.connection import get_db

from labs.blog.models import ALIAS, Image
from labs.blog.trace import waiting
from labs.blog.upload import CHUNK, Upload

PIECE = CHUNK
CHECKERS = BoundedSemaphore(2)
"""Pictures being decoded at the same time, in each web process."""

FREE_SECONDS = 60.0
"""How long a picture waits until one of them is done."""

PATIENCE_SECONDS = 60
PROGRAM = Path(__file__).with_name("image_check.py")


class Refused(ValueError):
    """The picture is not accepted; the message says why, for whoever sent it."""


class Busy(RuntimeError):
    """No checker came free in time."""


@dataclass(frozen=True)
class Checked:
    """A picture that is what it says, kept under `key`."""

    key: str
    type: str
    width: int
    height: int
    size: int

    @classmethod
    def of(cls, key: str, found: Mapping[str, object]) -> Self:
        """From the checker's verdict."""
        return cls(
            key, str(found["type"]), int(str(found["width"])), int(str(found["height"])), int(str(found["size"]))
        )


class Readable(Protocol):
    """Anything that is read piece by piece."""

    def read(self, size: int, /) -> bytes: ...


class Checker:
    """The decoding process. Feed it pieces, then ask for the verdict; leaving the block ends it in any case."""

    def __init__(self, megapixels: int) -> None:
        command = [sys.executable, "-I", str(PROGRAM), json.dumps({"megapixels": megapixels})]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def feed(self, piece: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(piece)
        except BrokenPipeError:
            raise Refused("it could not be checked") from None

    def verdict(self) -> dict[str, object]:
        """`{"type", "width", "height"}`. Raises `Refused`."""
        try:
            said, _ = self._process.communicate(timeout=PATIENCE_SECONDS)
            found: dict[str, object] = json.loads(said)
        except (subprocess.TimeoutExpired, json.JSONDecodeError):
            raise Refused("it takes too much work to decode") from None
        if "refused" in found:
            raise Refused(str(found["refused"]))
        return found

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def checker(megapixels: int) -> Iterator[Checker]:
    """One of the few checkers there may be. Raises `Busy` when none comes free."""
    with waiting("wait for a decoder", "other"):
        if not CHECKERS.acquire(timeout=FREE_SECONDS):
            raise Busy
    try:
        with waiting("start the decoder", "other"):
            found = Checker(megapixels)
        try:
            yield found
        finally:
            found.end()
    finally:
        CHECKERS.release()


def check(pieces: Iterable[bytes], megapixels: int, most: int) -> dict[str, object]:
    """The verdict on what these pieces are together, with its "size". They must not come from a stranger's line:
    who sends slowly would keep a checker from everybody else. Raises `Refused`, `Busy`.
    """
    size = 0
    with checker(megapixels) as decoding:
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise larger_than(most)
            with waiting("feed the decoder", "other"):
                decoding.feed(piece)
        with waiting("decode, other process", "other"):
            return {**decoding.verdict(), "size": size}


def pieces_of(source: Readable) -> Iterator[bytes]:
    """`source` to its end."""
    while piece := source.read(PIECE):
        yield piece


def bucket() -> GridFSBucket:
    """GridFS in the learners' database."""
    return GridFSBucket(get_db(ALIAS), bucket_name=bucket_name())


def bucket_name() -> str:
    """Beside the collection of pictures, whatever that is called now."""
    return str(Image._get_collection_name()).removesuffix("images") + "pictures"


def keep(source: Readable, megapixels: int, most: int) -> Checked:
    """Stream a picture into GridFS and check what is there.

    Raises `Refused`, `Busy`, or whatever `source` raises; then nothing is kept.
    """
    upload = Upload(get_db(ALIAS), bucket_name())
    try:
        for piece in pieces_of(source):
            if upload.length + len(piece) > most:
                raise larger_than(most)
            upload.write(piece)
        found = check(upload.written(), megapixels, most)
        upload.close()
    except BaseException:
        upload.abort()
        raise
    return Checked.of(str(upload.id), found)


def remove(key: str) -> None:
    """Take a kept picture away."""
    bucket().delete(ObjectId(key))


def larger_than(most: int) -> Refused:
    """A picture of more than `most` bytes."""
    return Refused(f"it is larger than {most >> 20} MB")
