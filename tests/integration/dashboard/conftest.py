"""A learner without a browser at the session's running copy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.client import Client
from tests.copy import RunningCopy
from tests.served import copy, mongodb, valkey  # noqa: F401


@pytest.fixture
def learner(copy: RunningCopy) -> Iterator[Client]:  # noqa: F811
    """A new learner. A test that fails in the middle leaves no run to those after it."""
    client = copy.client()
    yield client
    client.url = copy.url
    client.leave()
