"""Challenges are looked at without being noticed: whoever misses a key is told about, and looks again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from dashboard.embedded import Valkey
from labs.redis_basics.challenges import CHALLENGES
from tests.keyspace import access_to


@pytest.fixture
def client(valkey: Valkey, tmp_path: Path) -> Iterator[Redis]:
    with access_to(valkey, tmp_path) as access:
        yield access.client()


def done(client: Redis) -> list[str]:
    return [one.id for one in CHALLENGES if one.done(client)]


def test_a_look_at_what_is_not_there_is_no_miss(client: Redis, app: Any) -> None:
    before = app.info("stats")["keyspace_misses"]
    assert done(client) == []
    assert app.info("stats")["keyspace_misses"] == before


def test_the_state_of_the_server_decides(client: Redis, app: Any) -> None:
    app.hset("lab:my:spanish", mapping={"red": "rojo", "blue": "azul"})
    app.set("lab:my:ada", "[object Object]")
    assert done(client) == []
    app.hset("lab:my:spanish", "green", "verde")
    assert done(client) == ["colours"]
    app.expire("lab:my:spanish", 1000)
    assert "dies" not in done(client)
    app.expire("lab:my:spanish", 30)
    app.set("lab:my:ada", '{"name": "Ada"}')
    assert done(client) == ["colours", "dies", "json"]
    app.set("lab:my:spanish", "a string")
    app.delete("lab:my:ada")
    assert done(client) == []
