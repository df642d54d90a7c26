"""The call path's findings, fit and programs: on machines we do not have, in noise, and where nothing is to be seen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.call_path import ladder, native
from labs.call_path.findings import findings
from labs.call_path.fit import fit
from labs.call_path.lab import CallPathParams, lab, plan, sizes
from labs.sdk.events import Event
from labs.sdk.params import ParamsError
from labs.sdk.recording import Recording
from tests.call_path_streams import NODE_LAYERS, PYTHON, PYTHON_LAYERS, SIZES, WITH_GIL, climb, ended
from tests.streams import recorded


def told(events: list[Event]) -> dict[str, Event]:
    """Cards by id, and the answer."""
    found = findings(Recording(events))
    return {str(e.get("id", "answer")): e for e in found if e["e"] == "finding" and e["role"] in ("finding", "answer")}


def shares(events: list[Event]) -> dict[str, Event]:
    found = findings(Recording(events))
    return {e["layer"]: e for e in found if e["e"] == "result" and e["name"] == "share of one call"}


def three(runtime: str = "asyncio", **more: object) -> list[Event]:
    parts = [climb(f"{runtime}-{n}", runtime=runtime, repeat=n, **more) for n in (1, 2, 3)]  # type: ignore[arg-type]
    return ended([runtime], *parts)


class TestFit:
    @given(
        slope=st.floats(1e-8, 1e-4),
        fixed=st.dictionaries(st.sampled_from("abcd"), st.floats(1e-7, 1e-2), min_size=1),
    )
    def test_what_is_straight_is_found_again(self, slope: float, fixed: Mapping[str, float]) -> None:
        found = fit({entry: [(n, cost + n * slope) for n in SIZES] for entry, cost in fixed.items()})
        assert found is not None
        assert found.slope == pytest.approx(slope, rel=1e-3)
        assert all(found.total(e, n) == pytest.approx(c + n * slope, rel=1e-3) for e, c in fixed.items() for n in SIZES)

    def test_one_late_call_does_not_bend_it(self) -> None:
        points = [(n, 1e-5 + n * 1e-6) for n in SIZES]
        found = fit({"a": [*points, (600, 0.02)]})
        assert found is not None
        assert found.slope == pytest.approx(1e-6, rel=0.05)

    @pytest.mark.parametrize(
        "points", [[], [(1, 1.0)], [(5, 1.0), (5, 1.1)], [(1, 1.0), (9, 0.2)], [(1, 0.0), (2, 0.0)]]
    )
    def test_nothing_is_fitted_where_nothing_can_be(self, points: list[tuple[int, float]]) -> None:
        assert fit({"a": points}) is None

    def test_one_way_in_without_points_leaves_no_fit(self) -> None:
        assert fit({"a": [(1, 1.0), (2, 2.0)], "b": []}) is None


class TestShares:
    def test_each_layer_gets_what_it_costs(self) -> None:
        found = shares(three())
        total = 160e-6 + 100e-6
        expected = {"await": 80e-6, "pool": 70e-6, "binding": 2e-6, "openssl": 8e-6, "loop": 100e-6}
        assert {k: v["value"] for k, v in found.items()} == pytest.approx(
            {k: 100 * v / total for k, v in expected.items()}, rel=0.01
        )
        assert all(event["told"] for event in found.values())

    def test_a_layer_whose_cost_drowns_is_not_told(self) -> None:
        parts = [
            climb(f"a-{n}", repeat=n, fixed={**PYTHON, "direct": cost})
            for n, cost in ((1, 10e-6), (2, 7e-6), (3, 12e-6))
        ]
        found = shares(ended(["asyncio"], *parts))
        assert found["binding"]["told"] is False
        assert found["pool"]["told"] is True

    def test_what_has_no_way_in_has_no_share(self) -> None:
        assert set(shares(three("node"))) == {"promise", "binding", "pool", "loop"}

    def test_without_openssl_the_binding_takes_it_in(self) -> None:
        layers = [{**one, "own": {"of": "direct"}} if one["id"] == "binding" else one for one in PYTHON_LAYERS]
        layers = [{**one, "own": None} if one["id"] == "openssl" else one for one in layers]
        fixed = {entry: cost for entry, cost in PYTHON.items() if entry not in ("openssl", "ctypes")}
        found = shares(three(fixed=fixed, layers=layers))
        assert "openssl" not in found
        assert found["binding"]["value"] == pytest.approx(100 * 10 / 260, rel=0.01)
        assert "cannot be told apart" in told(three(fixed=fixed, layers=layers))["below-asyncio"]["text"]


class TestCards:
    def test_a_quiet_machine(self) -> None:
        found = told(three())
        assert {event["verdict"] for id, event in found.items() if id != "answer"} == {"yes"}
        assert found["below-asyncio"]["headline"] == "42% below the binding"
        assert found["way-asyncio"]["headline"] == "150 µs to a thread and back"
        assert found["answer"]["answer"] == "threads"

    @pytest.mark.parametrize("cpus", [1, 2, 16])
    def test_the_number_of_cpus_changes_no_verdict(self, cpus: int) -> None:
        events = [{**e, "cpus": cpus} if e["e"] == "host" and "part" not in e else e for e in three()]
        assert told(events) == told(three())

    def test_repeats_that_disagree_name_no_number(self) -> None:
        parts = [
            climb(f"a-{n}", repeat=n, fixed={**PYTHON, "await": cost}) for n, cost in ((1, 1e-4), (2, 4e-4), (3, 9e-4))
        ]
        found = told(ended(["asyncio"], *parts))
        assert found["below-asyncio"]["verdict"] == "cannot-tell"
        assert found["way-asyncio"]["verdict"] == "cannot-tell"

    def test_a_pool_that_costs_nothing_is_said_to(self) -> None:
        found = told(three(fixed={**PYTHON, "await": 9e-6, "pool": 9e-6}))
        assert found["way-asyncio"]["verdict"] == "cannot-tell"
        assert "not slower" in found["way-asyncio"]["text"]

    def test_slopes_that_differ(self) -> None:
        assert told(three(slopes={"await": 2e-6}))["slope-asyncio"]["verdict"] == "no"

    def test_one_repeat_is_too_few(self) -> None:
        found = told(ended(["asyncio"], climb("a-1")))
        assert found["below-asyncio"]["verdict"] == "cannot-tell"

    def test_nothing_measured_nothing_said(self) -> None:
        empty = [e for e in three() if e.get("series") != "call"]
        assert set(told(empty)) == {"none"}
        assert set(told([])) == {"none"}


class TestHeld:
    def test_node_has_no_gil(self) -> None:
        found = told(three("node", lags={("direct", "event loop"): 0.97}, gil=None))
        assert found["held-node"]["verdict"] == "yes"
        assert "GIL" not in found["held-node"]["text"]

    def test_a_binding_that_keeps_the_gil_is_noticed(self) -> None:
        found = told(three(lags={**WITH_GIL, ("direct", "another thread"): 0.95}))
        assert found["held-asyncio"]["verdict"] == "no"
        assert found["held-asyncio"]["headline"] == "Loop and threads were both held"
        assert found["answer"]["answer"] == "nobody"

    def test_a_build_without_gil(self) -> None:
        lags = {key: late for key, late in WITH_GIL.items() if key[1] == "event loop"}
        found = told(three(lags=lags, gil=False))
        assert found["held-asyncio"]["verdict"] == "yes"
        assert "without a GIL" in found["held-asyncio"]["text"]

    def test_a_busy_machine_is_no_lock(self) -> None:
        """One repeat of three was silent for half the time: not held, and not free."""
        busy = climb("a-3", repeat=3, lags={**WITH_GIL, ("direct", "another thread"): 0.55})
        found = told(ended(["asyncio"], climb("a-1"), climb("a-2", repeat=2), busy))
        assert found["held-asyncio"]["verdict"] == "cannot-tell"
        assert found["answer"]["answer"] == "cannot-tell"

    def test_no_heartbeat_no_verdict(self) -> None:
        silent = [e for e in three() if e.get("series") not in ("event loop", "another thread")]
        found = told(silent)
        assert found["held-asyncio"]["verdict"] == "cannot-tell"
        assert "unknown" in found["held-asyncio"]["text"]


def test_facts_that_are_not_facts_do_no_harm() -> None:
    nonsense: list[object] = [None, 3, "x", {}, {"id": "a"}, {"id": "b", "own": {}}, {"id": "c", "own": {"of": "gone"}}]
    assert told(three(layers=nonsense))["none"]["verdict"] == "cannot-tell"
    assert "below-node" in told(three("node", layers=[*NODE_LAYERS, {"id": "more", "own": {"of": "gone"}}]))


class TestLab:
    @pytest.mark.parametrize("iterations", [1, 2, 100, 599, 600, 601, 100_000])
    def test_sizes_grow_and_name_the_asked_one(self, iterations: int) -> None:
        found = sizes(iterations)
        assert found[0] == 1
        assert iterations in found
        assert found == sorted(set(found))
        assert found[-1] >= 600

    @pytest.mark.parametrize("bad", [0, -1, 100_001, 1.5, "7", True, None])
    def test_bounds(self, bad: object) -> None:
        with pytest.raises(ParamsError):
            CallPathParams.read({"iterations": bad})

    def test_runtimes_take_turns(self) -> None:
        steps = plan(CallPathParams.read({"runtimes": ["asyncio", "node"], "repeats": 2}))
        assert [(step.runtime, step.repeat) for step in steps] == [
            ("asyncio", 1),
            ("node", 1),
            ("node", 2),
            ("asyncio", 2),
        ]
        assert lab.estimate(CallPathParams.read({"iterations": 100_000})) > lab.estimate(CallPathParams.read({}))


class TestThisMachine:
    def test_every_way_in_makes_the_same_hash(self) -> None:
        expected = hashlib.pbkdf2_hmac("sha512", b"a", b"b", 7, 64)
        assert {call(7) for entry, call in ladder.direct_entries().items() if entry != "ctypes"} == {expected}

    def test_files_that_are_named_exist(self) -> None:
        for layer in ladder.library_layers():
            if layer["file"] is not None and not layer["file"].endswith("(built in)"):
                assert Path(layer["file"]).exists()

    def test_a_library_that_hides_its_functions_is_unknown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(native, "SYMBOL", "no_such_function_anywhere")
        assert native.find() is None
        monkeypatch.setattr(ladder, "native", None)
        layers = {layer["id"]: layer for layer in ladder.library_layers()}
        assert layers["openssl"]["file"] is None
        assert layers["openssl"]["own"] is None
        assert layers["binding"]["own"] == {"of": "direct"}
        assert set(ladder.direct_entries()) == {"direct"}
        name, keep = ladder.keeper(0.001)
        assert name == "sum(range(…))"
        keep(1)


@pytest.mark.parametrize("name", ["call-path-1-cpu", "call-path-2-cpus", "call-path-busy-neighbour"])
def test_on_every_recorded_machine_the_loop_was_held_and_threads_were_not(name: str) -> None:
    """One CPU, or a neighbour on it, is no lock: only who held the GIL silenced the other thread."""
    found = told(recorded(name))
    assert found["answer"]["answer"] == "threads"
    assert found["held-asyncio"]["verdict"] == "yes"
    assert "it is the binding that lets the GIL go" in found["held-asyncio"]["text"]
    shares_ = shares([e for e in recorded(name) if e.get("runtime") != "node"])
    assert shares_["loop"]["value"] > shares_["openssl"]["value"]
