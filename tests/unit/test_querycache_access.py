"""The sums of what the query cache tells: right whenever they are asked for, and bounded."""

from __future__ import annotations

import threading

from labs.querycache import access
from labs.querycache.access import Access, Counters


def test_sums_in_all_by_reason_and_by_key() -> None:
    counters = Counters()
    for told in (
        Access("miss", "k", "f"),
        Access("command", "k", "f", command="HGET"),
        Access("hit", "k", "f"),
        Access("hit", "k", "g"),
        Access("bypass", reason="session"),
    ):
        counters(told)
    assert counters.total == {"miss": 1, "command": 1, "hit": 2, "bypass": 1}
    assert counters.reasons == {"session": 1}
    assert counters.of("k", "f") == {"miss": 1, "hit": 1}
    assert counters.of("k") == {"miss": 1, "hit": 2}
    assert counters.of("another") == {}
    assert counters.hit_ratio == 0.5
    counters(Access("wait", "k", "f"))
    assert counters.total["wait"] == 1
    assert counters.hit_ratio == 0.6


def test_before_the_first_read_there_is_no_ratio() -> None:
    assert Counters().hit_ratio is None


def test_no_more_wait_to_be_counted_than_said() -> None:
    counters = Counters()
    for n in range(3 * access.UNCOUNTED + 7):
        counters(Access("hit", "k", str(n % 3)))
        assert len(counters._new) < access.UNCOUNTED
    assert counters.total["hit"] == 3 * access.UNCOUNTED + 7


def test_the_keys_that_were_not_used_for_the_longest_time_are_forgotten() -> None:
    counters = Counters()
    for n in range(access.KEYS_KEPT):
        counters(Access("hit", str(n)))
    counters(Access("hit", "0"))
    assert counters.of("0") == {"hit": 2}
    counters(Access("hit", "one more"))
    assert counters.of("1") == {}
    assert counters.of("0") == {"hit": 2}
    assert counters.total["hit"] == access.KEYS_KEPT + 2


def test_many_threads_lose_nothing() -> None:
    counters = Counters()

    def tell() -> None:
        for _ in range(5000):
            counters(Access("hit", "k", "f"))

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters.total["hit"] == 20_000
    assert counters.of("k", "f") == {"hit": 20_000}
