"""The pure parts of the key browser: names, typed lines, filters, coalescing, deadlines, replies."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.keys.commands import usage
from dashboard.keys.explain import explain
from dashboard.keys.names import BadKey, key_id, key_of
from dashboard.keys.pace import Pace
from dashboard.keys.page import Filter
from dashboard.keys.pending import A_MESSAGE, MOST_KEYS, Pending, told
from dashboard.keys.subscriber import AGAIN_SECONDS, SOON_SECONDS, SwapWatch, next_pause
from dashboard.keys.visible import AGAIN_MS, TRIES, Visible
from dashboard.keys.words import split
from labs.sdk.shown import HIDDEN, shown


@given(st.binary())
def test_any_key_has_an_id_and_back(name: bytes) -> None:
    assert key_of(key_id(b"lab:" + name)) == b"lab:" + name


@given(st.binary())
def test_nothing_in_a_shown_name_is_hidden(name: bytes) -> None:
    import unicodedata

    assert not any(unicodedata.category(character) in HIDDEN for character in shown(name))


@given(st.binary(), st.binary())
def test_two_names_never_look_the_same_escape(one: bytes, other: bytes) -> None:
    assert (shown(one) == shown(other)) == (one == other)


@pytest.mark.parametrize("id", ["", "!!", "bGFiOg==", "Zm9v", None, 7, ["a"], "bGFiOmE\n", "x" * 100_000])
def test_what_is_no_id_is_refused(id: object) -> None:
    with pytest.raises(BadKey):
        key_of(id)


def test_a_name_is_cut_and_says_so() -> None:
    assert shown(b"x" * 100, 10) == "x" * 10 + "…"
    assert shown(b"\xe2\x80\xae<b>\xff\n\\") == "\\u202e<b>\\xff\\n\\\\"


@given(st.lists(st.binary(min_size=1), min_size=1, max_size=5))
def test_every_word_can_be_typed(words: list[bytes]) -> None:
    line = " ".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"' for word in words)
    assert split(line) == words


@pytest.mark.parametrize(
    ("text", "pattern", "exact"),
    [
        (b"", b"lab:*", None),
        (b"lab:a", b"lab:a*", b"lab:a"),
        (b"ada", b"*ada*", None),
        (b"lab:qc:*", b"lab:qc:*", None),
        (b"lab:a\\b", b"lab:a\\\\b*", b"lab:a\\b"),
    ],
)
def test_a_filter_without_a_glob_is_looked_up_first(text: bytes, pattern: bytes, exact: bytes | None) -> None:
    assert Filter(text).pattern == pattern
    assert Filter(text).exact == exact


def test_changes_of_one_key_are_one() -> None:
    pending = Pending()
    assert pending.take() == ({}, "start")
    for event in ("new", "set", "expire"):
        pending.add(b"lab:a", event)
    pending.add(b"lab:b", "keymiss")
    changes, stale = pending.take()
    assert stale is None
    assert told(changes[b"lab:a"]) == {"cause": "new", "by": "expire", "times": 2, "misses": 0}
    assert told(changes[b"lab:b"]) == {"cause": "keymiss", "by": "keymiss", "times": 0, "misses": 1}
    assert not pending


def test_a_key_that_was_made_and_went_is_gone() -> None:
    pending = Pending()
    for event in ("new", "set", "del", "keymiss"):
        pending.add(b"lab:a", event)
    change = pending.take()[0][b"lab:a"]
    assert change.gone
    assert told(change)["cause"] == "del"


def test_a_hash_whose_last_field_expired_was_deleted_by_nobody() -> None:
    pending = Pending()
    pending.take()
    for event in ("hexpired", "hexpired", "del"):
        pending.add(b"lab:a", event)
    change = pending.take()[0][b"lab:a"]
    assert change.gone
    assert told(change) == {"cause": "hexpired_last", "by": "hexpired_last", "times": 3, "misses": 0}
    pending.add(b"lab:a", "hexpired")
    pending.take()  # the two may be told in two messages
    pending.add(b"lab:a", "del")
    assert told(pending.take()[0][b"lab:a"])["cause"] == "hexpired_last"


@pytest.mark.parametrize("between", [[(b"lab:a", "hdel")], [(b"lab:a", "hset")], [(b"lab:b", "set")]])
def test_a_hash_that_somebody_deleted_after_a_field_expired_was_deleted(between: list[tuple[bytes, str]]) -> None:
    pending = Pending()
    pending.take()
    for key, event in [(b"lab:a", "hexpired"), *between, (b"lab:a", "del")]:
        pending.add(key, event)
    assert told(pending.take()[0][b"lab:a"])["cause"] == "del"


def test_messages_are_bounded_and_nothing_between_them_is_lost() -> None:
    pending = Pending()
    pending.take()
    names = [b"lab:%d" % n for n in range(A_MESSAGE * 2 + 5)]
    for name in names:
        pending.add(name, "set")
    got = [name for _ in range(3) for name in pending.take()[0]]
    assert got == names
    for n in range(MOST_KEYS + 1):
        pending.add(b"lab:%d" % n, "set")
    assert pending.take() == ({}, "overflow")


def test_a_gap_is_told_before_its_end() -> None:
    pending = Pending()
    pending.spoil("lost")
    pending.spoil("start")
    pending.add(b"lab:a", "set")
    assert pending.take() == ({}, "lost")
    changes, stale = pending.take()
    assert (list(changes), stale) == ([b"lab:a"], "start")
    assert not pending
    for why in ("lost", "start", "lost"):
        pending.spoil(why)
    assert pending.take() == ({}, "lost")
    assert not pending


def test_who_is_cut_off_again_and_again_waits_longer() -> None:
    pauses, lasted = [0.0], [9.0, 0.1, 0.1, 0.1, 0.1, 0.1, 9.0, 0.1]
    for seconds in lasted:
        pauses.append(next_pause(pauses[-1], seconds))
    assert pauses[1:] == [SOON_SECONDS, 0.1, 0.2, 0.4, AGAIN_SECONDS, AGAIN_SECONDS, SOON_SECONDS, 0.1]


def test_at_most_ten_messages_in_any_second_however_urgent() -> None:
    pace, now, sent = Pace(), 0.0, list[float]()
    for n in range(100):
        now += pace.wait(now, urgent=n % 3 > 0)
        pace.sent(now)
        sent.append(now)
    assert all(later - first > 0.999 for first, later in zip(sent, sent[10:], strict=False))
    assert pace.wait(now + 2, urgent=False) == 0
    pace.sent(now + 2)
    assert pace.wait(now + 2, urgent=False) == pytest.approx(0.1)
    assert pace.wait(now + 2, urgent=True) == pytest.approx(0.02)


def test_only_the_end_of_a_key_cannot_wait() -> None:
    pending = Pending()
    pending.add(b"lab:a", "set")
    pending.add(b"lab:b", "expired")
    assert not pending.ends([b"lab:a", b"lab:c"])
    assert pending.ends([b"lab:c", b"lab:b"])


def test_only_keys_in_view_of_somebody_who_wants_it_are_due() -> None:
    visible = Visible()
    row = {"expires": 1000}
    visible.see("a", [b"lab:a", b"lab:b"], False)
    visible.see("n", [b"lab:n"], True)
    for key in (b"lab:a", b"lab:n", b"lab:x"):
        visible.learn(key, row)
    assert visible.next_due() == 1001
    assert visible.due(1000.9) == []
    assert visible.due(1001) == [b"lab:a"]
    visible.learn(b"lab:a", None)
    assert visible.next_due() is None
    assert visible.due(2000) == []
    visible.learn(b"lab:b", row)
    visible.forget("a")
    assert visible.due(2000) == []
    assert b"lab:b" not in visible


def test_a_key_that_was_asked_for_too_early_is_asked_for_again_but_not_for_ever() -> None:
    visible = Visible()
    visible.see("a", [b"lab:a"], False)
    visible.learn(b"lab:a", {"expires": 1000})
    tries = list[float]()
    while (due := visible.next_due()) is not None:
        assert visible.due(due - 0.1) == []
        assert visible.due(due) == [b"lab:a"]
        tries.append(due)
    assert tries[:2] == [1001, 1001 + AGAIN_MS + 1]
    assert len(tries) == TRIES
    assert all(later - first > AGAIN_MS for first, later in itertools.pairwise(tries))


def test_a_swap_is_what_comes_after_the_first_look() -> None:
    watch = SwapWatch()
    assert not watch.swapped({})
    assert not watch.swapped({})
    assert watch.swapped({"cmdstat_swapdb": {"calls": 1}})
    assert not watch.swapped({"cmdstat_swapdb": {"calls": 1}})


def test_usage_reads_as_people_write_it() -> None:
    arguments: list[dict[str, Any]] = [
        {"name": "key", "type": "key"},
        {"name": "c", "type": "oneof", "flags": ["optional"], "arguments": [
            {"name": "nx", "type": "pure-token", "token": "NX"}, {"name": "seconds", "type": "integer", "token": "EX"},
        ]},
        {"name": "field", "type": "string", "flags": ["multiple"]},
    ]  # fmt: skip
    assert usage(arguments) == "key [NX | EX seconds] field [field …]"


def test_nothing_is_explained_that_is_not_known() -> None:
    assert explain("ERR something quite new") == ""
