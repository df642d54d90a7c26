"""Runs at the same time on the same servers never meet, and none leaves anything behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from pymongo import MongoClient
from redis import Redis

from dashboard import lab_servers
from dashboard.embedded import MongoDB, Valkey
from labs.sdk import registry
from labs.sdk.conductor import Conductor
from labs.sdk.own_place import ALIVE, collection, own_collections, own_place, prefix, run_name, take_away_of
from labs.sdk.process import end_tagged
from labs.sdk.servers import VARIABLES
from labs.sdk.tag import TAG
from tests.tags import own_tag
from tests.waiting import wait_until

LABS = {"rc": registry.installed()["route-cache"], "qc": registry.installed()["query-cache"]}
"""By the short name that is part of what they make on the servers."""

SMALL = {"rc": {"ways": ["on"], "requests": 40, "repeats": 1}, "qc": {"ways": ["on"], "reads": 20, "repeats": 1}}


@pytest.fixture
def environ(valkey: Valkey, mongodb: MongoDB) -> dict[str, str]:
    return {
        VARIABLES["redis"]: lab_servers.redis_beside(valkey.url),
        VARIABLES["mongodb"]: lab_servers.mongodb_beside(mongodb.url),
    }


@pytest.fixture
def servers(environ: dict[str, str]) -> Iterator[tuple[Redis, Any]]:
    """Clients of the learners' Redis and of their database."""
    client: MongoClient[dict[str, Any]]
    with Redis.from_url(environ[VARIABLES["redis"]]) as redis, MongoClient(environ[VARIABLES["mongodb"]]) as client:
        yield redis, client.get_default_database()


def whole(name: str, environ: dict[str, str], tag: str) -> dict[str, Any]:
    """The last event of a small run."""
    conductor = Conductor(LABS[name], LABS[name].params.read(SMALL[name]), tag=tag, environ=environ)
    *_, last = [event for batch in conductor.events() for event in batch]
    return last


@pytest.mark.parametrize("name", LABS)
def test_a_run_spares_another_and_sweeps_what_nobody_owns(
    name: str, environ: dict[str, str], servers: tuple[Redis, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    redis, database = servers
    for variable, value in {**environ, TAG: own_tag("one")}.items():
        monkeypatch.setenv(variable, value)
    with own_place(name):
        redis.set(f"{prefix(name)}:ada", "mine")
        redis.set(f"lab:{name}:killed:ada", "nobody's")
        for held in (collection(name, "blogs"), f"{name}_killed_blogs"):
            database[held].insert_one({})
        assert whole(name, environ, own_tag("two"))["state"] == "finished"
        assert set(redis.keys("*")) == {f"{prefix(name)}:ada".encode(), f"{ALIVE}:{run_name()}".encode()}
        assert database.list_collection_names() == [collection(name, "blogs")]
    assert redis.keys("*") == []
    assert database.list_collection_names() == []


def test_a_run_that_is_ended_takes_its_keys_away(environ: dict[str, str], servers: tuple[Redis, Any]) -> None:
    redis, database = servers
    lab = LABS["rc"]
    params = lab.params.read({"ways": ["on"], "requests": 600})
    command = [*lab.runtimes[0].command(), orjson.dumps(lab.plan(params)[0].settings).decode()]
    tag = own_tag("ended")
    with subprocess.Popen(
        command, env={**os.environ, **environ, TAG: tag}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        wait_until(lambda: bool(redis.keys(f"lab:rc:{run_name({TAG: tag})}:*")), 60)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)
        assert child.returncode in (0, 128 + signal.SIGTERM)  # 0: it was faster
    assert redis.keys("*") == []
    assert database.list_collection_names() == []


def test_what_a_killed_run_left_is_taken_away_and_nothing_else(
    environ: dict[str, str], servers: tuple[Redis, Any]
) -> None:
    redis, database = servers
    lab = LABS["rc"]
    params = lab.params.read({"ways": ["on"], "requests": 600})
    command = [*lab.runtimes[0].command(), orjson.dumps(lab.plan(params)[0].settings).decode()]
    tag = own_tag("killed")
    name = run_name({TAG: tag})
    with subprocess.Popen(
        command, env={**os.environ, **environ, TAG: tag}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        wait_until(lambda: bool(redis.keys(f"lab:rc:{name}:*")), 60)
        child.kill()
        end_tagged(tag)
    assert redis.keys(f"lab:rc:{name}:*")
    redis.set("lab:rc:other:ada", "another run's")
    redis.set(f"lab:qc:{name}:ada", "what this run never claimed")
    database["rc_other_blogs"].insert_one({})
    take_away_of("other", environ)  # it has given no sign of life: nothing is known to be its own
    take_away_of(tag, environ)
    take_away_of(tag, environ)
    assert set(redis.keys("*")) == {b"lab:rc:other:ada", f"lab:qc:{name}:ada".encode()}
    assert database.list_collection_names() == ["rc_other_blogs"]
    redis.flushdb()
    database.drop_collection("rc_other_blogs")


def test_a_run_without_redis_spares_another_and_drops_what_nobody_owns(
    environ: dict[str, str], servers: tuple[Redis, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, database = servers
    monkeypatch.setenv(VARIABLES["mongodb"], environ[VARIABLES["mongodb"]])
    monkeypatch.delenv(VARIABLES["redis"], raising=False)
    dead = ["idx_killed_posts", "idx_killed_alive_1", "idx_gone_posts"]
    spared = ["idx_busy_alive_9999999999", "idx_busy_posts", "kept_posts_10", "qc_killed_posts"]
    for name in dead + spared:
        database.create_collection(name)
    with own_collections("idx") as own:
        own[collection("idx", "posts")].insert_one({})
        names = set(database.list_collection_names())
        assert names > {*spared, collection("idx", "posts")}
        assert not names & set(dead)
    assert sorted(database.list_collection_names()) == spared
    take_away_of("busy", environ)  # whoever ends a run that was killed
    assert sorted(database.list_collection_names()) == ["kept_posts_10", "qc_killed_posts"]


@pytest.mark.parametrize(
    ("tag", "name"),
    [("0f1e2d3c4b5a6978", "0f1e2d3c4b5a6978"), ("a*b:c_d", "a-b-c-d"), ("x" * 99, "x" * 16), ("", "alone")],
)
def test_a_run_id_is_fit_for_names(tag: str, name: str) -> None:
    assert run_name({TAG: tag}) == name
