"""Live delivery over Socket.IO, from several web processes: in order, no gap, no double once merged."""

from __future__ import annotations

import contextlib
import itertools
import socket
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import socketio
import websocket

from dashboard.runs.backlog import MOST_BYTES
from tests.client import Client
from tests.copy import RunningCopy, horse_of
from tests.waiting import wait_until

MORE_THAN_MAY_WAIT = (MOST_BYTES + 48 * 1024 * 1024) // 4096
"""Lines of 4 kB; the system's own buffers take some too, and the server's writer what it took up at once."""


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


class StalledViewer:
    """A WebSocket that follows a run and then reads nothing, with little room for what arrives meanwhile."""

    def __init__(self, url: str, run: str) -> None:
        address = f"{url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
        room = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)]
        self._line = websocket.create_connection(address, timeout=60, sockopt=room)
        self._line.send("40")
        self._until("40")
        self._line.send(f'420["follow",{{"run":"{run}"}}]')
        assert self._until("430") == '430[{"ok":true}]'

    def close(self) -> None:
        self._line.shutdown()  # type: ignore[no-untyped-call]

    def rest(self) -> list[Any]:
        """Now read: the events that still come before the server ends the connection."""
        events: list[Any] = []
        with contextlib.suppress(websocket.WebSocketConnectionClosedException):
            while text := str(self._line.recv()):
                if text.startswith('42["events"'):
                    events += map(orjson.loads, orjson.loads(text[2:])[1]["lines"].split("\n"))
        return events

    def _until(self, begin: str) -> str:
        while not (text := str(self._line.recv())).startswith(begin):
            pass
        return text


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
    told = wait_until(lambda: [message for message in viewer.queue if message["ahead"] == 1])
    assert told[0] == {"run": second, "state": "queued", "ahead": 1, "wait": told[0]["wait"]}
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


def test_who_reads_nothing_is_cut_off_and_reads_by_number_when_back(copy: RunningCopy, learner: Client) -> None:
    first = learner.start("hanging")
    id = learner.start("wordy", amount=MORE_THAN_MAY_WAIT)
    with contextlib.closing(StalledViewer(copy.url, id)) as stalled:
        learner.call("POST", f"/api/runs/{first}/cancel")
        assert learner.wait(id)["state"] == "finished"
        wait_until(lambda: "takes nothing any more" in copy.logs())
        truth = learner.events(id)
        seen = stalled.rest()
    assert 0 < len(seen) < MORE_THAN_MAY_WAIT
    assert seen == truth[: len(seen)]
    assert [*seen, *learner.events(id, after=seen[-1]["seq"])] == truth


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
