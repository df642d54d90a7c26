"""Programs of a lab reach the learners' servers: from the dashboard, from the conductor, from a terminal."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from dashboard import lab_servers
from dashboard.embedded import MongoDB, Valkey
from dashboard.embedded.ports import free_port
from dashboard.settings import Settings
from labs.sdk.conductor import Conductor
from labs.sdk.servers import VARIABLES, ServersError, facts
from tests.client import Client
from tests.fixtures import labs as fixtures
from tests.tags import own_tag

BOTH = ("redis", "mongodb")


def test_a_run_in_the_dashboard(learner: Client) -> None:
    run = learner.start("talking")
    assert learner.wait(run)["state"] == "finished"
    events = learner.events(run)
    samples = {event["series"]: event for event in events if event["e"] == "sample"}
    assert (samples["redis"]["value"], samples["redis"]["database"]) == (7, 9)
    assert (samples["mongodb"]["value"], samples["mongodb"]["database"]) == (8, "lab")
    [host] = [event for event in events if event["e"] == "host" and "part" not in event]
    assert [(one["need"], one["name"], one.get("engine")) for one in host["servers"]] == [
        ("redis", "Valkey", None),
        ("mongodb", "SecantusDB", "wiredTiger"),
    ]


def test_a_run_without_servers_fails_in_words() -> None:
    conductor = Conductor(fixtures.talking, fixtures.talking.params.read({}), own_tag("talking"))
    *_, last = [event for batch in conductor.events() for event in batch]
    assert last["state"] == "failed"
    assert "LOOPSCOPE_LAB_REDIS_URL does not say where it is" in last["reason"]


@pytest.mark.parametrize("need", BOTH)
def test_a_server_that_is_gone_is_named_within_seconds(need: str) -> None:
    scheme = {"redis": "redis", "mongodb": "mongodb"}[need]
    with pytest.raises(ServersError, match=f"the {need} server of this experiment does not answer"):
        facts([need], {VARIABLES[need]: f"{scheme}://127.0.0.1:{free_port()}"})


def test_a_terminal_uses_what_is_given_by_url(settings: Settings) -> None:
    with lab_servers.for_terminal(BOTH, settings) as environ:
        assert environ == lab_servers.environ(settings, BOTH)


def test_a_terminal_uses_the_running_copy(valkey: Valkey, mongodb: MongoDB, tmp_path: Path) -> None:
    known = {"redis": valkey.url, "mongodb": mongodb.url}
    lab_servers.note(tmp_path, known)
    with lab_servers.for_terminal(BOTH, Settings(var=tmp_path)) as environ:
        assert environ == {VARIABLES[need]: known[need] for need in BOTH}


def test_a_terminal_alone_has_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with lab_servers.for_terminal(BOTH, Settings(var=tmp_path)) as environ:
        conductor = Conductor(fixtures.talking, fixtures.talking.params.read({}), own_tag("talking"), environ=environ)
        *_, last = [event for batch in conductor.events() for event in batch]
        assert last["state"] == "finished", last
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
    with lab_servers.for_terminal((), Settings(var=tmp_path)) as environ:
        assert environ == {}
