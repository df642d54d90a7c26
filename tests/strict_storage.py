"""A door before an object storage that believes every form: this one lets in only what its policy allows."""

from __future__ import annotations

import http.client
import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import escape

from werkzeug import Request, Response
from werkzeug.formparser import FormDataParser
from werkzeug.serving import make_server

from tests.blog import Quiet
from tests.object_storage import ObjectStorage, environ_of
from tests.post_policy import Broken, Signer, check

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "server", "date"}


class StrictStorage:
    """`with strict(storage) as door:`. `settings` lead through the door; what is behind it is `storage`'s to show.

    `ahead`: how far the clock of the door is before ours.
    """

    def __init__(self, storage: ObjectStorage, port: int) -> None:
        self.storage = storage
        self.settings = replace(storage.settings, endpoint=f"http://127.0.0.1:{port}")
        self.ahead = timedelta()

    @property
    def environ(self) -> dict[str, str]:
        """What tells a copy of the product to use it."""
        return environ_of(self.settings)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> object:
        request = Request(environ)
        body = request.get_data()
        if request.method == "POST" and request.mimetype == "multipart/form-data":
            try:
                self._check(environ, body)
            except Broken as why:
                return _error(why)(environ, start)
        return self._behind(request, body)(environ, start)

    def _check(self, environ: WSGIEnvironment, body: bytes) -> None:
        parser = FormDataParser(_in_memory)
        _, form, files = parser.parse_from_environ({**environ, "wsgi.input": io.BytesIO(body)})
        fields = form.to_dict()
        sizes = [len(file.read()) for file in files.getlist("file")]
        if len(sizes) != 1 or sum(len(form.getlist(name)) for name in fields) != len(fields):
            raise Broken(400, "InvalidArgument", "A form has one file, and each field once.")
        mine = self.settings
        check(fields, sizes[0], Signer(mine.bucket, mine.region, mine.key, mine.secret), datetime.now(UTC) + self.ahead)

    def _behind(self, request: Request, body: bytes) -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.storage.port, timeout=60)
        try:
            path = request.full_path.removesuffix("?")
            connection.request(request.method, path, body, _passed(request.headers.items()))
            answer = connection.getresponse()
            content = answer.read()
            length = {"Content-Length": answer.headers["Content-Length"]} if request.method == "HEAD" else {}
            return Response(content, answer.status, {**_passed(answer.headers.items()), **length})
        finally:
            connection.close()


@contextmanager
def strict(storage: ObjectStorage) -> Iterator[StrictStorage]:
    """The door, open on a port of its own."""
    server = make_server("127.0.0.1", 0, Response(), threaded=True, request_handler=Quiet)
    server.app = door = StrictStorage(storage, server.port)  # type: ignore[assignment]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _in_memory(
    total_content_length: int | None, content_type: str | None, filename: str | None, content_length: int | None = None
) -> IO[bytes]:
    return io.BytesIO()


def _passed(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: value for name, value in headers if name.lower() not in HOP_BY_HOP}


def _error(why: Broken) -> Response:
    text = f"<Error><Code>{why.code}</Code><Message>{escape(str(why))}</Message></Error>"
    return Response(text, why.status, {"Access-Control-Allow-Origin": "*"}, mimetype="application/xml")
