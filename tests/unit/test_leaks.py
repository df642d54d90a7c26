"""The leak check notices what it is there for."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import weakref

import gevent
import pytest
from redis import Redis

from dashboard.embedded import Valkey
from tests import leaks
from tests.leaks import Living
from tests.waiting import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STRAY = f"import subprocess; print(subprocess.Popen({SLEEP!r}, start_new_session=True, stdout=-3, stderr=-3).pid)"


def test_a_child() -> None:
    before = Living.now()
    with subprocess.Popen(SLEEP) as child:
        (left,) = before.others()
        child.kill()
    assert left.startswith(f"process {child.pid} (")
    assert before.others() == []


def test_a_grandchild_that_was_left_alone() -> None:
    before = Living.now()
    pid = int(subprocess.run([sys.executable, "-c", STRAY], capture_output=True, check=True).stdout)
    try:
        (left,) = before.others()
        assert f"process {pid} " in left
    finally:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not before.others())


def test_a_child_of_what_was_there_before_is_not_ours() -> None:
    program = f"import subprocess; input(); subprocess.Popen({SLEEP!r}).communicate(print(flush=True))"
    with subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1, start_new_session=True) as older:
        before = Living.now()
        assert older.stdin is not None
        assert older.stdout is not None
        older.stdin.write(b"\n")
        older.stdin.flush()
        older.stdout.readline()
        assert before.others() == []
        with contextlib.suppress(ProcessLookupError):
            os.killpg(older.pid, signal.SIGKILL)


def test_a_thread() -> None:
    before, over = Living.now(), threading.Event()
    thread = threading.Thread(target=over.wait, name="left")
    thread.start()
    assert before.others() == ["thread left"]
    over.set()
    thread.join()
    assert before.others() == []


def test_a_greenlet() -> None:
    before = Living.now()
    greenlet = gevent.spawn(gevent.sleep, 60)
    gevent.sleep(0)
    assert [left.split()[0] for left in before.others()] == ["greenlet"]
    greenlet.kill()
    assert before.others() == []


def test_weak_references_to_what_is_gone_do_not_matter() -> None:
    gevent.sleep(0)
    gone = weakref.proxy(type("Gone", (), {})())
    assert Living.now().others() == []
    del gone


@pytest.mark.parametrize(("ms", "stays"), [(50_000, False), (70_000, True), (None, True)])
def test_an_answer_that_the_blog_keeps_for_a_minute_goes_by_itself(valkey: Valkey, ms: int | None, stays: bool) -> None:
    with Redis.from_url(f"{valkey.url.removesuffix('/0')}/9") as client:
        client.hset("lab:blog:cache:a", mapping={"one": 1, "two": 2})
        client.hpexpire("lab:blog:cache:a", 50_000, "one")
        if ms is not None:
            client.hpexpire("lab:blog:cache:a", ms, "two")
        assert bool(leaks.empty_redis(valkey.url)) == stays


@pytest.mark.parametrize(("database", "left"), [(0, []), (9, ["db9 b'lab:x'"])])
def test_keys(valkey: Valkey, database: int, left: list[str]) -> None:
    with Redis.from_url(f"{valkey.url.removesuffix('/0')}/{database}") as client:
        client.set("lab:x", 1)
        assert leaks.empty_redis(valkey.url) == left
        assert client.dbsize() == 0
