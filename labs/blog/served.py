"""The blog as a process of its own for one tour: serves on a socket that it was given, reports every request.

Started by `tour.py`. It ends when its standard input does, which is when the tour ends, however that happens.
"""

from __future__ import annotations

import itertools
import os
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from labs.blog.app import create_app
from labs.blog.relay import Told, report
from labs.blog.settings import BlogSettings
from labs.blog.trace import Trace
from labs.sdk.together import start_together


class Handler(WSGIRequestHandler):
    """HTTP/1.1 without a log line for each request: stdout and stderr are the run's."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: each request is reported as events."""


def main() -> None:
    """Serve until nobody is at the other end of standard input."""
    params, emit = start_together()
    numbers = itertools.count(1)

    def take(trace: Trace) -> None:
        report(emit, next(numbers), Told.of(trace))

    app = create_app(BlogSettings.from_environment(), take=take)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler, fd=params["socket"])

    def until_alone() -> None:
        while os.read(0, 1024):
            pass
        server.shutdown()

    threading.Thread(target=until_alone, name="leash", daemon=True).start()
    server.serve_forever(0.05)
    server.server_close()
    emit.finish()


if __name__ == "__main__":
    main()
