"""Live delivery over Socket.IO, from several web processes: in order, no gap, no double once merged."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import socketio

from tests.client import Client
from tests.copy import RunningCopy, horse_of
from tests.waiting import wait_until


class Viewer:
    """What a page does: follow, fetch what was before, merge by number."""

    def __init__(self, url: str, run: str) -> None:
        self.socket = socketio.Client(reconnection=False)
        self.run = run
        self.messages: list[dict[str, Any]] = []
        self.queue: list[dict[str, Any]] = []
        self.socket.on("events", self.messages.append)
        self.socket.on("queue", self.queue.append)
        self.socket.connect(url, transports=["websocket"], wait_timeout=60)
        assert self.socket.call("follow", {"run": run}) == {"ok": True}
        self.before = Client(url).events(run)

    def live(self) -> list[Any]:
        return [orjson.loads(line) for message in self.messages for line in message["lines"].split("\n")]

    def merged(self) -> list[Any]:
        return [event for _, event in sorted({e["seq"]: e for e in [*self.before, *self.live()]}.items())]

    def over(self) -> bool:
        last = [*self.before[-1:], *(orjson.loads(one["lines"].rpartition("\n")[2]) for one in self.messages[-1:])]
        return any(event["e"] == "run" and event["state"] != "started" for event in last)


@pytest.fixture
def viewers() -> Iterator[list[Viewer]]:
    found: list[Viewer] = []
    yield found
    for viewer in found:
        viewer.socket.disconnect()
        viewer.socket.eio.wait()


@pytest.fixture(scope="module")
def second_web(copy: RunningCopy) -> str:
    """Another web process of the same copy."""
    return copy.start_web()


def test_every_viewer_of_every_web_process_sees_the_same(
    copy: RunningCopy, second_web: str, learner: Client, viewers: list[Viewer]
) -> None:
    first = learner.start("hanging")
    id = learner.start("flooding", amount=50_000)
    viewers += [Viewer(copy.url, id), Viewer(copy.url, id), Viewer(second_web, id)]
    learner.call("POST", f"/api/runs/{first}/cancel")
    learner.wait(id, "running", "finished")
    viewers.append(Viewer(second_web, id))  # joins late
    wait_until(lambda: all(viewer.over() for viewer in viewers))
    truth = learner.events(id)
    assert len(truth) > 50_000
    for viewer in viewers:
        assert viewer.merged() == truth
        ranges = [(m["first"], m["last"]) for m in viewer.messages]
        assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(ranges))
        assert all(m["last"] - m["first"] == m["lines"].count("\n") for m in viewer.messages)


def test_a_waiting_run_tells_its_place(copy: RunningCopy, learner: Client, viewers: list[Viewer]) -> None:
    first, second = learner.start("hanging"), learner.start("steady")
    viewers.append(viewer := Viewer(copy.url, second))
    wait_until(lambda: viewer.queue)
    assert viewer.queue[0] == {"run": second, "state": "queued", "ahead": 1, "wait": viewer.queue[0]["wait"]}
    learner.call("POST", f"/api/runs/{first}/cancel")
    wait_until(viewer.over)


def test_a_lost_run_is_noticed_while_somebody_watches(
    copy: RunningCopy, learner: Client, viewers: list[Viewer]
) -> None:
    id = learner.start("hanging")
    learner.wait(id, "running")
    viewers.append(viewer := Viewer(copy.url, id))
    horse_of(copy).kill()
    wait_until(viewer.over)


@pytest.mark.parametrize("wish", [None, 1, "x", [], {}, {"run": 7}, {"run": "nope"}, {"run": {"$gt": ""}}])
def test_a_bad_wish_is_answered_and_harms_nobody(wish: Any, copy: RunningCopy) -> None:
    socket = socketio.Client(reconnection=False)
    socket.connect(copy.url, transports=["websocket"], wait_timeout=60)
    answer = socket.call("follow", wish)
    assert answer["ok"] is False
    assert answer["detail"]
    socket.emit("unfollow", wish)
    socket.emit("no such message", wish)
    assert socket.call("follow", {"run": "nope"})["ok"] is False
    socket.disconnect()
    socket.eio.wait()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_socket_of_another_origin_is_refused(transport: str, copy: RunningCopy) -> None:
    socket = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        socket.connect(copy.url, transports=[transport], headers={"Origin": "https://evil.example"})
