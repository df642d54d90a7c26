"""A WebSocket frame is sent whole, however slow the line is."""

from __future__ import annotations

import gevent
from gevent import socket

from dashboard.gunicorn_worker import WholeSendSocket

SIZE = 8 * 1024 * 1024
"""Far more than the system buffers for a connection."""


def pair() -> tuple[WholeSendSocket, socket.socket]:
    near, far = socket.socketpair()
    return WholeSendSocket(near.family, near.type, near.proto, fileno=near.detach()), far


def read_all(far: socket.socket) -> bytes:
    with far.makefile("rb") as file:
        return bytes(file.read())


def test_a_frame_larger_than_the_systems_buffer_arrives_whole() -> None:
    near, far = pair()
    with near, far:
        reader = gevent.spawn(read_all, far)
        assert near.send(b"x" * SIZE) == SIZE
        near.shutdown(socket.SHUT_WR)
        assert len(reader.get(timeout=60)) == SIZE


def test_two_senders_do_not_mix() -> None:
    near, far = pair()
    with near, far:
        senders = [gevent.spawn(near.send, letter * SIZE) for letter in (b"a", b"b")]
        reader = gevent.spawn(read_all, far)
        gevent.joinall(senders, timeout=60, raise_error=True)
        near.shutdown(socket.SHUT_WR)
        received = reader.get(timeout=60)
    assert received == b"a" * SIZE + b"b" * SIZE
