"""The collections of the indexes lab on a real server: of two runs at once none touches what the other measures."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo import MongoClient, monitoring

from dashboard import lab_servers
from dashboard.embedded import MongoDB
from labs.indexes import collection as made
from labs.sdk import registry
from labs.sdk.conductor import Conductor
from labs.sdk.events import Event
from labs.sdk.recording import Recording
from labs.sdk.servers import VARIABLES
from labs.sdk.tag import TAG
from tests.tags import own_tag

LAB = registry.installed()["indexes"]


@pytest.fixture
def url(mongodb: MongoDB) -> str:
    return lab_servers.mongodb_beside(mongodb.url)


@pytest.fixture
def database(url: str) -> Iterator[Any]:
    client: MongoClient[dict[str, Any]]
    with MongoClient(url) as client:
        yield client.get_default_database()


def events_of(tag: str, url: str, **params: Any) -> list[Event]:
    conductor = Conductor(LAB, LAB.params.read(params), tag=own_tag(tag), environ={VARIABLES["mongodb"]: url})
    return [event for batch in conductor.events() for event in batch]


@pytest.mark.parametrize("mode", ["lookup", "writes"])
def test_two_runs_at_once_both_finish(mode: str, url: str, database: Any) -> None:
    params = {"mode": mode, "repeats": 1, "lookups": 3, "writes": 20}
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda tag: events_of(tag, url, **params), ("one", "two")))
    assert [events[-1]["state"] for events in both] == ["finished", "finished"]
    kept = {f"kept_posts_{size}{index}" for size in (1000, 3000, 10_000) for index in ("", "_title")}
    assert set(database.list_collection_names()) == (kept if mode == "lookup" else set())
    for name in kept if mode == "lookup" else ():
        assert database[name].count_documents({}) == int(name.split("_")[2])


class Asked(monitoring.CommandListener):
    """The commands that a client sent."""

    def __init__(self) -> None:
        self.commands: list[Any] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.commands.append(event.command)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Not of interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Not of interest."""


def test_a_look_up_may_not_end_at_the_first_match(url: str) -> None:
    """The embedded server scans to the end in any case, a real mongod only where nobody tells it when to stop."""
    asked = Asked()
    client: MongoClient[dict[str, Any]]
    with MongoClient(url, event_listeners=[asked]) as client:
        made.all_with(client.get_default_database()["kept_posts_10"], {"title": made.title_of(3)})
    (found,) = [command for command in asked.commands if "find" in command]
    assert not {"limit", "singleBatch"} & set(found)


def test_the_plan_tells_how_much_a_scan_reads(url: str, database: Any) -> None:
    recording = Recording(events_of("plan", url, mode="lookup", repeats=1, lookups=3))
    seen = {}
    for part in recording.ended():
        assert len(part.values("lookup")) == 3
        seen[part.settings["way"], part.settings["documents"]] = part.values("plan")
    assert all(told == [size if way == "title" else 1] for (way, size), told in seen.items())


def test_who_comes_second_takes_what_the_first_one_kept(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both found nothing kept; while the second still fills its own, the first renames and measures."""
    fill = made.fill

    def overtaken(posts: Any, documents: int) -> None:
        assert posts.name == "idx_two_posts"
        fill(posts, documents)
        monkeypatch.setattr(made, "fill", fill)
        monkeypatch.setenv(TAG, "one")
        first = made.grown(database, documents, indexed=True)
        first.update_one({"_id": 0}, {"$set": {"by": "one"}})

    monkeypatch.setattr(made, "fill", overtaken)
    monkeypatch.setenv(TAG, "two")
    second = made.grown(database, 10, indexed=True)
    assert second.name == "kept_posts_10_title"
    assert second.find_one({"_id": 0})["by"] == "one"


@pytest.mark.parametrize("indexed", [True, False])
def test_what_is_not_whole_is_neither_measured_nor_touched(
    indexed: bool, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TAG, "mine")
    name = "kept_posts_10_title" if indexed else "kept_posts_10"
    database[name].insert_one({"_id": 3})
    posts = made.grown(database, 10, indexed=indexed)
    assert posts.name == "idx_mine_posts"
    assert posts.count_documents({}) == 10
    assert ("title_1" in posts.index_information()) == indexed
    assert list(database[name].find()) == [{"_id": 3}]


def test_a_kept_collection_is_not_made_again(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made.grown(database, 10, indexed=False)
    monkeypatch.setattr(made, "fill", lambda *_: pytest.fail("made again"))
    assert made.grown(database, 10, indexed=False).name == "kept_posts_10"
