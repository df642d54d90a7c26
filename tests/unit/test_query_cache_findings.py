"""What the query-cache lab says, on runs whose truth is known."""

from __future__ import annotations

from typing import Any

import pytest

from labs.query_cache.findings import findings
from labs.sdk.recording import Recording
from tests.querycache_streams import Read, load, outage, stampede
from tests.streams import recorded, run

SLOW: list[Read] = [("uncached", 10.0, False)] * 20
FAST: list[Read] = [("miss", 12.0, False), *[("hit", 1.0, False)] * 19]
WRONG: list[Read] = [*FAST[:15], *[("hit", 1.0, True)] * 5]


def said(recording: Recording) -> dict[str, Any]:
    return {e["id"]: e for e in findings(recording) if e.get("role") == "finding"}


def answered(recording: Recording) -> str:
    return next(str(e["answer"]) for e in findings(recording) if e.get("role") == "answer")


def results(recording: Recording, name: str) -> dict[str, float]:
    return {e["label"]: e["value"] for e in findings(recording) if e["e"] == "result" and e["name"] == name}


def ways(*, repeats: int = 3, cpus: int = 2, quiet: bool = True, **reads: list[Read]) -> Recording:
    parts = [load(way, all_, repeat=n) for n in range(1, repeats + 1) for way, all_ in reads.items()]
    return run(parts, cpus=cpus, quiet=quiet, mode="ways", repeats=repeats)


def test_an_old_answer_is_unexpected_only_where_the_cache_was_told() -> None:
    cards = said(ways(on=WRONG, hand=WRONG))
    assert (cards["stale-on"]["verdict"], cards["stale-hand"]["verdict"]) == ("yes", "no")


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_a_cache_that_helps_and_one_that_lies(cpus: int) -> None:
    recording = ways(cpus=cpus, off=SLOW, on=WRONG, hand=FAST)
    cards = said(recording)
    assert cards["faster-on"]["verdict"] == cards["faster-hand"]["verdict"] == "yes"
    assert (cards["stale-on"]["verdict"], cards["stale-on"]["headline"]) == ("yes", "On: 15 out of date")
    assert "0.25 s old" in cards["stale-on"]["text"]
    assert cards["stale-on"]["cites"] == [{"part": "python-on-1", "id": "r1-15"}]
    assert cards["stale-hand"]["verdict"] == cards["stale-off"]["verdict"] == "yes"
    assert results(recording, "hit ratio") == {"On": 95.0, "Hand": 95.0}
    assert results(recording, "stale answers") == {"Off": 0.0, "On": 25.0, "Hand": 0.0}
    assert answered(recording) == "never-cleared"
    assert cards["cost-hit"]["headline"] == "A hit: 0.10 of an uncached read"
    assert cards["cost-miss"]["headline"] == "A miss: 1.20 of an uncached read"


@pytest.mark.parametrize(
    ("wrong", "answer"),
    [(["on"], "never-cleared"), (["on", "ttl"], "uncleared"), (["ttl"], "uncleared"), (["view"], "more"), ([], "none")],
)
def test_the_answer_names_the_ways_that_were_wrong(wrong: list[str], answer: str) -> None:
    reads: Any = {way: WRONG if way in wrong else FAST for way in ("on", "ttl", "hand", "view")}
    assert answered(ways(off=SLOW, **reads)) == answer


def test_a_cache_that_is_no_faster_and_one_that_is_slower() -> None:
    parts = [load(way, [(kind, ms * n, False)] * 20, repeat=n)
             for n in (1, 2, 3) for way, kind, ms in (("off", "uncached", 10.0), ("hand", "miss", 15.0))]  # fmt: skip
    assert said(run(parts, cpus=2, mode="ways", repeats=3))["faster-hand"]["verdict"] == "no"
    parts = [load(way, [(kind, ms, False)] * 20, repeat=n) for n, other in ((1, 8.0), (2, 12.0), (3, 10.5))
             for way, kind, ms in (("off", "uncached", 10.0), ("hand", "miss", other))]  # fmt: skip
    cards = said(run(parts, cpus=2, mode="ways", repeats=3))
    assert cards["faster-hand"]["verdict"] == "cannot-tell"
    assert cards["cost-miss"]["verdict"] == "cannot-tell"


def test_what_is_unexpected_is_said() -> None:
    """A way that clears lets an old answer through; one that never does gives none although somebody wrote."""
    cards = said(ways(on=FAST, hand=WRONG))
    assert cards["stale-on"]["verdict"] == cards["stale-hand"]["verdict"] == "no"


def test_one_repeat_tells_no_difference() -> None:
    assert said(ways(repeats=1, off=SLOW, hand=FAST))["faster-hand"]["verdict"] == "cannot-tell"


def test_without_writes_nothing_can_be_out_of_date() -> None:
    recording = run([load("off", SLOW, writes=0), load("on", FAST, writes=0)], cpus=2, mode="ways", repeats=1)
    assert said(recording)["stale-on"]["verdict"] == "cannot-tell"
    assert answered(recording) == "cannot-tell"


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
    cards = said(run(parts, cpus=2, mode="stampede", repeats=3, readers=20))
    assert (cards["leases"]["verdict"], cards["no-leases"]["verdict"]) == verdicts


@pytest.mark.parametrize(
    ("reads", "failed", "verdicts"),
    [
        ([("hit", 1.0, False), ("bypass", 5.0, False), ("hit", 1.0, False)], 0, ("yes", "yes", "yes")),
        ([("hit", 1.0, False), ("bypass", 90.0, False), ("hit", 1.0, True)], 2, ("no", "no", "no")),
        ([("hit", 1.0, False), ("bypass", 5.0, False)], 0, ("yes", "cannot-tell", "yes")),
    ],
)
def test_an_outage(reads: list[Read], failed: int, verdicts: tuple[str, str, str]) -> None:
    cards = said(run([outage(reads, failed=failed)], cpus=2, mode="outage", repeats=1))
    assert (cards["failed"]["verdict"], cards["back"]["verdict"], cards["away"]["verdict"]) == verdicts


def test_a_real_run_names_its_servers_and_finds_the_old_answers() -> None:
    recording = Recording(recorded("query-cache-2-cpus"))
    told = next(e["text"] for e in findings(recording) if e.get("chart") == "totals")
    assert "Valkey 9" in told
    assert "SecantusDB" in told
    cards = said(recording)
    assert cards["stale-on"]["verdict"] == "yes"
    assert cards["stale-hand"]["verdict"] == "yes"
    assert answered(recording) == "never-cleared"
