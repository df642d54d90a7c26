"""What one blog runs with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from labs.querycache.store import PATIENCE

MEGABYTE = 1024 * 1024
REGION = "us-east-1"
"""What object storages that have no regions answer to."""

GOOGLE = "https://accounts.google.com/.well-known/openid-configuration"


def check_google(id: str, secret: str) -> None:
    """Raise ValueError, naming the one that is missing, when only one of the OAuth client's two settings is there."""
    if bool(id) == bool(secret):
        return
    missing = "GOOGLE_CLIENT_SECRET" if id else "GOOGLE_CLIENT_ID"
    raise ValueError(
        f"{missing} is not set. Sign-in with Google needs the client's id and its secret; unset both GOOGLE_CLIENT_…"
        " and the practice provider signs people in."
    )


@dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """Object storage that speaks S3, to which browsers send pictures themselves."""

    endpoint: str
    bucket: str
    region: str
    key: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, *, endpoint: str, bucket: str, key: str, secret: str, region: str = "") -> Self | None:
        """None when nothing is set. Raises ValueError naming what is missing when only some of it is."""
        needed = {"ENDPOINT": endpoint, "BUCKET": bucket, "KEY": key, "SECRET": secret}
        missing = [f"LOOPSCOPE_S3_{name}" for name, value in needed.items() if not value]
        if len(missing) == len(needed):
            return None
        if missing:
            names = f"{', '.join(missing[:-1])} and {missing[-1]} are" if len(missing) > 1 else f"{missing[0]} is"
            raise ValueError(
                f"{names} not set. Object storage for the blog's pictures needs an endpoint, a bucket, a key and its"
                " secret; unset all of LOOPSCOPE_S3_… and pictures stay in MongoDB (GridFS)."
            )
        return cls(endpoint=endpoint.rstrip("/"), bucket=bucket, region=region or REGION, key=key, secret=secret)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self | None:
        """As `of`, from the dashboard's variables."""
        names = ("endpoint", "bucket", "region", "key", "secret")
        return cls.of(**{name: environ.get(f"LOOPSCOPE_S3_{name.upper()}", "").strip() for name in names})


@dataclass(frozen=True, kw_only=True)
class BlogSettings:
    """Addresses, keys and limits. The dashboard makes one from its own settings; alone, the environment does."""

    mongodb_url: str
    redis_url: str = ""
    """Where the waterfalls of a watched run go; empty: nowhere."""
    cached: bool = True
    """Whether what one person reads again and again is kept in that Redis."""
    sealed: bool = True
    """Whether it is sealed there: learners may read and write that Redis, and posts are for their author alone."""
    cache_patience: float = PATIENCE
    """Seconds that Redis may take to answer before MongoDB is asked instead."""
    secret: str
    google_client_id: str = ""
    google_client_secret: str = ""
    public_url: str = ""
    """Origin at which browsers reach the app where a proxy stands before it."""
    public_origins: tuple[str, ...] = ()
    """Further ones that its pages may come from."""
    image_megabytes: int = 20
    image_megapixels: int = 50
    storage: StorageSettings | None = None
    """Where browsers send pictures; None: through the app into GridFS."""
    collections: str = ""
    """What the names of its collections begin with, where they are one run's own."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        """For `python -m labs.blog`: the same variables as the dashboard's. Raises KeyError without a MongoDB.

        Raises ValueError when the object storage, or the sign-in with Google, is only half set.
        """
        environ = os.environ if environ is None else environ
        mongodb = environ.get("LOOPSCOPE_LAB_MONGODB_URL") or environ["MONGODB_URL"]
        google = {name: environ.get(f"GOOGLE_CLIENT_{name.upper()}", "").strip() for name in ("id", "secret")}
        check_google(**google)
        return cls(
            mongodb_url=mongodb,
            redis_url=environ.get("LOOPSCOPE_LAB_REDIS_URL", ""),
            cached=environ.get("LOOPSCOPE_BLOG_CACHED", "yes") == "yes",
            secret=environ.get("LOOPSCOPE_SECRET") or os.urandom(32).hex(),
            google_client_id=google["id"],
            google_client_secret=google["secret"],
            public_url=environ.get("LOOPSCOPE_PUBLIC_URL", "").rstrip("/"),
            public_origins=_origins(environ.get("LOOPSCOPE_PUBLIC_ORIGINS", "")),
            image_megabytes=int(environ.get("LOOPSCOPE_IMAGE_MEGABYTES") or cls.image_megabytes),
            image_megapixels=int(environ.get("LOOPSCOPE_IMAGE_MEGAPIXELS") or cls.image_megapixels),
            storage=StorageSettings.from_environment(environ),
        )

    @property
    def google(self) -> bool:
        """Whether Google signs people in; otherwise the provider that comes with the app does."""
        return bool(self.google_client_id)

    @property
    def origins(self) -> tuple[str, ...]:
        """At which browsers reach the app, besides where it listens."""
        return tuple(filter(None, (self.public_url, *self.public_origins)))

    def key(self, purpose: str) -> str:
        """A secret for one purpose, made from the one secret."""
        return sha256(f"{purpose}:{self.secret}".encode()).hexdigest()


def _origins(text: str) -> tuple[str, ...]:
    return tuple(one.strip().rstrip("/") for one in text.split(",") if one.strip())
