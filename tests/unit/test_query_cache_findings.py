"""What the query-cache lab says, on runs whose truth is known."""

from __future__ import annotations

from typing import Any

import pytest

from labs.query_cache.findings import findings
from labs.query_cache.load import writes_before
from labs.sdk.recording import Recording
from tests.querycache_streams import Read, load, outage, stampede
from tests.streams import answered, cards, recorded, results, run

SLOW: list[Read] = [("uncached", 10.0, False)] * 20
FAST: list[Read] = [("miss", 12.0, False), *[("hit", 1.0, False)] * 19]
HIT: Read = ("hit", 1.0, False)
OLD: Read = ("hit", 1.0, True)
AWAY: Read = ("bypass", 5.0, False)
WRONG: list[Read] = [*FAST[:15], *[("hit", 1.0, True)] * 5]


def ways(*, repeats: int = 3, cpus: int = 2, quiet: bool = True, **reads: list[Read]) -> Recording:
    parts = [load(way, all_, repeat=n) for n in range(1, repeats + 1) for way, all_ in reads.items()]
    return run(parts, cpus=cpus, quiet=quiet, mode="ways", repeats=repeats)


def test_an_old_answer_is_unexpected_only_where_the_cache_was_told() -> None:
    found = cards(findings(ways(on=WRONG, hand=WRONG)))
    assert (found["stale-on"]["verdict"], found["stale-hand"]["verdict"]) == ("yes", "no")


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_a_cache_that_helps_and_one_that_lies(cpus: int) -> None:
    recording = ways(cpus=cpus, off=SLOW, on=WRONG, hand=FAST)
    found = cards(findings(recording))
    assert found["faster-on"]["verdict"] == found["faster-hand"]["verdict"] == "yes"
    assert (found["stale-on"]["verdict"], found["stale-on"]["headline"]) == ("yes", "On: 15 out of date")
    assert "0.25 s old" in found["stale-on"]["text"]
    assert found["stale-on"]["cites"] == [{"part": "python-on-1", "id": "r1-15"}]
    assert found["stale-hand"]["verdict"] == found["stale-off"]["verdict"] == "yes"
    assert results(findings(recording), "hit ratio") == {"On": 95.0, "Hand": 95.0}
    assert results(findings(recording), "stale answers") == {"Off": 0.0, "On": 25.0, "Hand": 0.0}
    assert answered(findings(recording)) == "never-cleared"
    assert found["cost-hit"]["headline"] == "A hit: 0.10 of an uncached read"
    assert found["cost-miss"]["headline"] == "A miss: 1.20 of an uncached read"


@pytest.mark.parametrize(
    ("wrong", "answer"),
    [(["on"], "never-cleared"), (["on", "ttl"], "uncleared"), (["ttl"], "uncleared"), (["view"], "more"), ([], "none")],
)
def test_the_answer_names_the_ways_that_were_wrong(wrong: list[str], answer: str) -> None:
    reads: Any = {way: WRONG if way in wrong else FAST for way in ("on", "ttl", "hand", "view")}
    assert answered(findings(ways(off=SLOW, **reads))) == answer


def test_a_cache_that_is_no_faster_and_one_that_is_slower() -> None:
    parts = [load(way, [(kind, ms * n, False)] * 20, repeat=n)
             for n in (1, 2, 3) for way, kind, ms in (("off", "uncached", 10.0), ("hand", "miss", 15.0))]  # fmt: skip
    assert cards(findings(run(parts, cpus=2, mode="ways", repeats=3)))["faster-hand"]["verdict"] == "no"
    parts = [load(way, [(kind, ms, False)] * 20, repeat=n) for n, other in ((1, 8.0), (2, 12.0), (3, 10.5))
             for way, kind, ms in (("off", "uncached", 10.0), ("hand", "miss", other))]  # fmt: skip
    found = cards(findings(run(parts, cpus=2, mode="ways", repeats=3)))
    assert found["faster-hand"]["verdict"] == "cannot-tell"
    assert found["cost-miss"]["verdict"] == "cannot-tell"


def test_what_is_unexpected_is_said() -> None:
    """A way that clears lets an old answer through; one that never does gives none although somebody wrote."""
    found = cards(findings(ways(on=FAST, hand=WRONG)))
    assert found["stale-on"]["verdict"] == found["stale-hand"]["verdict"] == "no"


def test_one_repeat_tells_no_difference() -> None:
    assert cards(findings(ways(repeats=1, off=SLOW, hand=FAST)))["faster-hand"]["verdict"] == "cannot-tell"


def test_without_writes_nothing_can_be_out_of_date() -> None:
    recording = run([load("off", SLOW, writes=0), load("on", FAST, writes=0)], cpus=2, mode="ways", repeats=1)
    assert cards(findings(recording))["stale-on"]["verdict"] == "cannot-tell"
    assert answered(findings(recording)) == "cannot-tell"


def test_nothing_ended() -> None:
    assert [e["id"] for e in findings(run([], cpus=2))] == ["none"]


@pytest.mark.parametrize(
    ("leases", "none", "verdicts"),
    [([1, 1], [20, 18], ("yes", "yes")), ([1, 3], [20, 20], ("no", "yes")), ([1, 1], [1, 1], ("yes", "cannot-tell"))],
)
def test_a_stampede(leases: list[int], none: list[int], verdicts: tuple[str, str]) -> None:
    parts = [
        stampede(way, asked, repeat=n) for n in (1, 2, 3) for way, asked in (("leases", leases), ("no leases", none))
    ]
    found = cards(findings(run(parts, cpus=2, mode="stampede", repeats=3, readers=20)))
    assert (found["leases"]["verdict"], found["no-leases"]["verdict"]) == verdicts


@pytest.mark.parametrize(
    ("reads", "failed", "verdicts"),
    [
        ([HIT, *5 * [AWAY], HIT], 0, ("yes", "yes", "yes")),
        ([HIT, *5 * [("bypass", 90.0, False)], OLD], 2, ("no", "no", "no")),
        ([HIT, *5 * [AWAY]], 0, ("yes", "cannot-tell", "yes")),
        ([HIT, *4 * [AWAY], HIT], 0, ("yes", "yes", "cannot-tell")),
        ([HIT, *3 * [("bypass", 6.1, False)], *2 * [AWAY], HIT], 0, ("yes", "yes", "cannot-tell")),
        ([OLD, *5 * [AWAY], HIT], 0, ("yes", "yes", "yes")),
    ],
)
def test_an_outage(reads: list[Read], failed: int, verdicts: tuple[str, str, str]) -> None:
    found = cards(findings(run([outage(reads, failed=failed)], cpus=2, mode="outage", repeats=1)))
    assert (found["failed"]["verdict"], found["back"]["verdict"], found["away"]["verdict"]) == verdicts


def test_a_read_that_redis_was_too_slow_for_does_not_undo_its_return() -> None:
    reads = [HIT, *5 * [AWAY], *60 * [HIT], AWAY]
    found = cards(findings(run([outage(reads, back=5.5)], cpus=2, mode="outage", repeats=1)))
    assert found["back"]["verdict"] == "yes"
    assert "60 hits after its return, 0 out of date. The first came " in found["back"]["text"]


def test_old_answers_of_before_are_none_of_after_the_return() -> None:
    found = cards(findings(run([outage([OLD, *5 * [AWAY], HIT])], cpus=2, mode="outage", repeats=1)))
    assert found["back"]["headline"] == "0 out of date after the return"
    assert "answer" not in found  # the question is which ways were wrong, and there is one only


def test_one_reader_is_no_stampede() -> None:
    recording = run([stampede("leases", [1] * 8)], cpus=2, mode="stampede", repeats=1, readers=1)
    assert cards(findings(recording))["leases"]["verdict"] == "cannot-tell"


@pytest.mark.parametrize("readers", [1, 3, 4, 10, 50])
@pytest.mark.parametrize("share", [0, 1, 5, 7, 19, 20, 21, 22, 30])
def test_writes_are_as_many_as_was_asked_and_readers_take_turns(share: int, readers: int) -> None:
    writes = [read for read in range(990) if writes_before(read, 990, readers, share)]
    assert len(writes) == 990 * share // 100
    for begin in range(0, 900, 100):
        assert abs(sum(begin <= read < begin + 100 for read in writes) - share) <= readers * share // 100 + 1
    assert len({read % readers for read in writes}) >= min(readers, len(writes)) - 2  # the last round is a short one


def test_a_real_run_names_its_servers_and_finds_the_old_answers() -> None:
    recording = Recording(recorded("query-cache-2-cpus"))
    told = next(e["text"] for e in findings(recording) if e.get("chart") == "totals")
    assert "Valkey 9" in told
    assert "SecantusDB" in told
    found = cards(findings(recording))
    assert found["stale-on"]["verdict"] == "yes"
    assert found["stale-hand"]["verdict"] == "yes"
    assert answered(findings(recording)) == "never-cleared"


def test_on_a_real_mongod_a_cache_is_not_called_faster() -> None:
    """Its reads take as long as a hit does: what a cache saves depends on whom it stands before."""
    found = cards(findings(Recording(recorded("query-cache-mongod-2-cpus"))))
    assert (found["faster-hand"]["verdict"], found["cost-hit"]["verdict"]) == ("no", "cannot-tell")
    assert (found["stale-hand"]["verdict"], found["stale-on"]["verdict"]) == ("yes", "yes")
