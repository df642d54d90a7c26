"""How gunicorn serves `on_gunicorn.py`. It tells on its stdout which port it got and which workers are there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import gevent
import gunicorn

from labs.sdk.leash import die_with_parent

settings = json.loads(os.environ["CLUSTER_SETTINGS"])

bind = "127.0.0.1:0"
workers = settings["workers"]
worker_class = "gevent"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the heartbeat must not wait for a disk
keepalive = 75
graceful_timeout = 1
timeout = 0  # a worker whose loop computes tells nobody that it lives: that is the subject here, no reason to kill it
loglevel = "warning"
control_socket_disable = True

die_with_parent(settings["parent"])


def when_ready(server: Any) -> None:
    """The master listens; its workers are not there yet."""
    about = {"gunicorn": gunicorn.__version__, "python": f"gevent {gevent.__version__}"}
    tell({"port": server.LISTENERS[0].sock.getsockname()[1], "about": about})


def post_fork(server: Any, worker: Any) -> None:
    """In the new worker."""
    die_with_parent(server.pid)


def post_worker_init(worker: Any) -> None:
    """The app is loaded; the worker serves from now on."""
    tell({"worker": worker.pid})


def tell(fact: dict[str, Any]) -> None:
    """One short line in one write, so that several processes may share the pipe."""
    os.write(1, json.dumps(fact).encode() + b"\n")
