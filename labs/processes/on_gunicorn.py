"""gunicorn's configuration file, and the app that its gevent workers serve: one file, both real.

gunicorn -c on_gunicorn.py "on_gunicorn:create_app()"
"""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable, Iterable
from typing import Any

from labs.processes.news import tell
from labs.sdk.leash import die_with_parent

# --- what gunicorn reads ---------------------------------------------------------------------------------------------
workers = int(os.environ["PROCESSES_WORKERS"])
worker_class = "gevent"
bind = f"fd://{os.environ['PROCESSES_SOCKET']}"  # a socket that the manager holds open, whoever serves it
graceful_timeout = 10  # seconds that a worker has to answer what it has taken
timeout = 30
control_socket_disable = True
loglevel = "warning"


def on_starting(server: Any) -> None:
    die_with_parent(int(os.environ["PROCESSES_MANAGER"]))


def post_fork(server: Any, worker: Any) -> None:
    die_with_parent(server.pid)
    tell("born", worker.pid, age=worker.age)


def post_worker_init(worker: Any) -> None:
    tell("ready", worker.pid)


def child_exit(server: Any, worker: Any) -> None:
    tell("gone", worker.pid)


# --- what the workers serve ------------------------------------------------------------------------------------------
LEAK_BYTES = 256 * 1024
LEAK_MOST = 600  # pieces of that size: a lab must not take the machine down
kept: list[bytes] = []
leaking = False


def start_leaking(*_: object) -> None:
    global leaking
    leaking = True
    tell("leaking", os.getpid())


def create_app() -> Callable[..., Iterable[bytes]]:
    """Called by every worker when it starts."""
    if os.pread(int(os.environ["PROCESSES_BROKEN"]), 1, 0) == b"1":
        tell("crashed", os.getpid())
        raise RuntimeError("made to crash on start")
    signal.signal(signal.SIGUSR2, start_leaking)
    return app


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Compute a little, then wait for something slow that is not this process."""
    digest = hashlib.pbkdf2_hmac("sha256", b"a", b"b", 2000)
    ask_elsewhere(int(os.environ["PROCESSES_SLOW"]))
    if leaking and len(kept) < LEAK_MOST:
        kept.append(digest[:1] * LEAK_BYTES)
    body = digest.hex().encode()
    start_response("200 OK", [("Content-Length", str(len(body))), ("X-Worker", str(os.getpid()))])
    return [body]


def ask_elsewhere(port: int) -> None:
    from gevent import socket  # only the workers need it, not the master that reads this file too

    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n\r\n")
        while slow.recv(4096):
            pass
