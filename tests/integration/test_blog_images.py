"""Pictures for posts: real ones pass, everything else is refused and leaves nothing behind."""

from __future__ import annotations

import io
import random
import socket
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

import pymongo
import pytest
from PIL import Image
from pymongo.database import Database

from dashboard.embedded import MongoDB
from labs.blog.settings import BlogSettings
from tests.blog import Browser, serving
from tests.waiting import wait_until

SCRIPT = b"<script>alert(1)</script>"
MEGABYTES = 2


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB) -> Iterator[str]:
    settings = BlogSettings(mongodb_url=mongodb.url, secret="test", image_megabytes=MEGABYTES, image_megapixels=4)
    with serving(settings) as url:
        yield url


@pytest.fixture
def kept(mongodb: MongoDB) -> Iterator[list[str]]:
    """Fails the test unless the learners' database holds as many files as the test says it put there."""
    expected: list[str] = []
    yield expected
    client: pymongo.MongoClient[dict[str, object]]
    with pymongo.MongoClient(mongodb.url) as client:
        database: Database[dict[str, object]] = client["lab"]
        wait_until(lambda: len(database["pictures.chunks"].distinct("files_id")) == len(expected))
        assert database["pictures.files"].count_documents({}) == len(expected)
        assert database["images"].count_documents({}) == len(expected)


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    noise = random.Random(1).randbytes(size[0] * size[1] * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", size, noise).save(out, kind)
    return out.getvalue()


def send(browser: Browser, body: bytes, **headers: str) -> tuple[int, str]:
    answer = browser.ask("POST", "/api/images", body, **headers)
    return answer.status, answer.json.get("id") or answer.json["detail"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_comes_back_as_what_it_is(ada: Browser, kept: list[str], kind: str) -> None:
    body = picture(kind)
    answer = ada.ask("POST", "/api/images", body, Content_Type="text/html")  # what the sender says does not count
    assert answer.status == 201
    found = answer.json
    assert (found["type"], found["width"], found["height"]) == (f"image/{kind.lower()}", 40, 30)
    kept.append(found["id"])
    image = ada.get(f"/api/images/{found['id']}")
    assert image.body == body
    assert image.headers["Content-Type"] == f"image/{kind.lower()}"
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    assert image.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_belongs_to_a_post_and_to_its_author(ada: Browser, blog: str, kept: list[str]) -> None:
    _, id = send(ada, picture("PNG"))
    kept.append(id)
    assert ada.post("/api/blogs", {"title": "x", "content": "y", "image": id}).json["image"] == id
    grace = Browser(blog)
    grace.sign_in("Grace")
    assert grace.get(f"/api/images/{id}").status == 404
    assert grace.post("/api/blogs", {"title": "x", "content": "y", "image": id}).status == 422


def test_a_picture_of_many_pieces_is_kept_whole(ada: Browser, kept: list[str]) -> None:
    body = picture("PNG", (700, 700))
    assert len(body) > 1_000_000
    status, id = send(ada, body)
    assert status == 201
    kept.append(id)
    assert ada.get(f"/api/images/{id}").body == body


def plain(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("L", size).save(out, "JPEG")
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """A piece of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it has 3.6 thousand million pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
        + chunk(b"IEND", b"")
    )


HEADER = 33
"""Bytes of a PNG up to where further pieces may stand."""

MUCH_MEGABYTES = 640
"""More than the decoding process may take."""


@cache
def much() -> bytes:
    """Less than a megabyte, until somebody unpacks it."""
    packed = zlib.compressobj(9)
    return b"".join(packed.compress(bytes(1 << 20)) for _ in range(MUCH_MEGABYTES)) + packed.flush()


def swollen(name: bytes, before: bytes) -> bytes:
    """A good picture that says about itself what nobody has room for."""
    good = picture("PNG")
    return good[:HEADER] + chunk(name, before + much()) + good[HEADER:]


def stereo() -> bytes:
    """As some cameras make it: a JPEG with another one behind it (MPO)."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]
    )
    return out.getvalue()


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


HOSTILE = {
    "nothing": (b"", "not a PNG, JPEG or WebP"),
    "a script": (SCRIPT, "not a PNG, JPEG or WebP"),
    "a script with the first bytes of a PNG": (b"\x89PNG\r\n\x1a\n" + SCRIPT * 40, "refused"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not a PNG, JPEG or WebP"),
    "a bomb": (bomb(), "60000 × 60000 pixels"),
    "too many pixels": (plain((2100, 2000)), "2100 × 2000 pixels"),
    "half a picture": (picture("PNG")[: len(picture("PNG")) // 2], "broken"),
    "half a JPEG": (picture("JPEG", (300, 300))[:9000], "broken"),
    "a moving one": (moving(), "it moves"),
    "a GIF": (b"GIF89a" + SCRIPT, "not a PNG, JPEG or WebP"),
    "a ZIP": (b"PK\x03\x04" + b"\0" * 100, "not a PNG, JPEG or WebP"),
}


@pytest.mark.parametrize(("body", "said"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_picture_is_refused_and_forgotten(ada: Browser, kept: list[str], body: bytes, said: str) -> None:
    status, detail = send(ada, body, Content_Type="image/png")
    assert status == 422
    assert said in detail


def test_a_picture_with_a_script_behind_it_is_never_anything_but_a_picture(ada: Browser, kept: list[str]) -> None:
    status, id = send(ada, picture("PNG") + SCRIPT)
    assert status == 201
    kept.append(id)
    image = ada.get(f"/api/images/{id}")
    assert image.headers["Content-Type"] == "image/png"
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in image.headers["Content-Security-Policy"]


def test_a_picture_of_two_lenses_is_a_jpeg(ada: Browser, kept: list[str]) -> None:
    answer = ada.ask("POST", "/api/images", stereo())
    assert answer.status == 201, answer.body
    kept.append(answer.json["id"])
    assert (answer.json["type"], answer.json["width"]) == ("image/jpeg", 40)
    assert ada.get(f"/api/images/{kept[0]}").headers["Content-Type"] == "image/jpeg"


SWOLLEN = {"iCCP": b"x\0\0", "zTXt": b"x\0\0", "iTXt": b"x\0\1\0\0\0"}
"""Pieces of a PNG that may be packed, and how each begins."""


@pytest.mark.parametrize("name", SWOLLEN)
def test_words_about_a_picture_that_swell_are_not_unpacked(ada: Browser, kept: list[str], name: str) -> None:
    status, said = send(ada, swollen(name.encode(), SWOLLEN[name]))
    assert status == 422
    assert "it is broken" in said
    assert "MemoryError" not in said


def test_what_is_too_large_is_refused_before_it_is_read(ada: Browser, kept: list[str]) -> None:
    answer, _ = raw(ada, length=MEGABYTES * 1024 * 1024 + 1, body=b"")
    assert b" 413 " in answer.splitlines()[0]
    assert b"at most 2 MB" in answer


def test_the_length_must_be_said(ada: Browser, kept: list[str]) -> None:
    answer, _ = raw(ada, length=None, body=b"")
    assert b" 411 " in answer.splitlines()[0]


def test_an_upload_that_breaks_off_leaves_nothing(ada: Browser, kept: list[str]) -> None:
    body = picture("PNG", (700, 700))
    answer, closed = raw(ada, length=len(body), body=body[: len(body) // 2], hang_up=True)
    assert closed
    assert b" 201 " not in answer


def raw(browser: Browser, length: int | None, body: bytes, hang_up: bool = False) -> tuple[bytes, bool]:
    """A request as no well-behaved client would send it."""
    host = urlsplit(browser.url)
    with socket.create_connection((str(host.hostname), host.port), timeout=60) as connection:
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        said = "" if length is None else f"Content-Length: {length}\r\n"
        head = f"POST /api/images HTTP/1.1\r\nHost: {host.netloc}\r\nCookie: {cookie}\r\n{said}\r\n"
        connection.sendall(head.encode() + body)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer, True
