"""Object storage for pictures, in the words of the blog; `s3.py` speaks to a real one.

A form is for one object below `incoming/<person>/`, of one type, up to one size, for a few minutes. What arrives there
can still be replaced with the same form, so it is first copied to a name that nobody was ever given; only that copy is
checked and shown. What nobody asks to be checked stays below `incoming/`: a rule of the bucket removes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from labs.blog.settings import StorageSettings

if TYPE_CHECKING:
    from labs.blog.s3 import Bucket

STORE = "s3"
"""How a picture that lies there is marked."""

INCOMING = "incoming"
FORM_SECONDS = 300
"""How long a form may be used: long enough to send a large picture on a slow line."""

SHOWN_SECONDS = 300
"""How long the address of a picture works."""

NOT_INSTALLED = (
    "Object storage needs a package that is not installed here."
    " Install it: .venv/bin/python -m pip install -c constraints.txt -e '.[s3]'"
)


class StorageError(RuntimeError):
    """The storage does not do what it was asked; the message says why in one line."""


class WrongSetup(StorageError):
    """The storage is there, but not the bucket that the settings name."""


class Missing(LookupError):
    """There is no such object."""


class Body(Protocol):
    """An object's content, read piece by piece."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Form:
    """What a browser posts: `fields` and then the file, to `url`. `name` is how it tells us later which one."""

    url: str
    fields: dict[str, str]
    name: str


@dataclass(frozen=True)
class Stored:
    """An object: how many bytes, and of which type its sender said it is."""

    size: int
    type: str


def incoming(owner: str, name: str) -> str:
    """Where this person's form puts its object. A name alone reaches nobody else's."""
    return f"{INCOMING}/{owner}/{name}"


def open_bucket(settings: StorageSettings | None, patience: float = 10.0, tries: int = 2) -> Bucket | None:
    """The bucket of these settings, if there are any. Raises `StorageError` when its library is not installed."""
    if settings is None:
        return None
    try:
        from labs.blog.s3 import Bucket
    except ImportError:
        raise StorageError(NOT_INSTALLED) from None
    return Bucket(settings, patience, tries)
