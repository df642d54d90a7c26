"""A WebSocket frame is sent whole, however slow the line is."""

from __future__ import annotations

import gevent
import pytest
from gevent import socket

from dashboard import gunicorn_worker
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


def test_a_line_that_takes_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gunicorn_worker, "STALLED_SECONDS", 0.1)
    near, far = pair()
    with near, far:
        listener = gevent.spawn(pytest.raises, OSError, near.recv, 1)
        with pytest.raises(TimeoutError):
            near.send(b"x" * SIZE)
        listener.get(timeout=60)
        assert 0 < len(read_all(far)) < SIZE
