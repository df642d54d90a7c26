"""(u) How much memory does the web process need for a picture of 200 MB? And what does the query cache save?"""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from PIL import Image

from dashboard.embedded import MongoDB, Valkey
from tests.bench.figure import Figure
from tests.blog import Browser
from tests.copy import RunningCopy

SIDE = 8200
GOAL_MEGABYTES = 32
MEGABYTE = 1024 * 1024


def figures(folder: Path) -> Iterator[Figure]:
    """A real web process on embedded servers; the picture is streamed to it over HTTP."""
    picture = folder / "picture.png"
    Image.frombytes("RGB", (SIDE, SIDE), os.urandom(SIDE * SIDE * 3)).save(picture, compress_level=0)
    with (
        Valkey(folder / "valkey", folder / "valkey.log") as valkey,
        MongoDB(folder / "mongodb", folder / "mongodb.log") as mongodb,
    ):
        limits = {"LOOPSCOPE_IMAGE_MEGABYTES": "256", "LOOPSCOPE_IMAGE_MEGAPIXELS": "80"}
        copy = RunningCopy(valkey.url, mongodb.url, folder, **limits)
        try:
            browser = Browser(copy.start_web(), "/blog")
            browser.sign_in("Bench")
            yield from _upload(browser, picture)
        finally:
            copy.stop()


def _upload(browser: Browser, picture: Path) -> Iterator[Figure]:
    worker = _worker()
    _send(browser, Path(__file__).resolve().parents[2] / "docs" / "lab-page.png")  # everything has been used once
    idle = worker.memory_info().rss
    _forget_peak(worker.pid)
    begun = time.perf_counter()
    _send(browser, picture)
    seconds = time.perf_counter() - begun
    more = (_peak(worker.pid) - idle) / MEGABYTE
    size = picture.stat().st_size / MEGABYTE
    yield Figure(
        f"u  peak of the web process for a picture of {size:.0f} MB", f"{more:.1f} MB more than idle, {seconds:.1f} s",
        f"< {GOAL_MEGABYTES} MB more", more < GOAL_MEGABYTES,
    )  # fmt: skip


def _send(browser: Browser, picture: Path) -> None:
    connection = http.client.HTTPConnection(urlsplit(browser.url).netloc, timeout=300)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with picture.open("rb") as body:
        size = str(picture.stat().st_size)
        connection.request("POST", "/blog/api/images", body, {"Cookie": cookie, "Content-Length": size})
        answer = connection.getresponse()
        said = answer.read()
    connection.close()
    assert answer.status == 201, said


def _worker() -> psutil.Process:
    """The gunicorn worker: the child of the master, which is ours."""
    below = psutil.Process().children(recursive=True)
    return next(
        process
        for process in below
        if any("gunicorn" in word for word in process.cmdline()) and process.ppid() != os.getpid()
    )


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak(pid: int) -> int:
    """Most resident memory since then, in bytes, as the kernel counted it."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
