"""How gunicorn serves the web app: gevent workers behind one port, a master that starts a dead one again.

Its log goes to stderr; `loopscope up` keeps it in a file.
"""

from __future__ import annotations

from pathlib import Path

from gevent import monkey

monkey.patch_all()  # before anything that uses sockets or threads is imported, here or by the app

import dashboard.app  # noqa: E402, F401 — imported once in the master, so that a new worker is there at once
from dashboard.gunicorn_worker import GeventWorker  # noqa: E402
from dashboard.settings import Settings  # noqa: E402

_settings = Settings.from_environment()

bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
workers = _settings.webs
worker_class = GeventWorker
worker_connections = 4000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the heartbeat must not wait for a disk
keepalive = 30
timeout = 30
graceful_timeout = 1  # pages reconnect by themselves, and a run does not live here
accesslog = None
loglevel = "info"
control_socket_disable = True
