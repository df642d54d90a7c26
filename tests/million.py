"""A server with a million small keys, and a few that are not small."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dashboard.embedded import Valkey
from dashboard.embedded.valkey import OPTIONS
from dashboard.keys.access import Access
from tests.keyspace import access_to, app_client

KEYS = 1_000_000
STEP = 25_000
FIELDS = 1_000_000
LARGE = {**OPTIONS, "appendonly": "no", "proto-max-bulk-len": "512mb", "notify-keyspace-events": ""}
FILL = """
for i = ARGV[1], ARGV[2] do
  redis.call('SET', 'lab:key:' .. i, 'value ' .. i)
  redis.call('HSET', 'lab:hash', 'field ' .. i, i)
end"""


@dataclass(frozen=True)
class Million:
    """The server, the way of the web app to it, and a client with all rights on the learners' database."""

    server: Valkey
    access: Access
    app: Any


@contextlib.contextmanager
def million(folder: Path) -> Iterator[Million]:
    """A million keys, a hash of a million fields (`lab:hash`), a string of 100 MB (`lab:big`)."""
    with contextlib.ExitStack() as stack:
        with patch("dashboard.embedded.valkey.OPTIONS", LARGE):  # for this server alone: others start later
            server = stack.enter_context(Valkey(folder / "valkey", folder / "valkey.log"))
        access = stack.enter_context(access_to(server, folder))
        app = stack.enter_context(app_client(server))
        for first in range(1, KEYS, STEP):
            app.eval(FILL, 0, first, first + STEP - 1)
        app.setrange("lab:big", 100_000_000 - 1, b"x")
        app.config_set("notify-keyspace-events", OPTIONS["notify-keyspace-events"])
        yield Million(server, access, app)
