"""What the query cache has put into a real server, as the key browser tells it."""

from __future__ import annotations

from typing import Any

import bson
import pytest

from dashboard.embedded import Valkey
from dashboard.keys.value import ITEM_BYTES, LONGER_BYTES, read_window
from labs.querycache import QueryCache, Seal
from tests.querycache import PATIENCE, PREFIX, redis_url

KEY = f"{PREFIX}:ada"


def fill(valkey: Valkey, documents: list[dict[str, Any]], seal: Seal | None = None) -> None:
    cache = QueryCache(redis_url(valkey.url), prefix=PREFIX, patience=PATIENCE, seal=seal)
    cache.fetch(cache.asked("ada", b"find lab.posts #01", 60), lambda: b"".join(map(bson.encode, documents)))
    cache.close()


def told(app: Any) -> Any:
    [item] = read_window(app, KEY.encode(), "hash", 100, "0")["items"]
    app.unlink(KEY)
    return item


@pytest.mark.parametrize("letters", [5, ITEM_BYTES, LONGER_BYTES // 2])
def test_a_result_is_told_as_its_documents(valkey: Valkey, app: Any, letters: int) -> None:
    """One that is longer than what is shown of an item, too."""
    fill(valkey, [{"title": "Sour bread"}, {"text": "x" * letters}])
    item = told(app)
    assert item["name"] == "find lab.posts #01"
    assert (item["cached"]["state"], item["cached"]["documents"]) == ("kept", 2)
    assert item["cached"]["shown"][0] == '{"title": "Sour bread"}'
    assert 0 < item["cached"]["until"] - item["cached"]["at"] <= 60_000


def test_a_sealed_result_is_told_to_be_sealed(valkey: Valkey, app: Any) -> None:
    fill(valkey, [{"title": "Diary"}], Seal(bytes(32)))
    item = told(app)
    assert item["cached"]["state"] == "sealed"
    assert "Diary" not in str(item)


def test_another_hash_is_told_as_it_is(app: Any) -> None:
    app.hset(KEY, "red", "rojo")
    assert "cached" not in told(app)
