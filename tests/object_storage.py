"""An S3 server as a process of its own (moto's): it stores and serves, and believes every form that it is sent.

A real storage refuses a form whose policy is broken. This one does not, so what it lets through is what the blog's own
check must catch. `strict_storage.py` is the door that refuses.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import requests
from botocore.session import Session

from dashboard.embedded.ports import free_port
from labs.blog.settings import StorageSettings
from tests.waiting import wait_until

START_SECONDS = 60.0


class ObjectStorage:
    """`with ObjectStorage(log) as storage:`; `settings` are those of its one bucket."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.settings = StorageSettings(
            endpoint=f"http://127.0.0.1:{self.port}", bucket=f"blog-{uuid4().hex[:8]}", region="us-east-1",
            key="a-key", secret="a-secret",
        )  # fmt: skip
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_until(self._listens, START_SECONDS)
            self.client = Session().create_client(
                "s3", endpoint_url=self.settings.endpoint, region_name=self.settings.region,
                aws_access_key_id=self.settings.key, aws_secret_access_key=self.settings.secret,
            )  # fmt: skip
            self.client.create_bucket(Bucket=self.settings.bucket)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        self._stop()

    @property
    def environ(self) -> dict[str, str]:
        """What tells a copy of the product to use it."""
        return environ_of(self.settings)

    def objects(self) -> list[str]:
        """The keys of all that it holds."""
        return [one["Key"] for one in self.client.list_objects_v2(Bucket=self.settings.bucket).get("Contents", [])]

    def put(self, key: str, body: bytes, type: str = "image/png") -> None:
        self.client.put_object(Bucket=self.settings.bucket, Key=key, Body=body, ContentType=type)

    def empty(self) -> None:
        for key in self.objects():
            self.client.delete_object(Bucket=self.settings.bucket, Key=key)

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait()


def environ_of(settings: StorageSettings) -> dict[str, str]:
    names = ("endpoint", "bucket", "region", "key", "secret")
    return {f"LOOPSCOPE_S3_{name.upper()}": getattr(settings, name) for name in names}


def post_form(url: str, fields: dict[str, str], body: bytes, type: str = "image/png") -> int:
    """Post a form as a browser does; the status of the answer."""
    answer = requests.post(url, data=fields, files={"file": ("picture.png", body, type)}, timeout=60)
    return answer.status_code
