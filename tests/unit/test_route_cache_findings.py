"""What the route-cache lab says, on runs whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from labs.route_cache.findings import findings
from labs.route_cache.load import wishes
from labs.route_cache.versions import Versions
from labs.sdk.recording import Recording
from tests.route_cache_streams import Read, part
from tests.streams import answered, cards, recorded, results, run

SLOW = [Read("uncached", 10.0)] * 20
FAST = [Read("miss", 12.0), *[Read("hit", 1.0)] * 19]
OLD = [*FAST[:15], *[Read("hit", 1.0, behind=0.1 * n) for n in range(1, 6)]]
MIXED = [*FAST[:10], *[Read("hit", 1.0, what="user", wrong=True)] * 9, Read("miss", 12.0, what="user")]
EVER = (-1.0, -1.0, -1.0)


def ways(
    *, repeats: int = 3, cpus: int = 2, writes: int = 2, second: str = "on", left: Sequence[float] = EVER,
    **reads: Sequence[Read],
) -> Recording:  # fmt: skip
    parts = [part(way, all_, repeat=n, writes=writes, left=() if way == "off" else left)
             for n in range(1, repeats + 1) for way, all_ in reads.items()]  # fmt: skip
    return run(parts, cpus=cpus, repeats=repeats, second=second)


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_faster_and_out_of_date(cpus: int) -> None:
    recording = ways(cpus=cpus, off=SLOW, on=OLD)
    found = cards(findings(recording))
    assert (found["faster-on"]["verdict"], found["faster-on"]["headline"]) == ("yes", "On: 6.5× faster")
    assert found["cost-hit"]["headline"] == "A hit: 0.10 of an uncached read"
    assert found["cost-miss"]["headline"] == "A miss: 1.20 of an uncached read"
    assert (found["old-on"]["verdict"], found["old-on"]["headline"]) == ("yes", "On: 15 out of date")
    assert "0.50 s before" in found["old-on"]["text"]
    assert found["old-on"]["cites"] == [{"part": "python-on-1", "id": "1-19"}]
    assert found["old-off"]["verdict"] == "yes"
    assert results(findings(recording), "out of date") == {"Off": 0.0, "On": 25.0}
    assert results(findings(recording), "reads that Redis answered") == {"Off": 0.0, "On": 95.0}
    assert results(findings(recording), "oldest answer") == {"On": 0.5}


def test_nothing_expires() -> None:
    card = cards(findings(ways(off=SLOW, on=FAST)))["stays-on"]
    assert (card["verdict"], card["headline"]) == ("yes", "On: nothing expires")
    assert "9 of 9 keys" in card["text"]
    assert "3.0 GB" in card["text"]
    assert cards(findings(ways(on=FAST, left=(0.1, 0.2))))["stays-on"]["verdict"] == "no"
    assert cards(findings(ways(on=FAST, left=())))["stays-on"]["verdict"] == "cannot-tell"


@pytest.mark.parametrize(
    ("left", "verdict", "headline"),
    [((0.1, 0.05), "yes", "Ttl: every key expires"), ((), "yes", "Ttl: nothing left"),
     ((0.1, -1.0), "no", "Ttl: nothing expires")],
)  # fmt: skip
def test_with_expiry_keys_go(left: Sequence[float], verdict: str, headline: str) -> None:
    card = cards(findings(ways(ttl=FAST, left=left)))["stays-ttl"]
    assert (card["verdict"], card["headline"]) == (verdict, headline)


@pytest.mark.parametrize(("behind", "verdict"), [(0.19, "yes"), (0.211, "yes"), (0.25, "no")])
def test_expiry_bounds_how_old_an_answer_gets(behind: float, verdict: str) -> None:
    """Up to the time to live, and the one miss that may have asked just before the write."""
    card = cards(findings(ways(ttl=[*FAST, Read("hit", 1.0, behind=behind)])))["old-ttl"]
    assert card["verdict"] == verdict


def test_a_second_route_gets_the_first_ones_answer() -> None:
    recording = ways(on=MIXED)
    card = cards(findings(recording))["wrong-on"]
    assert (card["verdict"], card["headline"]) == ("yes", "On: 27 of the wrong kind")
    assert 'Asked for the profile of user 1, got: {"id":1} …' in card["text"]
    assert results(findings(recording), "wrong kind") == {"On": 45.0}
    apart = [*FAST, Read("miss", 12.0, what="user")]
    assert cards(findings(ways(on=apart)))["wrong-on"]["verdict"] == "no"
    assert cards(findings(ways(on=FAST)))["wrong-on"]["verdict"] == "cannot-tell"
    assert "wrong-on" not in cards(findings(ways(on=FAST, second="off")))


@pytest.mark.parametrize(
    ("reads", "answer"), [(FAST, "nothing"), (OLD, "old"), (MIXED, "kind"), ([*OLD, *MIXED], "both")]
)
def test_the_answer_names_the_faults(reads: list[Read], answer: str) -> None:
    assert answered(findings(ways(off=SLOW, on=reads))) == answer


def test_where_nobody_writes_nothing_is_out_of_date() -> None:
    recording = ways(off=SLOW, on=FAST, writes=0)
    assert cards(findings(recording))["old-on"]["verdict"] == "cannot-tell"
    assert cards(findings(recording))["old-on"]["headline"] == "On: nobody wrote"
    assert answered(findings(recording)) == "nothing"


def test_writes_that_nobody_missed_are_unexpected() -> None:
    assert cards(findings(ways(on=FAST)))["old-on"]["verdict"] == "no"
    assert cards(findings(ways(off=[*SLOW, Read("uncached", 9.0, behind=0.1)])))["old-off"]["verdict"] == "no"


def test_only_wrong_answers_tell_nothing_of_age() -> None:
    assert cards(findings(ways(on=[Read("hit", 1.0, wrong=True)])))["old-on"]["verdict"] == "cannot-tell"


def test_answers_of_the_wrong_kind_make_no_cache_faster() -> None:
    """They are smaller. Here what was asked for takes as long as without a cache, and so much more often."""
    off = [*[Read("uncached", 10.0)] * 10, *[Read("uncached", 2.0, what="user")] * 10]
    wrong = [Read("hit", 0.1, wrong=True)] * 8
    on = [Read("miss", 10.0), Read("miss", 10.0), *wrong, *[Read("miss", 2.0, what="user")] * 10]
    assert results(findings(ways(off=off, on=on)), "one read") == {"Off": 6.0, "On": 6.0}
    assert cards(findings(ways(off=off, on=on)))["faster-on"]["verdict"] == "cannot-tell"
    never = [*[Read("miss", 10.0)] * 10, *[Read("hit", 0.1, what="user", wrong=True)] * 10]
    assert cards(findings(ways(off=off, on=never)))["faster-on"]["verdict"] == "cannot-tell"


def test_a_million_users_hold_what_a_key_holds_on_average() -> None:
    parts = [part("on", FAST, left=EVER * 3, sizes=(8000, 500, 500))]
    text = cards(findings(run(parts, cpus=2, repeats=1, second="on")))["stays-on"]["text"]
    assert "On average one holds 3,000 bytes." in text
    assert "3.0 GB" in text


def test_noise_and_few_repeats_cannot_tell() -> None:
    assert cards(findings(ways(repeats=1, off=SLOW, on=FAST)))["faster-on"]["verdict"] == "cannot-tell"
    parts = [part(way, [Read(kind, ms)] * 20, repeat=n) for n, other in ((1, 8.0), (2, 12.0), (3, 10.5))
             for way, kind, ms in (("off", "uncached", 10.0), ("on", "miss", other))]  # fmt: skip
    found = cards(findings(run(parts, cpus=2, repeats=3)))
    assert found["faster-on"]["verdict"] == found["cost-miss"]["verdict"] == "cannot-tell"


def test_a_cache_that_never_hits_is_slower() -> None:
    found = cards(findings(ways(off=SLOW, ttl=[Read("miss", 15.0)] * 20)))
    assert (found["faster-ttl"]["verdict"], found["faster-ttl"]["headline"]) == ("no", "Ttl: slower than none")


def test_without_a_cached_route_there_is_no_answer() -> None:
    assert answered(findings(ways(off=SLOW))) == "cannot-tell"
    assert [e["id"] for e in findings(run([], cpus=2))] == ["none"]


def test_an_answer_is_behind_by_the_first_write_it_misses() -> None:
    versions = Versions(2)
    versions.returned(1, 1.0)
    versions.returned(1, 3.0)
    assert versions.newest(1) == 2
    assert versions.behind(1, 0, least=2, begin=3.5) == 2.5
    assert versions.behind(1, 1, least=2, begin=3.5) == 0.5
    assert versions.behind(1, 2, least=2, begin=3.5) is None
    assert versions.behind(1, 3, least=2, begin=3.5) is None
    assert versions.behind(2, 0, least=0, begin=3.5) is None


def test_every_way_gets_the_same_requests() -> None:
    settings = {"requests": 50, "writes": 10, "second": "on", "users": 3}
    wanted = wishes({**settings, "way": "off"})
    assert wanted == wishes({**settings, "way": "on"})
    kinds = [what for what, _ in wanted]
    assert (kinds.count("write"), kinds.count("posts"), kinds.count("user")) == (5, 23, 22)
    assert {user for _, user in wanted} == {1, 2, 3}
    assert "user" not in {what for what, _ in wishes({**settings, "second": "off"})}


def test_a_real_run_shows_all_three_faults() -> None:
    recording = Recording(recorded("route-cache-2-cpus"))
    told = next(e["text"] for e in findings(recording) if e.get("chart") == "latencies")
    assert "Valkey 9" in told
    assert "SecantusDB" in told
    found = cards(findings(recording))
    assert {found[id]["verdict"] for id in ("old-off", "old-on", "stays-on", "wrong-on", "cost-hit")} == {"yes"}
    assert answered(findings(recording)) == "both"


def test_on_a_real_mongod_the_faults_are_the_same_and_the_gain_is_smaller() -> None:
    recording = Recording(recorded("route-cache-mongod-2-cpus"))
    found = cards(findings(recording))
    assert {found[id]["verdict"] for id in ("old-off", "old-on", "stays-on", "wrong-on", "cost-hit")} == {"yes"}
    assert answered(findings(recording)) == "both"
    assert any("MongoDB 6.0.5" in e["text"] for e in findings(recording) if e.get("chart") == "latencies")
    assert found["faster-on"]["headline"] == "By hand: 1.3× faster"
