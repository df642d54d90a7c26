"""A learner without a browser at the session's running copy."""

from __future__ import annotations

import pytest

from tests.client import Client
from tests.copy import RunningCopy
from tests.served import copy, mongodb, valkey  # noqa: F401


@pytest.fixture
def learner(copy: RunningCopy) -> Client:  # noqa: F811
    """A new learner."""
    return copy.client()
