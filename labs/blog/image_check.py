"""Decodes one picture in a process of its own, so that no picture can harm or hold up the web process.

    python image_check.py '{"megapixels": 50, "megabytes": 20}'  < picture

Prints `{"type": "image/png", "width": 640, "height": 480}`, or `{"refused": "why"}`. What decides is the content:
it must begin as one of the known types, and decode whole. What stands behind the picture is not looked at. Limits of
the process (memory, CPU time) are its own, set before the first byte is read.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import warnings
from typing import IO, Any

from PIL import Image, UnidentifiedImageError

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
STEREO = "MPO"
"""A JPEG with further pictures behind it, as some cameras make them. Everybody shows the first one."""

BYTES_A_PIXEL = 8
BASE_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 30


def limit(megapixels: int) -> None:
    """Room for one decoded picture of the largest size, and no more."""
    room = BASE_BYTES + 2 * BYTES_A_PIXEL * megapixels * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def verdict(file: IO[bytes], megapixels: int) -> dict[str, Any]:
    """What the file is, or why it is refused."""
    try:
        with warnings.catch_warnings(action="error"), Image.open(file, formats=list(TYPES)) as picture:
            width, height = picture.size
            if width * height > megapixels * 1_000_000:
                return {"refused": f"it has {width} × {height} pixels; at most {megapixels} million are allowed"}
            if picture.format != STEREO and getattr(picture, "is_animated", False):
                return {"refused": "it moves; only still pictures are allowed"}
            kind = TYPES["JPEG" if picture.format == STEREO else str(picture.format)]
            picture.load()
    except UnidentifiedImageError:
        return {"refused": "it is not a PNG, JPEG or WebP picture, whatever its name says"}
    except Exception as error:  # a decoder that meets nonsense may raise nearly anything
        return {"refused": f"it is broken ({type(error).__name__})"}
    return {"type": kind, "width": width, "height": height}


def main() -> None:
    """Standard input to a file without a name (a decoder must be able to go back), then the verdict."""
    given = json.loads(sys.argv[1])
    limit(given["megapixels"])
    Image.MAX_IMAGE_PIXELS = None  # our own limit is asked before anything is decoded
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(sys.stdin.buffer, file, 256 * 1024)
        file.seek(0)
        print(json.dumps(verdict(file, given["megapixels"])), flush=True)


if __name__ == "__main__":
    main()
