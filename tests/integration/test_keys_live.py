"""Live rows: causes, deadlines, flush, lost subscriptions; and that looking changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson
import pytest

from dashboard.embedded import Valkey
from dashboard.keys.access import Access
from dashboard.keys.names import key_id
from dashboard.keys.page import Filter, read_page
from dashboard.keys.rows import server_now
from dashboard.keys.value import read_window
from dashboard.keys.watch import Watch
from dashboard.keys.wire import Wire, WireError
from tests.keyspace import access_to, overdue, watching
from tests.waiting import wait_until


@pytest.fixture
def access(valkey: Valkey, tmp_path: Path) -> Iterator[Access]:
    with access_to(valkey, tmp_path) as found:
        yield found


def test_every_cause_is_told_in_words_of_the_server(access: Access, app: Any) -> None:
    with watching(access) as page:
        assert page.live
        app.set("lab:a", "1")
        new = page.wait_for(b"lab:a", "new")
        assert new["by"] == "set"
        assert new["row"]["type"] == "string"
        assert new["row"]["expires"] is None
        app.expire("lab:a", 100)
        assert page.wait_for(b"lab:a", "expire")["row"]["expires"] > 0
        app.hset("lab:h", "field", "1")
        assert page.wait_for(b"lab:h", "new")["row"]["encoding"] == "listpack"
        app.hset("lab:h", "other", "1")
        page.wait_for(b"lab:h", "hset")
        app.rename("lab:h", "lab:i")
        page.wait_for(b"lab:h", "rename_from")
        app.delete("lab:a")
        assert "row" not in page.wait_for(b"lab:a", "del")
        assert app.get("lab:nobody") is None
        assert page.wait_for(b"lab:nobody", "keymiss")["misses"] == 1


def test_a_hash_goes_with_its_last_field_and_nobody_deleted_it(access: Access, app: Any) -> None:
    with watching(access) as page:
        app.hset("lab:h", mapping={"a": "1", "b": "2"})
        app.hpexpire("lab:h", 100, "a", "b")
        page.wait_for(b"lab:h", "hexpired_last")
        assert "del" not in page.causes(b"lab:h")
        app.hset("lab:h", "a", "1")
        app.hdel("lab:h", "a")
        page.wait_for(b"lab:h", "del")


def test_other_databases_and_other_names_are_nobodys_business(access: Access, app: Any, redis: Any) -> None:
    with watching(access) as page:
        redis.set("lab:app", "1")
        app.set("other", "1")
        app.set("lab:mine", "1")
        page.wait_for(b"lab:mine", "new")
        told = {one["name"] for message in page.messages for one in message["changed"]}
        assert told == {"lab:mine"}


@pytest.mark.parametrize("empty", ["flushdb", "flushall", "swapdb"])
def test_what_emits_no_event_is_noticed(empty: str, access: Access, app: Any) -> None:
    app.set("lab:a", "1")
    with watching(access) as page:
        wait_until(lambda: "start" in page.stale())
        wait_until(lambda: page.watch._swaps.known)
        if empty == "swapdb":
            app.execute_command("SWAPDB", 9, 7)
        else:
            app.execute_command(empty.upper())
        wait_until(lambda: ("swap" if empty == "swapdb" else "flush") in page.stale())
        app.execute_command("FLUSHALL")


def test_a_key_in_view_is_gone_on_time(access: Access, app: Any, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(lambda: app.config_set("hz", 10))
    app.config_set("hz", 1)
    try:
        with watching(access) as page:
            app.set("lab:long", "1", ex=1000)
            app.set("lab:ever", "1")
            app.set("lab:short", "1", px=1000)
            seen = page.watch.see("viewer", [b"lab:short", b"lab:long", b"lab:ever"], False)
            assert {"lab:long", "lab:ever"} <= {row["name"] for row in seen["rows"]}
            page.wait_for(b"lab:short", "expired")
            assert app.pttl("lab:long") > 900_000
            assert app.pttl("lab:ever") == -1
    finally:
        app.config_set("hz", 10)


def test_left_to_the_server_a_key_is_gone_when_it_is_reclaimed(access: Access, app: Any) -> None:
    """While writes are paused the server reclaims nothing, though the time is over; nobody asks it to."""
    with watching(access) as page:
        app.config_resetstat()
        page.watch.see("viewer", [b"lab:short"], True)
        with overdue(app, "lab:short", px=300):
            assert app.memory_usage("lab:short")
            assert "expired" not in page.causes(b"lab:short")
        wait_until(lambda: not app.exists("lab:short") and app.memory_usage("lab:short") is None)
        assert "cmdstat_pexpire" not in app.info("commandstats")


def test_nudging_counts_as_nothing(access: Access, app: Any) -> None:
    with watching(access) as page:
        app.set("lab:short", "1", px=100)
        page.watch.see("viewer", [b"lab:short"], False)
        before = app.info("stats")
        page.wait_for(b"lab:short", "expired")
        after = app.info("stats")
        assert after["keyspace_misses"] == before["keyspace_misses"]


def test_looking_changes_neither_idle_time_nor_frequency(access: Access, app: Any) -> None:
    names = {
        "string": b"lab:s",
        "hash": b"lab:h",
        "list": b"lab:l",
        "set": b"lab:t",
        "zset": b"lab:z",
        "stream": b"lab:x",
    }
    app.set("lab:s", "x" * 50_000)
    app.hset("lab:h", mapping={str(n): n for n in range(1000)})
    app.rpush("lab:l", *range(1000))
    app.sadd("lab:t", *range(1000))
    app.zadd("lab:z", {str(n): n for n in range(1000)})
    app.xadd("lab:x", {"a": "b"})
    try:
        for policy, what in (("allkeys-lfu", "FREQ"), ("allkeys-lru", "IDLETIME")):
            app.config_set("maxmemory-policy", policy)
            app.config_set("lfu-decay-time", 0)
            app.config_set("lfu-log-factor", 0)
            if what == "IDLETIME":  # the clock of idle times has whole seconds
                wait_until(lambda: all(app.object("IDLETIME", key) >= 1 for key in names.values()))
            before = {key: app.object(what, key) for key in names.values()}
            with watching(access) as page:
                for _ in range(20):
                    page.watch.see("viewer", list(names.values()), False)
                    read_page(access.client(), 0, Filter(b""))
                    for kind, key in names.items():
                        read_window(access.client(), key, kind, 1000, "0")
                after = {key: app.object(what, key) for key in names.values()}
            assert all(after[key] >= before[key] if what == "IDLETIME" else after[key] == before[key] for key in before)
    finally:
        app.config_set("maxmemory-policy", "noeviction")
        app.config_set("lfu-decay-time", 1)
        app.config_set("lfu-log-factor", 10)


def test_a_subscriber_killed_in_a_burst_ends_in_the_truth(access: Access, app: Any) -> None:
    """The view that a page merges from messages and fresh pages equals a fresh SCAN."""
    with watching(access) as page:
        for n in range(6000):
            app.set(f"lab:burst:{n}", n)
            if n == 3000:
                me = next(one for one in app.client_list() if one["name"] == "loopscope:keys")
                app.client_kill(me["addr"])
        wait_until(lambda: page.stale()[-1:] == ["start"] and "lost" in page.stale())
        app.set("lab:after", "1")
        page.wait_for(b"lab:after", "new")
        cursor, found = 0, set()
        while True:
            answer = read_page(access.client(), cursor, Filter(b""))
            found |= {row["id"] for row in answer["rows"]}
            if (cursor := int(answer["cursor"])) == 0:
                break
        assert found == {key_id(key) for key in app.scan_iter(count=1000)}


def test_too_much_at_once_is_told_as_such(access: Access, app: Any) -> None:
    from dashboard.keys import pending

    waiting = pending.Pending()
    waiting.take()
    for n in range(pending.MOST_KEYS + 1):
        waiting.add(b"lab:%d" % n, "set")
    changes, stale = waiting.take()
    assert stale == "overflow"
    assert not changes


def test_scores_without_end_have_a_name(access: Access, app: Any) -> None:
    """JSON knows no infinity."""
    app.execute_command("ZADD", "lab:z", "-inf", "first", "1.5", "one", "inf", "last")
    items = read_window(access.client(), b"lab:z", "zset", 100, "0")["items"]
    assert [item["score"] for item in orjson.loads(orjson.dumps(items))] == ["-inf", 1.5, "inf"]


def test_clocks_are_compared_again_and_again(access: Access, app: Any) -> None:
    """Ours may be set, or run at another speed, while somebody looks and nothing happens."""
    with watching(access) as page:
        app.set("lab:last", "1")
        page.wait_for(b"lab:last", "new")  # after that there is nothing to look at
        page.watch._clock._offset += 3_600_000
        wait_until(lambda: abs(page.watch._clock.now() - server_now(app)) < 60_000)


def test_whoever_leaves_while_joining_ends_nothing_but_the_watch(access: Access, app: Any) -> None:
    """The server does not let us in yet; the next viewer begins anew."""
    answers: list[dict[str, Any]] = []
    threads: list[threading.Thread] = []

    def spawn(function: Any, *arguments: Any) -> None:
        threads.append(threading.Thread(target=function, args=arguments))
        threads[-1].start()

    watch = Watch(access, lambda message: None, spawn)
    access.renew()
    with patch.object(Access, "renew", side_effect=WireError("no")):
        spawn(lambda: answers.append(watch.join("a")))
        wait_until(lambda: watch._subscriber is not None)
        watch.leave("a")
        assert wait_until(lambda: answers) == [{"live": False, "why": ""}]
    wait_until(lambda: watch.join("b")["live"])
    watch.leave("b")
    for thread in threads:
        thread.join()


def test_a_connection_that_was_closed_elsewhere_is_said_to_be_so(access: Access) -> None:
    """By the last viewer who leaves, between two looks of the subscriber."""
    wire = Wire(access.renew().browser)
    wire.close()
    with pytest.raises(WireError, match="closed"):
        wire.comes(60)
