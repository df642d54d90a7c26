"""Pictures that come slowly, or not to their end: they hold up nobody else, and end in words."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any
from urllib.parse import urlsplit

import pymongo
import pytest
from pymongo.errors import AutoReconnect

from dashboard.embedded import MongoDB
from labs.blog import arriving, pictures
from labs.blog.models import Image
from labs.blog.settings import BlogSettings
from labs.blog.trace import Trace
from labs.blog.upload import CHUNK, Upload
from tests.blog import Browser, serving
from tests.integration.test_blog_images import picture, send
from tests.waiting import wait_until

LARGE = picture("PNG", (700, 700))


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB, traces: list[Trace]) -> Iterator[str]:
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test"), traces.append) as url:
        yield url


@pytest.fixture
def database(mongodb: MongoDB) -> Iterator[Any]:
    client: pymongo.MongoClient[dict[str, object]]
    with pymongo.MongoClient(mongodb.url) as client:
        yield client["lab"]


def begin(browser: Browser, body: bytes, length: int) -> socket.socket:
    """A picture of which `body` is sent for now."""
    host = urlsplit(browser.url)
    connection = socket.create_connection((str(host.hostname), host.port), timeout=60)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    head = f"POST /api/images HTTP/1.1\r\nHost: {host.netloc}\r\nCookie: {cookie}\r\nContent-Length: {length}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


def answer_of(connection: socket.socket) -> str:
    """What comes until the server closes."""
    found = b""
    while piece := connection.recv(65536):
        found += piece
    return found.decode()


def under_way(database: Any) -> int:
    """Pictures of which a piece has been written."""
    return len(database["pictures.chunks"].distinct("files_id"))


def nothing_left(database: Any) -> bool:
    return not any(database[f"pictures.{what}"].count_documents({}) for what in ("chunks", "files"))


def test_pictures_that_stall_hold_up_nobody(ada: Browser, database: Any) -> None:
    with ExitStack() as stalled:
        for n in range(1, 5):
            stalled.enter_context(closing(begin(ada, LARGE[: 2 * CHUNK], len(LARGE))))
            wait_until(lambda n=n: under_way(database) == n)  # type: ignore[misc]
        assert send(ada, picture("PNG"))[0] == 201
    wait_until(lambda: under_way(database) == 1)


def test_a_picture_that_stalls_is_ended_in_words(ada: Browser, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "FIRST_SECONDS", 0.5)
    monkeypatch.setattr(arriving, "LEAST_RATE", len(LARGE) * 10)
    with closing(begin(ada, LARGE[: 2 * CHUNK], len(LARGE))) as connection:
        said = answer_of(connection)
    assert " 408 " in said.splitlines()[0]
    assert "came too slowly" in said
    wait_until(lambda: nothing_left(database))


def test_where_no_decoder_comes_free_it_is_said(ada: Browser, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FREE_SECONDS", 0.01)
    with pictures.CHECKERS, pictures.CHECKERS:
        status, said = send(ada, picture("PNG"))
    assert (status, said) == (503, "Many pictures are being looked at just now. Send yours again in a moment.")
    assert nothing_left(database)
    assert send(ada, picture("PNG"))[0] == 201


def test_what_cannot_be_entered_is_not_kept(ada: Browser, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **options: object) -> None:
        raise AutoReconnect("MongoDB is away")

    with monkeypatch.context() as patch:
        patch.setattr(Image, "save", away)
        assert ada.ask("POST", "/api/images", picture("PNG")).status == 500
    assert nothing_left(database)
    with monkeypatch.context() as patch:
        patch.setattr(Upload, "close", away)
        assert ada.ask("POST", "/api/images", picture("PNG")).status == 500
    assert nothing_left(database)


def test_the_way_from_the_browser_is_not_the_apps_own_work(ada: Browser, traces: list[Trace], database: Any) -> None:
    known = len(traces)
    with closing(begin(ada, LARGE[:-10], len(LARGE))) as connection:
        wait_until(lambda: database["pictures.chunks"].count_documents({}) == len(LARGE) // CHUNK)
        connection.sendall(LARGE[-10:])
        assert " 201 " in answer_of(connection).splitlines()[0]
    [trace] = wait_until(lambda: [trace for trace in traces[known:] if trace.name == "POST /api/images"])
    names = [piece.name for piece in trace.pieces()]
    assert names.count("read from the browser") > len(LARGE) // CHUNK
    assert {"wait for a decoder", "start the decoder", "feed the decoder", "decode, other process"} < set(names)
