"""A small web app. gunicorn forks workers that serve it on one port; each worker is a process with a gevent loop."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from hashlib import pbkdf2_hmac
from typing import Any

from gevent.threadpool import ThreadPool

settings = json.loads(os.environ["CLUSTER_SETTINGS"])
pool = ThreadPool(1)


def one_hash() -> tuple[float, float, float]:
    begun, used = time.perf_counter(), time.thread_time()
    pbkdf2_hmac("sha512", b"a", b"b", settings["iterations"], 512)
    return begun, time.perf_counter(), time.thread_time() - used


def hash_somewhere() -> tuple[float, float, float]:
    if settings["where"] == "pool":
        return pool.apply(one_hash)  # the loop goes on
    return one_hash()  # the loop waits


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    begun = ended = time.perf_counter()
    cpu = 0.0  # seconds that a CPU worked on the hash
    if environ["PATH_INFO"] == "/":
        begun, ended, cpu = hash_somewhere()
    start_response(
        "200 OK",
        [
            ("Content-Length", "3"),
            ("X-Worker", str(os.getpid())),
            ("X-Begin", f"{begun:.9f}"),
            ("X-End", f"{ended:.9f}"),
            ("X-Cpu", f"{cpu:.9f}"),
        ],
    )
    return [b"ok\n"]
