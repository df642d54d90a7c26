"""What the indexes lab says, on runs whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from labs.indexes.findings import findings
from labs.indexes.growth import exponent, exponents, words
from labs.indexes.lab import IndexesParams, plan
from labs.indexes.plan_words import examined, stages
from labs.sdk.events import Event
from labs.sdk.judge import Measured
from labs.sdk.recording import Recording
from tests.streams import answered, cards, recorded, run

SIZES = (1_000, 3_000, 10_000)
STEADY = (1.0, 1.05, 0.97)
Growth = Callable[[int], float]
PLANS = {
    "id": (["IDHACK: goes straight to the _id"], 1),
    "title": (["COLLSCAN: reads every document"], 10_000),
    "index": (["IXSCAN: walks the index title_1"], 1),
}


def part(
    id: str, repeat: int, settings: dict[str, Any], samples: list[tuple[str, float, dict[str, Any]]]
) -> list[Event]:
    """A simulation, exact enough to know the right finding; never shown to a learner."""
    return [
        {"e": "part", "t": 0, "part": id, "state": "begin", "runtime": "python", "label": id, "repeat": repeat,
         "params": settings, "cold": False},
        {"e": "begin", "t": 0, "part": id, "id": "1", "name": "one", "kind": "db", "lane": "program"},
        {"e": "end", "t": 1, "part": id, "id": "1"},
        *({"e": "sample", "t": 1, "part": id, "series": name, "value": value, **more} for name, value, more in samples),
        {"e": "part", "t": 1, "part": id, "state": "end", "seconds": 1},
    ]  # fmt: skip


def look_ups(cpus: int = 2, noise: tuple[float, ...] = STEADY, **grows: Growth) -> Recording:
    parts = []
    for repeat, factor in enumerate(noise, 1):
        for way, grow in grows.items():
            steps, seen = PLANS[way]
            for size in SIZES:
                told = {"stages": steps, "entries": int(way == "index")}
                samples: Any = [("lookup", factor * grow(size), {}), ("plan", min(seen, size), told)]
                parts.append(part(f"{way}-{size}-{repeat}", repeat, {"way": way, "documents": size}, samples))
    return run(parts, cpus=cpus, mode="lookup", repeats=len(noise))


def writes(cost: float, noise: tuple[float, ...] = STEADY) -> Recording:
    parts = []
    for repeat, factor in enumerate(noise, 1):
        for indexes in (0, 4, 8):
            took = factor * (1 + cost * indexes)
            samples: Any = [("insert", took, {}), ("update", 2 * took, {}), ("index size", 10.0 * (1 + indexes), {})]
            parts.append(part(f"i{indexes}-{repeat}", repeat, {"indexes": indexes}, samples))
    return run(parts, cpus=2, mode="writes", repeats=len(noise))


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_a_scan_grows_and_an_index_does_not(cpus: int) -> None:
    recording = look_ups(cpus, id=lambda n: 0.5, title=lambda n: n / 1000, index=lambda n: 0.6)
    found = cards(findings(recording))
    assert found["growth-title"]["headline"].endswith("grows in proportion to the number of documents")
    assert "number: 1.00 (1.00 to 1.00)" in found["growth-title"]["text"]
    assert found["growth-id"]["headline"].endswith("hardly grows at all")
    assert found["plan-title"]["headline"] == "By title, no index: 10,000 of 10,000 documents read"
    assert "COLLSCAN: reads every document" in found["plan-title"]["text"]
    assert found["gain"]["verdict"] == "yes"
    assert found["gain"]["headline"] == "The index: 17× as fast"
    assert answered(findings(recording)) == "title"


def test_where_the_phenomenon_is_absent() -> None:
    """A server so fast, or collections so small, that the scan does not show."""
    recording = look_ups(id=lambda n: 0.5, title=lambda n: 0.5, index=lambda n: 0.5)
    found = cards(findings(recording))
    assert found["growth-title"]["headline"].endswith("hardly grows at all")
    assert answered(findings(recording)) == "none"
    assert found["gain"]["verdict"] == "cannot-tell"


def test_an_index_that_helps_nothing_and_one_that_grows() -> None:
    recording = look_ups(id=lambda n: 0.5, title=lambda n: n / 1000, index=lambda n: n / 1000)
    assert answered(findings(recording)) == "titles"


def test_whether_it_grows_is_open_where_the_repeats_leave_it_open() -> None:
    powers = iter((0.0, 0.2, 0.4))
    power: dict[int, float] = {}

    def index(n: int) -> float:
        if n == SIZES[0]:
            power[0] = next(powers)
        return float((n / SIZES[0]) ** power[0])

    recording = look_ups(noise=(1.0, 1.0, 1.0), id=lambda n: 0.5, title=lambda n: n / 1000, index=index)
    assert cards(findings(recording))["growth-index"]["headline"].endswith(
        "grows more slowly than the number of documents, if at all"
    )
    assert answered(findings(recording)) == "cannot-tell"


def test_too_few_repeats_cannot_tell() -> None:
    recording = look_ups(noise=(1.0,), id=lambda n: 0.5, title=lambda n: n / 1000, index=lambda n: 0.6)
    found = cards(findings(recording))
    assert {found[id]["verdict"] for id in found if id.startswith(("growth", "gain"))} == {"cannot-tell"}
    assert answered(findings(recording)) == "cannot-tell"


@pytest.mark.parametrize(("cost", "verdict"), [(0.5, "yes"), (0.0, "cannot-tell"), (-0.05, "no")])
def test_what_indexes_cost(cost: float, verdict: str) -> None:
    found = cards(findings(writes(cost)))
    assert found["cost-insert"]["verdict"] == found["cost-update"]["verdict"] == verdict
    assert found["size"]["headline"] == "Indexes: 90 KiB"


def test_nothing_ended() -> None:
    assert [e["id"] for e in findings(run([], cpus=2))] == ["none"]


@pytest.mark.parametrize(
    ("low", "high", "verdict", "said"),
    [
        (0.9, 1.1, "yes", "in proportion"), (-0.1, 0.1, "yes", "hardly"), (0.4, 0.6, "no", "more slowly"),
        (1.5, 2.0, "no", "faster"), (0.1, 1.4, "cannot-tell", "differ too much"),
        (1.0, 1.3, "yes", "at least in proportion"), (-0.1, 0.4, "yes", "if at all"),
    ],
)  # fmt: skip
def test_exponents_in_words(low: float, high: float, verdict: str, said: str) -> None:
    told = words(Measured((low, (low + high) / 2, high)))
    assert told[0] == verdict
    assert said in told[1]


def test_what_would_take_too_long_is_refused_before_it_starts() -> None:
    assert IndexesParams(largest="100000", lookups=50, repeats=3)
    with pytest.raises(ValidationError, match=r"would take about .* fewer repeats"):
        IndexesParams(largest="100000", repeats=9)


def test_the_time_left_knows_that_a_scan_is_cut_short() -> None:
    few, many = (
        sum(step.seconds for step in plan(IndexesParams(largest="100000", lookups=lookups))) for lookups in (3, 50)
    )
    assert few <= many < 3 * few


def test_exponents_are_fitted() -> None:
    assert exponent({n: 3.0 * n**0.5 for n in SIZES}) == pytest.approx(0.5)
    assert exponent({1000: 1.0, 2000: 2.0}) is None
    assert exponents([{n: float(n) for n in SIZES}, {}]) == Measured((pytest.approx(1.0),))  # type: ignore[arg-type]
    assert words(None)[0] == "cannot-tell"


def test_plans_of_several_servers_in_words() -> None:
    inner = {"stage": "IXSCAN", "indexName": "title_1"}
    explained = {"queryPlanner": {"winningPlan": {"stage": "FETCH", "inputStage": inner}},
                 "executionStats": {"totalDocsExamined": 1, "totalKeysExamined": 2}}  # fmt: skip
    assert stages(explained) == ["IXSCAN: walks the index title_1", "FETCH: fetches the documents it names"]
    assert examined(explained) == (1, 2)
    assert stages({"queryPlanner": {"winningPlan": {"queryPlan": {"stage": "NEW_STAGE"}}}}) == ["NEW_STAGE"]
    assert stages({}) == ["?"]


def test_a_real_run_names_its_server_and_plan() -> None:
    recording = Recording(recorded("indexes-2-cpus"))
    found = cards(findings(recording))
    assert "COLLSCAN" in found["plan-title"]["text"]
    assert "IXSCAN: walks the index title_1" in found["plan-index"]["text"]
    assert "looked at 1 document and 1 index entry to find" in found["plan-index"]["text"]
    assert found["gain"]["verdict"] == "yes"
    assert any("SecantusDB" in e["text"] for e in findings(recording) if e.get("role") == "caption")


def test_a_real_mongod_says_the_same_in_its_own_words() -> None:
    recording = Recording(recorded("indexes-mongod-2-cpus"))
    found = cards(findings(recording))
    assert found["plan-title"]["headline"] == "By title, no index: 10,000 of 10,000 documents read"
    assert found["plan-index"]["headline"] == "By title, with an index: 1 of 10,000 documents read"
    assert found["plan-id"]["headline"] == "By _id: 1 of 10,000 documents read"
    assert found["gain"]["verdict"] == "yes"
    assert "A command that does nothing takes" in found["growth-title"]["text"]
    embedded = cards(findings(Recording(recorded("indexes-2-cpus"))))
    assert "A command that does nothing" not in embedded["growth-title"]["text"]
    assert any("MongoDB 6.0.5" in e["text"] for e in findings(recording) if e.get("role") == "caption")
