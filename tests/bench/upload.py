"""(u) How much memory does the web process need for a picture of 200 MB, through it into GridFS or past it into S3?"""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from PIL import Image

from dashboard.embedded import MongoDB, Valkey
from tests.bench.figure import Figure
from tests.blog import Browser
from tests.copy import RunningCopy
from tests.object_storage import ObjectStorage, post_form

SIDE = 8200
GOAL_MEGABYTES = 32
MEGABYTE = 1024 * 1024
LIMITS = {"LOOPSCOPE_IMAGE_MEGABYTES": "256", "LOOPSCOPE_IMAGE_MEGAPIXELS": "80"}


def figures(folder: Path) -> Iterator[Figure]:
    """Real web processes on embedded servers: the picture through one into GridFS, then past one into an S3 storage."""
    picture = folder / "picture.png"
    Image.frombytes("RGB", (SIDE, SIDE), os.urandom(SIDE * SIDE * 3)).save(picture, compress_level=0)
    with (
        Valkey(folder / "valkey", folder / "valkey.log") as valkey,
        MongoDB(folder / "mongodb", folder / "mongodb.log") as mongodb,
    ):
        with _web(valkey, mongodb, folder / "gridfs") as browser:
            yield _peak_of("into GridFS", picture, lambda body: _send(browser, body))
        with (
            ObjectStorage(folder / "storage.log") as storage,
            _web(valkey, mongodb, folder / "s3", **storage.environ) as browser,
        ):
            yield _peak_of("in S3, checked", picture, lambda body: _send_past(browser, body))


@contextmanager
def _web(valkey: Valkey, mongodb: MongoDB, folder: Path, **environ: str) -> Iterator[Browser]:
    """Somebody who has signed in at a web process of its own."""
    copy = RunningCopy(valkey.url, mongodb.url, folder, **LIMITS, **environ)
    try:
        browser = Browser(copy.start_web(), "/blog")
        browser.sign_in("Bench")
        yield browser
    finally:
        copy.stop()


def _peak_of(where: str, picture: Path, send: Callable[[Path], None]) -> Figure:
    worker = _worker()
    send(Path(__file__).resolve().parents[2] / "docs" / "lab-page.png")  # everything has been used once
    idle = worker.memory_info().rss
    _forget_peak(worker.pid)
    begun = time.perf_counter()
    send(picture)
    seconds = time.perf_counter() - begun
    more = (_peak(worker.pid) - idle) / MEGABYTE
    size = picture.stat().st_size / MEGABYTE
    return Figure(
        f"u  peak of the web process: {size:.0f} MB {where}",
        f"{more:.1f} MB more than idle, {seconds:.1f} s", f"< {GOAL_MEGABYTES} MB more", more < GOAL_MEGABYTES,
    )  # fmt: skip


def _send_past(browser: Browser, picture: Path) -> None:
    """Into the storage with a form, and then the check of what is there."""
    form = browser.post("/api/images/form", {"type": "image/png", "size": picture.stat().st_size}).json
    assert post_form(form["url"], form["fields"], picture.read_bytes()) == 201
    answer = browser.post("/api/images/arrived", {"name": form["name"]})
    assert answer.status == 201, answer.body


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
