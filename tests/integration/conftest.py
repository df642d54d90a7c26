"""A running copy for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.embedded import MongoDB, Valkey
from tests.client import Client
from tests.copy import RunningCopy, running_copy
from tests.fixtures import labs as fixtures


@pytest.fixture(scope="module")
def copy(valkey: Valkey, mongodb: MongoDB, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCopy]:
    """One web process and one runner, with the fixture labs beside the real ones and small limits."""
    folder: Path = tmp_path_factory.mktemp("copy")
    with running_copy(
        valkey.url, mongodb.url, folder, LOOPSCOPE_EXTRA_LABS=fixtures.NAMED, LOOPSCOPE_RUN_EVENTS="400000"
    ) as found:
        yield found


@pytest.fixture
def learner(copy: RunningCopy) -> Client:
    """A new learner."""
    return copy.client()
