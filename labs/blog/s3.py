"""One bucket of an object storage that speaks S3, through botocore, which is imported here and nowhere else."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.session import Session

from labs.blog.settings import StorageSettings
from labs.blog.storage import (
    FORM_SECONDS,
    SHOWN_SECONDS,
    Body,
    Form,
    Missing,
    StorageError,
    Stored,
    WrongSetup,
    incoming,
)
from labs.blog.trace import waiting

KEPT = "pictures"
AMAZON = ".amazonaws.com"


class ToldBody:
    """An object's content whose every read is a piece of the waterfall."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def read(self, size: int, /) -> bytes:
        with waiting("read, storage", "fs"):
            return self._body.read(size)


class Bucket:
    """One bucket. Connects when it is first asked; may be used from many threads."""

    def __init__(self, settings: StorageSettings, patience: float = 10.0, tries: int = 2) -> None:
        """`patience`: seconds for connecting and for each answer."""
        host = urlsplit(settings.endpoint).hostname or ""
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "virtual" if host.endswith(AMAZON) else "path"},
            connect_timeout=patience,
            read_timeout=patience,
            retries={"total_max_attempts": tries},
            # Storages other than Amazon's do not know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self.bucket = settings.bucket
        self._client = Session().create_client(
            "s3", region_name=settings.region, endpoint_url=settings.endpoint, config=config,
            aws_access_key_id=settings.key, aws_secret_access_key=settings.secret,
        )  # fmt: skip

    @property
    def origin(self) -> str:
        """What pages must be allowed to talk to: scheme, host and port of the bucket."""
        parts = urlsplit(self.form("nobody", "image/png", 1).url)
        return f"{parts.scheme}://{parts.netloc}"

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def look(self) -> None:
        """Ask for the bucket. Raises `StorageError` when it cannot be used."""
        try:
            with _errors():
                self._client.head_bucket(Bucket=self.bucket)
        except Missing:
            raise WrongSetup(f"it has no bucket named {self.bucket}.") from None

    def form(self, owner: str, type: str, most: int, seconds: int = FORM_SECONDS) -> Form:
        """A form for one object of this person: of this type, of 1 to `most` bytes."""
        name = secrets.token_hex(16)
        exactly = {"Content-Type": type, "success_action_status": "201"}
        made: dict[str, Any] = self._client.generate_presigned_post(
            self.bucket, incoming(owner, name), exactly,
            [*({key: value} for key, value in exactly.items()), ["content-length-range", 1, most]], seconds,
        )  # fmt: skip
        return Form(made["url"], made["fields"], name)

    def stat(self, key: str) -> Stored:
        """Raises `Missing`, `StorageError`."""
        try:
            with _errors(), waiting("look, storage", "fs"):
                head = self._client.head_object(Bucket=self.bucket, Key=key)
        except Missing:
            self.look()  # the answer to HEAD is the same when there is no bucket
            raise
        return Stored(head["ContentLength"], head.get("ContentType", ""))

    def keep(self, source: str, owner: str) -> str:
        """Copy an object to a new name of the same person's that nobody else knows; the name."""
        key = f"{KEPT}/{owner}/{secrets.token_hex(16)}"
        with _errors(), waiting("copy, storage", "fs"):
            self._client.copy_object(Bucket=self.bucket, Key=key, CopySource={"Bucket": self.bucket, "Key": source})
        return key

    @contextmanager
    def opened(self, key: str) -> Iterator[Body]:
        """The content, to be read piece by piece. What fails while it is read is a `StorageError` too."""
        with _errors(), waiting("open, storage", "fs"):
            body = self._client.get_object(Bucket=self.bucket, Key=key)["Body"]
        try:
            with _errors():
                yield ToldBody(body)
        finally:
            body.close()

    def remove(self, *keys: str) -> None:
        """Delete; what is not there is no error."""
        for key in keys:
            with _errors(), waiting("delete, storage", "fs"):
                self._client.delete_object(Bucket=self.bucket, Key=key)

    def address(self, key: str, type: str) -> str:
        """Where a browser may fetch the object for some minutes, as this type and nothing else."""
        wanted = {
            "Bucket": self.bucket, "Key": key, "ResponseContentType": type, "ResponseContentDisposition": "inline",
            "ResponseCacheControl": "private, max-age=31536000, immutable",
        }  # fmt: skip
        return str(self._client.generate_presigned_url("get_object", wanted, SHOWN_SECONDS))


@contextmanager
def _errors() -> Iterator[None]:
    """The library's exceptions as ours."""
    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        if said.get("Code") in ("404", "NoSuchKey", "NotFound"):
            raise Missing(said.get("Message", "")) from error
        if said.get("Code") == "NoSuchBucket":
            raise WrongSetup(f"{said.get('Message', 'it has no such bucket')}".rstrip(".") + ".") from error
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status in (401, 403):
            raise StorageError(f"it refuses the key, its secret, or what is asked ({said.get('Code')}).") from error
        raise StorageError(f"{said.get('Code')}: {said.get('Message', '')}".rstrip(".") + ".") from error
    except (BotoCoreError, HTTPClientError) as error:
        raise StorageError(f"{error}".splitlines()[0].rstrip(".") + ".") from error
