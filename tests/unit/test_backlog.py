"""What waits for a viewer that takes nothing is bounded. Real Engine.IO connections, without a network."""

from __future__ import annotations

import pytest
from engineio.packet import MESSAGE, Packet
from engineio.socket import Socket
from socketio import Server

from dashboard.runs.backlog import MOST_BYTES, MOST_MESSAGES, drop_stalled


def server_with(*names: str) -> tuple[Server, dict[str, str], list[str]]:
    """A server with connections of these names: their session ids, and a list that grows with those that go."""
    server = Server(async_mode="gevent")
    gone: list[str] = []
    server.eio.on("disconnect", lambda eio_sid, reason: gone.append(eio_sid))
    for name in names:
        server.eio.sockets[name] = Socket(server.eio, name)
    return server, {name: server.manager.connect(name, "/") for name in names}, gone


@pytest.mark.parametrize(("count", "length"), [(MOST_MESSAGES + 1, 10), (10, MOST_BYTES // 9)])
def test_who_is_too_far_behind_loses_the_connection_and_nobody_else(count: int, length: int) -> None:
    server, viewers, gone = server_with("stalled", "quick")
    text = "x" * length
    for _ in range(count):
        server.eio.sockets["stalled"].send(Packet(MESSAGE, text))
    server.eio.sockets["quick"].send(Packet(MESSAGE, text))
    drop_stalled(server, viewers.values())
    stalled, quick = server.eio.sockets["stalled"], server.eio.sockets["quick"]
    assert (gone, stalled.closed, quick.closed) == (["stalled"], True, False)
    assert [stalled.queue.get(block=False), stalled.queue.qsize()] == [None, 0], "only the word that it is over"
    assert quick.queue.qsize() == 1
    drop_stalled(server, viewers.values())
    assert gone == ["stalled"]


def test_who_is_a_little_behind_stays() -> None:
    server, viewers, gone = server_with("slow")
    for _ in range(MOST_MESSAGES):
        server.eio.sockets["slow"].send(Packet(MESSAGE, "x"))
    drop_stalled(server, [*viewers.values(), "somebody who has gone"])
    assert gone == []
    assert server.eio.sockets["slow"].queue.qsize() == MOST_MESSAGES
