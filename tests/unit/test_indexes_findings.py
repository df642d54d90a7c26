"""What the indexes lab says, on runs whose truth is known."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from labs.indexes.findings import findings
from labs.indexes.growth import kind_of
from labs.indexes.lab import IndexesParams, plan
from labs.indexes.plan_words import examined, stages
from labs.indexes.power import FLATTEST, STEEPEST, power
from labs.indexes.resample import STUDENT, Interval, interval
from labs.sdk.events import Event
from labs.sdk.recording import Recording
from tests.streams import answered, cards, recorded, run

SIZES = (1_000, 3_000, 10_000)
STEADY = (1.0, 1.05, 0.97)
Growth = Callable[[int], float]
Way = Callable[[int], Sequence[float]]
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
    """Every look-up of a part takes as long as the others; a command that does nothing takes 0.1 ms."""
    repeats = [
        {way: lambda n, grow=grow, factor=factor: [factor * grow(n)] for way, grow in grows.items()} for factor in noise
    ]
    return looked_up(repeats, lambda: 0.1, cpus)  # type: ignore[arg-type]


def looked_up(repeats: Sequence[dict[str, Way]], ping: Callable[[], float], cpus: int = 2) -> Recording:
    """What a run tells whose look-ups take these ms, way by way, and a command that does nothing `ping()` ms."""
    parts = []
    for repeat, ways in enumerate(repeats, 1):
        for size in SIZES:
            for way, looks in ways.items():
                steps, seen = PLANS[way]
                told = {"stages": steps, "entries": int(way == "index")}
                samples: Any = [("unit", ping() / 1000, {}) for _ in range(2)]
                samples += [("lookup", took, {}) for took in looks(size)]
                samples.append(("plan", min(seen, size), told))
                parts.append(part(f"{way}-{size}-{repeat}", repeat, {"way": way, "documents": size}, samples))
    return run(parts, cpus=cpus, mode="lookup", repeats=len(repeats))


def machine(
    seed: int, *, there: float, jitter: float, scan: float, uneven: float = 0.02, late: float = 0.0, repeats: int = 3
) -> Recording:
    """A machine whose way to the server takes `there` ms, and at times more, and whose scan takes `scan` ms a document.

    `uneven`: how much times differ, from one to the next and from part to part. `late`: how many are late by far.
    """
    dice = random.Random(seed)

    def took(work: float, mood: float) -> float:
        way_there = there * (1 + jitter * dice.expovariate(1)) + work * math.exp(dice.gauss(0, uneven))
        return mood * (way_there + (5 * there * dice.expovariate(1) if dice.random() < late else 0.0))

    def looks(work: Growth) -> Way:
        def timed(size: int) -> list[float]:
            mood = math.exp(dice.gauss(0, uneven))
            return [took(work(size), mood) for _ in range(10)]

        return timed

    ways: dict[str, Growth] = {
        "id": lambda n: 0.15, "title": lambda n: 0.16 + scan * n, "index": lambda n: 0.18 + 0.003 * math.log(n),
    }  # fmt: skip
    return looked_up([{way: looks(work) for way, work in ways.items()}] * repeats, lambda: took(0.0, 1.0))


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
    recording = look_ups(cpus, id=lambda n: 0.5, title=lambda n: 0.5 + n / 1000, index=lambda n: 0.6)
    found = cards(findings(recording))
    assert found["growth-title"]["headline"].endswith("the search grows in proportion to the number of documents")
    assert "number: 1.00 (1.00 to 1.00)" in found["growth-title"]["text"]
    assert found["growth-id"]["headline"].endswith("hardly grows at all")
    assert found["plan-title"]["headline"] == "By title, no index: 10,000 of 10,000 documents read"
    assert "COLLSCAN: reads every document" in found["plan-title"]["text"]
    assert found["gain"]["verdict"] == "yes"
    assert found["gain"]["headline"] == "The index: 18× as fast"
    assert answered(findings(recording)) == "title"


def test_where_the_phenomenon_is_absent() -> None:
    """A server so fast, or collections so small, that the scan does not show."""
    recording = look_ups(id=lambda n: 0.5, title=lambda n: 0.5, index=lambda n: 0.5)
    found = cards(findings(recording))
    assert found["growth-title"]["headline"].endswith("hardly grows at all")
    assert answered(findings(recording)) == "none"
    assert found["gain"]["verdict"] == "cannot-tell"


FLAT, SCAN = (lambda n: 0.5), (lambda n: 0.5 + n / 1000)


@pytest.mark.parametrize(
    ("growing", "said"),
    [
        ((), "none"), (("title",), "title"), (("title", "index"), "titles"), (("id", "title", "index"), "all"),
        (("id",), "cannot-tell"), (("id", "title"), "cannot-tell"), (("index",), "cannot-tell"),
    ],
)  # fmt: skip
def test_the_answer_is_a_choice_of_the_question_or_none(growing: tuple[str, ...], said: str) -> None:
    by_id: Growth = SCAN if "id" in growing else FLAT
    title, index = ((lambda n: by_id(n) + n / 1000) if way in growing else FLAT for way in ("title", "index"))
    recording = look_ups(id=by_id, title=title, index=index)
    assert answered(findings(recording)) == said
    found = cards(findings(recording))
    for way in PLANS:
        assert found[f"growth-{way}"]["verdict"] == ("yes" if (way in growing) == (way == "title") else "no")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "kind",
    [
        {"there": 0.25, "jitter": 0.1, "scan": 0.0002},  # fast: most of a small scan is the way there
        {"there": 1.0, "jitter": 0.05, "scan": 0.0005, "repeats": 5},  # the same behind a longer way
        {"there": 0.4, "jitter": 0.1, "scan": 0.035, "uneven": 0.04},  # a slow server
        {"there": 20.0, "jitter": 0.02, "scan": 0.035},  # a slow one, far away
    ],
    ids=["fast", "farther", "slow", "slow and far"],
)
def test_any_quiet_machine_tells_the_truth(kind: dict[str, Any], seed: int) -> None:
    found = cards(findings(machine(seed, **kind)))
    assert {found[f"growth-{way}"]["verdict"] for way in PLANS} == {"yes"}
    assert found["growth-title"]["headline"].endswith("the search grows in proportion to the number of documents")
    assert found["growth-index"]["headline"].endswith("the time hardly grows at all")
    assert found["answer"]["answer"] == "title"


@pytest.mark.parametrize("seed", range(4))
def test_a_far_server_hides_a_fast_scan_and_an_index_alike(seed: int) -> None:
    """Both look flat. Neither may be called so: nothing that the server does could be seen here."""
    recording = machine(seed, there=50.0, jitter=0.05, scan=0.0002)
    found = cards(findings(recording))
    for way in PLANS:
        assert found[f"growth-{way}"]["verdict"] == "cannot-tell"
        assert "the way to the server takes most of the time" in found[f"growth-{way}"]["text"]
    assert found["answer"]["answer"] == "cannot-tell"


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("scan", [0.0002, 0.035])
def test_a_noisy_machine_says_nothing_false(scan: float, seed: int) -> None:
    recording = machine(seed, there=0.5, jitter=0.5, scan=scan, uneven=0.3, late=0.2)
    found = cards(findings(recording))
    assert all(found[f"growth-{way}"]["verdict"] != "no" for way in PLANS)
    assert not found["growth-title"]["headline"].endswith("hardly grows at all")
    assert found["answer"]["answer"] in ("title", "cannot-tell")


def test_a_machine_that_changes_all_the_time_cannot_tell() -> None:
    recording = machine(0, there=0.5, jitter=0.5, scan=0.0002, uneven=1.5, late=0.3)
    found = cards(findings(recording))
    assert {found[f"growth-{way}"]["verdict"] for way in PLANS} == {"cannot-tell"}
    assert found["answer"]["answer"] == "cannot-tell"


def test_that_it_grows_may_be_known_and_how_fast_not() -> None:
    powers = iter((0.9, 1.0, 1.3))
    power: dict[int, float] = {}

    def title(n: int) -> float:
        if n == SIZES[0]:
            power[0] = next(powers)
        return 0.5 + float((n / SIZES[0]) ** power[0])

    recording = look_ups(noise=(1.0, 1.0, 1.0), id=FLAT, title=title, index=FLAT)
    found = cards(findings(recording))
    assert found["growth-title"]["verdict"] == "cannot-tell"
    assert found["growth-title"]["headline"] == "By title, no index: grows, cannot tell how fast"
    assert found["answer"]["answer"] == "title"


def test_an_unsteady_look_up_is_still_set_beside_the_scan() -> None:
    """By how much it grows is open, from not at all to in proportion; that it is no scan is not."""
    grown = iter((1.0, 4.0, 10.0))
    by_repeat: dict[int, float] = {}

    def index(n: int) -> float:
        if n == SIZES[0]:
            by_repeat[0] = next(grown)
        return 0.5 * (by_repeat[0] if n == SIZES[-1] else 1.0)

    recording = look_ups(noise=(1.0, 1.0, 1.0), id=FLAT, title=lambda n: 0.5 + n / 10, index=index)
    found = cards(findings(recording))
    assert found["growth-index"]["verdict"] == "cannot-tell"
    assert "surely grew by less than 5% of what the scan grew by" in found["growth-index"]["text"]
    assert "surely grew" not in found["growth-title"]["text"]
    assert found["answer"]["answer"] == "cannot-tell"


def test_fewer_than_three_sizes_cannot_tell() -> None:
    parts = [
        part(f"{way}-{size}-{repeat}", repeat, {"way": way, "documents": size}, [("lookup", size / 1000, {})])
        for repeat in (1, 2, 3) for way in PLANS for size in SIZES[:2]
    ]  # fmt: skip
    found = cards(findings(run(parts, cpus=2, mode="lookup", repeats=3)))
    assert "fewer than three sizes" in found["growth-title"]["text"]
    assert found["answer"]["answer"] == "cannot-tell"


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
    ("low", "high", "kind"),
    [
        (0.9, 1.1, "proportion"), (0.6, 1.4, "proportion"), (1.02, 1.08, "proportion"), (0.85, 0.95, "proportion"),
        (0.4, 0.6, "slower"), (1.3, 2.0, "faster"),
        (0.1, 1.4, "unknown"), (0.4, 1.1, "unknown"), (0.9, 1.6, "unknown"), (-0.1, 0.4, "unknown"),
        (0.6, 0.9, "unknown"), (-math.inf, math.inf, "unknown"),
    ],
)  # fmt: skip
def test_what_an_exponent_means(low: float, high: float, kind: str) -> None:
    assert kind_of(Interval(low, (low + high) / 2, high)) == kind


def test_what_would_take_too_long_is_refused_before_it_starts() -> None:
    assert IndexesParams(largest="100000", lookups=50, repeats=3)
    with pytest.raises(ValidationError, match=r"would take about .* fewer repeats"):
        IndexesParams(largest="100000", repeats=9)


def test_the_time_left_knows_that_a_scan_is_cut_short() -> None:
    few, many = (
        sum(step.seconds for step in plan(IndexesParams(largest="100000", lookups=lookups))) for lookups in (3, 50)
    )
    assert few <= many < 3 * few


@pytest.mark.parametrize("floor", [0.0, 0.5, 50.0])
@pytest.mark.parametrize("k", [-0.5, 0.0, 0.5, 1.0, 2.0])
def test_a_power_is_found_above_its_floor(floor: float, k: float) -> None:
    points = {n: (floor + 3.0 * (n / 1000) ** k, floor) for n in SIZES}
    assert power(points) == pytest.approx(k, abs=0.01)


def test_what_no_power_fits() -> None:
    assert power({1000: (1.0, 0.0), 3000: (2.0, 0.0)}) is None
    assert power(dict.fromkeys(SIZES, (1.0, 1.5))) is None
    assert power({1000: (1.0, 1.2), 3000: (1.0, 1.1), 10_000: (9.0, 1.0)}) == STEEPEST
    assert power({1000: (9.0, 1.0), 3000: (1.0, 1.1), 10_000: (1.0, 1.2)}) == FLATTEST


def test_an_interval_is_as_wide_as_repeats_and_measurements_leave_it() -> None:
    def middle_of(values: Sequence[float], middle: Callable[[Sequence[float]], float]) -> float | None:
        return middle(values) if values else None

    assert interval([[1.0], [2.0]], middle_of) is None
    apart = interval([[1.0], [2.0], [9.0]], middle_of)
    assert apart is not None
    assert (apart.low, apart.middle, apart.high) == pytest.approx((2 - 1 * STUDENT[3], 2, 2 + 7 * STUDENT[3]))
    within = interval([[1.0, 5.0, 9.0]] * 3, middle_of)
    assert within is not None
    assert (within.low, within.middle, within.high) == pytest.approx((5 - 4 * STUDENT[3], 5, 5 + 4 * STUDENT[3]))
    many = interval([[5.0]] * 8 + [[90.0]], middle_of)
    assert many == Interval(5.0, 5.0, 5.0)
    open_ = interval([[], [2.0], [2.0]], middle_of)
    assert open_ is not None
    assert open_.words() == "2.00 (unknown to unknown)"


def test_plans_of_several_servers_in_words() -> None:
    inner = {"stage": "IXSCAN", "indexName": "title_1"}
    explained = {"queryPlanner": {"winningPlan": {"stage": "FETCH", "inputStage": inner}},
                 "executionStats": {"totalDocsExamined": 1, "totalKeysExamined": 2}}  # fmt: skip
    assert stages(explained) == ["IXSCAN: walks the index title_1", "FETCH: fetches the documents it names"]
    assert examined(explained) == (1, 2)
    assert stages({"queryPlanner": {"winningPlan": {"queryPlan": {"stage": "NEW_STAGE"}}}}) == ["NEW_STAGE"]
    assert stages({}) == ["?"]


@pytest.mark.parametrize("name", ["indexes-2-cpus", "indexes-mongod-2-cpus"])
def test_both_servers_say_how_their_look_ups_grow(name: str) -> None:
    """The embedded one and a real mongod, each on its own scale: a scan in proportion, the others hardly."""
    found = cards(findings(Recording(recorded(name))))
    assert {key: found[key]["verdict"] for key in ("growth-id", "growth-title", "growth-index", "gain")} == {
        "growth-id": "yes", "growth-title": "yes", "growth-index": "yes", "gain": "yes",
    }  # fmt: skip
    assert "grows in proportion to the number of documents" in found["growth-title"]["headline"]
    assert found["answer"]["answer"] == "title"


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
    assert any("MongoDB 6.0.5" in e["text"] for e in findings(recording) if e.get("role") == "caption")
