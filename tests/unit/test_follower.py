"""Live delivery without a server: what is followed, and what happens when something fails in the middle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gevent import GreenletExit
from pymongo.errors import ServerSelectionTimeoutError
from redis.exceptions import ConnectionError as RedisAway

from dashboard.runs.follow import Follower
from dashboard.runs.stream import Batch

SAMPLE = Batch(1, 1, b'{"e":"sample","seq":1}')
END = Batch(2, 2, b'{"e":"run","state":"finished","seq":2}')
Step = Batch | BaseException | None


class Wire:
    """In the place of Flask-SocketIO: starts follower greenlets when told to, and keeps what they send."""

    def __init__(self) -> None:
        self.tasks: list[Callable[[], None]] = []
        self.sent: list[tuple[int, int]] = []
        self.server = self

    def start_background_task(self, work: Callable[..., None], *arguments: Any) -> None:
        self.tasks.append(lambda: work(*arguments))

    def emit(self, name: str, body: dict[str, Any], to: str) -> None:
        self.sent.append((body["first"], body["last"]))

    def sleep(self, seconds: float) -> None:
        pass

    def eio_sid_from_sid(self, sid: str, namespace: str) -> None:
        return None

    @property
    def manager(self) -> Wire:
        return self

    @property
    def eio(self) -> Wire:
        return self

    sockets: dict[Any, Any] = {}  # noqa: RUF012


class Stream:
    """In the place of the stream: gives or raises what it was told, step by step."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)

    def last(self, run: str) -> int:
        return 0

    def wait(self, run: str, after: int, milliseconds: int) -> list[Batch]:
        step = self.steps.pop(0)
        if isinstance(step, BaseException):
            raise step
        return [] if step is None else [step]


class Desk:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def find(self, run: str) -> None:
        if error := self.error:
            self.error = None
            raise error

    def view(self, run: None, learner: None) -> dict[str, Any]:
        return {"state": "finished", "ahead": None, "wait": None}


def following(*steps: Step, desk: Desk | None = None) -> tuple[Follower, Wire]:
    wire = Wire()
    follower = Follower(wire, Stream(*steps), desk or Desk())  # type: ignore[arg-type]
    follower.watch("a", "somebody")
    return follower, wire


def test_a_run_is_followed_once_however_many_watch_and_let_go_when_it_is_over() -> None:
    follower, wire = following(SAMPLE, END)
    follower.watch("a", "another")
    assert len(wire.tasks) == 1
    wire.tasks.pop()()
    assert wire.sent == [(1, 1), (2, 2)]
    assert follower.followed_by("somebody") == follower.followed_by("another") == 0
    follower.watch("a", "late")
    assert len(wire.tasks) == 1, "and may be followed again"


@pytest.mark.parametrize("error", [RedisAway("away"), RuntimeError("a mistake of ours")])
def test_a_failure_in_the_middle_costs_those_who_watch_nothing(error: Exception) -> None:
    follower, wire = following(SAMPLE, error, END)
    wire.tasks.pop()()
    assert wire.sent == [(1, 1), (2, 2)]
    assert follower.followed_by("somebody") == 0


def test_a_database_that_is_away_does_not_end_live_delivery() -> None:
    follower, wire = following(SAMPLE, None, END, desk=Desk(ServerSelectionTimeoutError("away")))
    wire.tasks.pop()()
    assert wire.sent == [(1, 1), (2, 2)]
    assert follower.followed_by("somebody") == 0


def test_a_follower_that_is_ended_leaves_its_place_to_the_next() -> None:
    follower, wire = following(SAMPLE, GreenletExit())
    with pytest.raises(GreenletExit):
        wire.tasks.pop()()
    assert follower.followed_by("somebody") == 0
    follower.watch("a", "somebody")
    assert len(wire.tasks) == 1


def test_nobody_watches_any_more() -> None:
    follower, wire = following(SAMPLE, END)
    follower.forget("somebody")
    wire.tasks.pop()()
    assert wire.sent == []
    follower.unwatch("a", "somebody")
    follower.watch("a", "somebody")
    assert len(wire.tasks) == 1
