"""What is said of turns and orders: on ideal loops, on odd ones, and on loops that were really watched."""

from __future__ import annotations

import pytest

from labs.event_loop.findings import findings
from labs.event_loop.orders import Orders
from labs.sdk.recording import Recording
from tests.loop_streams import loop_part, loop_run
from tests.streams import cards, recorded

SHORT = [(0.0, "none", ["A"]), (0.02, "timer", ["B"])]


def test_one_order_in_all_passes() -> None:
    found = cards(findings(loop_run(loop_part("node-1", SHORT, {"A B": 20}))))
    assert found["order-node"]["verdict"] == "yes"
    assert "20 of 20 passes" in found["order-node"]["text"]
    assert found["answer"]["answer"] == "same"


def test_several_orders_name_the_pair_that_swapped() -> None:
    run = loop_run(loop_part("node-1", SHORT, {"A B": 13}), loop_part("node-2", SHORT, {"B A": 7}, repeat=2))
    found = cards(findings(run))
    assert found["order-node"]["verdict"] == "no"
    assert "2 orders" in found["order-node"]["headline"]
    assert "B came before A in 7" in found["order-node"]["text"]
    assert found["answer"]["answer"] == "several"


def test_few_passes_do_not_tell() -> None:
    found = cards(findings(loop_run(loop_part("node-1", SHORT, {"A B": 9}))))
    assert found["order-node"]["verdict"] == "cannot-tell"
    assert found["answer"]["answer"] == "cannot-tell"


def test_a_swap_among_few_passes_does_tell() -> None:
    found = cards(findings(loop_run(loop_part("node-1", SHORT, {"A B": 1, "B A": 1}))))
    assert found["answer"]["answer"] == "several"


def test_a_loop_that_never_waited_is_not_said_to_have_waited() -> None:
    found = cards(findings(loop_run(loop_part("node-1", [(0.0, "none", ["A", "B"])], {"A B": 20}))))
    assert found["waited"]["verdict"] == "no"
    assert "never waited" in found["waited"]["text"]


def test_waits_name_what_woke_the_loop_and_cite_what_it_called() -> None:
    found = cards(findings(loop_run(loop_part("node-1", [(0.03, "os", ["A"]), (0.02, "pool", ["B"])], {"A B": 20}))))
    assert "30 ms until the operating system woke it (turn 0)" in found["waited"]["text"]
    assert "20 ms until a thread of the pool woke it (turn 1)" in found["waited"]["text"]
    assert found["waited"]["cites"] == [{"part": "node-1", "id": "A"}]


@pytest.mark.parametrize(
    ("end", "id", "verdict"),
    [("empty", "end-empty", "yes"), ("told", "end-told", "yes"), ("stopped", "end-stopped", "no"),
     (None, "end-unknown", "cannot-tell"), ("bogus", "end-bogus", "cannot-tell")],
)  # fmt: skip
def test_why_it_ended(end: str | None, id: str, verdict: str) -> None:
    found = cards(findings(loop_run(loop_part("node-1", SHORT, {"A B": 20}, end=end))))
    assert found[id]["verdict"] == verdict


def test_runtimes_are_compared_only_where_their_orders_are_firm() -> None:
    node = loop_part("node-1", SHORT, {"A B": 20})
    other = loop_part("gevent-1", SHORT, {"B A": 20}, runtime="gevent")
    loose = loop_part("gevent-1", SHORT, {"B A": 19, "A B": 1}, runtime="gevent")
    alike = loop_part("gevent-1", SHORT, {"A B": 20}, runtime="gevent")
    assert cards(findings(loop_run(node, other)))["between"]["verdict"] == "yes"
    assert cards(findings(loop_run(node, loose)))["between"]["verdict"] == "cannot-tell"
    assert cards(findings(loop_run(node, alike)))["between"]["verdict"] == "no"
    assert "between" not in cards(findings(loop_run(node)))


def test_a_watched_order_that_never_came_up_otherwise_is_owned_up_to() -> None:
    assert cards(findings(loop_run(loop_part("node-1", SHORT, {"B A": 20}))))["watching"]["verdict"] == "no"
    assert cards(findings(loop_run(loop_part("node-1", SHORT, {"B A": 19, "A B": 1}))))["watching"]["verdict"] == "yes"


def test_a_run_without_turns_says_nothing() -> None:
    events = [event for event in loop_part("node-1", SHORT, {"A B": 20}) if event["e"] != "turn"]
    assert cards(findings(loop_run(events)))["none"]["verdict"] == "cannot-tell"
    assert cards(findings(Recording()))["none"]["verdict"] == "cannot-tell"


def test_a_program_that_was_cut_off_is_left_out() -> None:
    whole, half = loop_part("node-1", SHORT, {"A B": 20}), loop_part("node-2", SHORT, {"B A": 20}, repeat=2)[:-1]
    assert cards(findings(loop_run(whole, half)))["answer"]["answer"] == "same"


@pytest.mark.parametrize("cpus", [1, 2, 16])
def test_results_add_up(cpus: int) -> None:
    recording = loop_run(loop_part("node-1", SHORT, {"A B": 13, "B A": 7}), cpus=cpus)
    results = [event for event in findings(recording) if event["e"] == "result"]
    orders = [event for event in results if "order" in event]
    assert sum(event["value"] for event in orders) == 20
    assert orders[0]["order"] == ["A", "B"]
    assert next(event["value"] for event in results if event["name"] == "waited") == pytest.approx(0.02)


@pytest.mark.parametrize(
    "name", ["event-loop-inside-2-cpus", "event-loop-inside-busy-neighbour", "event-loop-inside-1-cpu"]
)
def test_inside_a_callback_node_keeps_the_order_of_the_phases(name: str) -> None:
    """Really watched: the immediate comes before the timer, whatever the machine."""
    recording = Recording(recorded(name))
    node = Orders.of(recording.ended("node"))
    assert node.same
    assert node.usual == ("A", "C", "B")
    for part in recording.ended("node"):
        lanes = {span.id: span.lane for span in part.complete()}
        assert lanes == {"A": "poll", "C": "check", "B": "timers"}
        assert part.spans["A"].turn == part.spans["C"].turn
        assert part.spans["B"].turn in (part.spans["C"].turn, (part.spans["C"].turn or 0) + 1)
    found = cards(findings(recording))
    assert found["order-node"]["verdict"] == "yes"


@pytest.mark.parametrize(
    "name", ["event-loop-waiting-2-cpus", "event-loop-waiting-busy-neighbour", "event-loop-waiting-1-cpu"]
)
def test_a_loop_tells_what_woke_it(name: str) -> None:
    """Really watched: a hash, an answer and a timer each wake the loop; a turn belongs to what it called."""
    recording = Recording(recorded(name))
    assert recording.runtimes() == ["gevent", "asyncio", "node"]
    for part in recording.ended():
        turns = {turn["n"]: turn for turn in part.turns}
        request, timer = part.spans["B"], part.spans["A"]
        assert request.turn is not None
        assert timer.turn is not None
        assert turns[request.turn]["woke"] in ("os", "pool")
        assert "B" in turns[request.turn]["os"]
        assert sum(turn["waited"] for turn in part.turns) > 0.02
        assert timer.begin is not None
        assert timer.begin >= 0.058
    found = cards(findings(recording))
    assert found["waited"]["verdict"] == "yes"
    assert found["end-told"]["text"].startswith("asyncio:")
