"""A blog served over real HTTP in this process, and a browser's manners towards it: cookies, redirects, forms."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

import mongoengine
import orjson
from werkzeug.serving import WSGIRequestHandler, make_server

from labs.blog.app import create_app
from labs.blog.models import ALIAS
from labs.blog.settings import BlogSettings
from labs.blog.trace import Trace


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing to say."""


@contextmanager
def serving(settings: BlogSettings, take: Callable[[Trace], None] = lambda trace: None) -> Iterator[str]:
    """The blog's address while it is served."""
    server = make_server("127.0.0.1", 0, create_app(settings, take=take), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        mongoengine.disconnect(ALIAS)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def detail(self) -> str:
        return str(self.json["detail"])


class Browser:
    """Keeps cookies, follows nothing by itself."""

    def __init__(self, url: str, root: str = "") -> None:
        """`root`: where the blog is mounted, such as "/blog"."""
        self.url = url
        self.root = root
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request; `headers` with underscores for hyphens. `path` may be a whole address."""
        parts = urlsplit(path)
        path = parts.path if parts.path.startswith(self.root) else self.root + parts.path
        target = path + (f"?{parts.query}" if parts.query else "")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            connection.request(method, target, body, sent)
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(header).items():
                    self.cookies[name] = morsel.value
            return Answer(answer.status, dict(answer.headers.items()), answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, data: object, **headers: str) -> Answer:
        """JSON."""
        return self.ask("POST", path, orjson.dumps(data), Content_Type="application/json", **headers)

    def begin(self) -> str:
        """The provider's address that the blog sends to."""
        answer = self.get("/auth/google")
        assert answer.status == 302, answer.body
        return answer.headers["Location"]

    def allow(self, address: str, name: str) -> str:
        """Tell the provider a name; the callback's address that it sends to."""
        form = urlencode({"name": name}).encode()
        answer = self.ask("POST", address, form, Content_Type="application/x-www-form-urlencoded", Origin=self.url)
        assert answer.status == 302, answer.body
        return answer.headers["Location"]

    def sign_in(self, name: str = "Ada") -> Answer:
        """The whole way."""
        return self.get(self.allow(self.begin(), name))
