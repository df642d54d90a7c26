"""For a folder of tests that share the session's running copy: import these fixtures into its conftest.

The copy has servers of its own, since a runner writes and reads all the time: tests that count commands or keys use the
session's quiet ones.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard.embedded import MongoDB, Valkey
from tests.copy import RunningCopy, running_copy
from tests.fixtures import labs as fixtures

MOST_EVENTS = 400_000
"""Of a run in the copy: few enough to be reached."""


@dataclass(frozen=True)
class Served:
    """A running copy and its servers."""

    copy: RunningCopy
    valkey: Valkey
    mongodb: MongoDB


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """One web process and one runner, with the fixture labs beside the real ones."""
    extra = {"LOOPSCOPE_EXTRA_LABS": fixtures.NAMED, "LOOPSCOPE_RUN_EVENTS": str(MOST_EVENTS)}
    with (
        Valkey(folder / "valkey", folder / "valkey.log") as valkey,
        MongoDB(folder / "mongodb", folder / "mongodb.log") as mongodb,
        running_copy(valkey.url, mongodb.url, folder / "copy", **extra) as copy,
    ):
        yield Served(copy, valkey, mongodb)


@pytest.fixture(scope="session")
def valkey(served: Served) -> Valkey:
    """The copy's; empty again after each test."""
    return served.valkey


@pytest.fixture(scope="session")
def mongodb(served: Served) -> MongoDB:
    """The copy's; empty again after each test."""
    return served.mongodb


@pytest.fixture(scope="session")
def copy(served: Served) -> RunningCopy:
    """The session's. A test that stops a part of it starts it again."""
    return served.copy
