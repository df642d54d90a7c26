"""A Flask app as a process of its own for one part: started here, served there, on a socket made before it listens."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from werkzeug.serving import BaseWSGIServer


@contextmanager
def served(program: Path, settings: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Start `program`, which serves on the socket `settings["socket"]`; its host and port.

    A request can wait there before it listens. The program must end when its standard input does.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        given = orjson.dumps({**settings, "socket": listening.fileno()}).decode()
        command = [sys.executable, "-P", str(program), given]
        with subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[listening.fileno()]) as process:
            try:
                yield listening.getsockname()
            finally:
                assert process.stdin is not None
                process.stdin.close()
                process.wait()


def server(app: WSGIApplication, fd: int) -> BaseWSGIServer:
    """Flask's own server with a thread for each connection, on a socket that was given."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        """HTTP/1.1 without a log line for each request: stdout and stderr are the run's."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else an answer's second packet waits for a receipt of the first

        def log(self, type: str, message: str, *args: object) -> None:
            """Nothing: each request is reported as events."""

    return make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler, fd=fd)
