"""What is left of tours and uploads that were killed goes away, and nothing else does."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from bson import ObjectId
from pymongo import MongoClient

from dashboard import lab_servers
from dashboard.embedded import MongoDB, Valkey
from labs.blog.lab import lab
from labs.blog.settings import BlogSettings
from labs.sdk.conductor import Conductor
from labs.sdk.own_place import run_name, take_away_of
from labs.sdk.process import end_tagged
from labs.sdk.servers import VARIABLES
from labs.sdk.tag import TAG
from tests.blog import Browser, serving
from tests.integration.test_blog_images import picture, send
from tests.tags import own_tag
from tests.waiting import wait_until


@pytest.fixture
def environ(valkey: Valkey, mongodb: MongoDB) -> dict[str, str]:
    return {
        VARIABLES["redis"]: lab_servers.redis_beside(valkey.url),
        VARIABLES["mongodb"]: lab_servers.mongodb_beside(mongodb.url),
    }


@pytest.fixture
def database(mongodb: MongoDB) -> Iterator[Any]:
    client: MongoClient[dict[str, Any]]
    with MongoClient(mongodb.url) as client:
        yield client["lab"]


def documents(database: Any) -> int:
    """In every collection but the provider's."""
    names = [name for name in database.list_collection_names() if not name.startswith("practice_")]
    return sum(database[name].count_documents({}) for name in names)


def test_a_tour_leaves_nothing_and_is_told_in_plain_names(environ: dict[str, str], database: Any, app: Any) -> None:
    params = lab.params.read({"posts": 1, "repeats": 1, "picture": "50"})
    conductor = Conductor(lab, params, tag=own_tag("tour"), environ=environ)
    events = [event for batch in conductor.events() for event in batch]
    assert events[-1]["state"] == "finished"
    names = {event["name"] for event in events if event["e"] == "begin" and event["kind"] == "db"}
    assert {"find users", "insert blogs", "insert pictures.chunks", "find pictures.chunks", "insert images"} <= names
    assert not any("tour_" in name for name in names)
    assert any("began with “find users”" in event.get("text", "") for event in events)
    assert "yes" in [event["verdict"] for event in events if event.get("id") == "hits" and event["e"] == "finding"]
    assert documents(database) == 0
    assert not [name for name in database.list_collection_names() if name.startswith("tour_")]
    assert set(app.keys("*")) <= set(app.keys("lab:blog:cache:*"))  # for a minute


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_tour_that_is_ended_leaves_nothing(
    environ: dict[str, str], database: Any, app: Any, number: signal.Signals
) -> None:
    tag = own_tag("tour")
    own = f"tour_{run_name({TAG: tag})}_"
    [runtime] = [one for one in lab.runtimes if one.key == "tour"]
    command = [*runtime.command(), orjson.dumps({"posts": 12, "picture": 5000, "cache": "off"}).decode()]
    database["users"].insert_one({"name": "somebody"})
    with subprocess.Popen(
        command, env={**os.environ, **environ, TAG: tag, **runtime.environ({"cache": "off"})},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    ) as program:  # fmt: skip
        wait_until(lambda: database[f"{own}blogs"].count_documents({}) or program.poll() is not None)
        program.send_signal(number)
        program.wait(60)
    end_tagged(tag)
    if number == signal.SIGKILL:
        take_away_of(tag, environ)
    assert not [name for name in database.list_collection_names() if name.startswith("tour_")]
    assert database["users"].count_documents({}) == 1
    assert app.keys("*") == []


def written(database: Any, hours: float, *, file: bool = False, image: bool = False) -> ObjectId:
    """A picture of two pieces that was begun so long ago, as far as somebody came with it."""
    stamp = ObjectId.from_datetime(datetime.now(UTC) - timedelta(hours=hours)).binary[:4]
    id = ObjectId(stamp + os.urandom(8))
    database["pictures.chunks"].insert_many([{"files_id": id, "n": n, "data": b"x"} for n in (0, 1)])
    if file:
        database["pictures.files"].insert_one({"_id": id, "length": 2, "chunkSize": 1})
    if image:
        database["images"].insert_one({
            "owner": ObjectId(), "store": "gridfs", "key": str(id), "type": "image/png", "width": 1, "height": 1,
            "size": 2,
        })  # fmt: skip
    return id


def kept(database: Any) -> set[ObjectId]:
    return set(database["pictures.chunks"].distinct("files_id")) | set(database["pictures.files"].distinct("_id"))


def test_what_killed_uploads_left_goes_with_a_later_upload(mongodb: MongoDB, database: Any) -> None:
    old = [written(database, 1.1), written(database, 1.1, file=True)]
    stay = {
        written(database, 0.9), written(database, 0.9, file=True), written(database, 0.9, file=True, image=True),
        written(database, 1.1, file=True, image=True), written(database, 2000, file=True, image=True),
    }  # fmt: skip
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test")) as url:
        browser = Browser(url)
        browser.sign_in("Ada")
        assert kept(database) == {*old, *stay}
        status, first = send(browser, picture("PNG"))
        assert status == 201
        now = kept(database)
        assert stay < now
        assert not now & set(old)
        assert len(now) == len(stay) + 1
        later = written(database, 1.1)
        assert send(browser, picture("PNG"))[0] == 201
        assert later in kept(database)  # once an hour is enough
        assert browser.get(f"/api/images/{first}").status == 200
