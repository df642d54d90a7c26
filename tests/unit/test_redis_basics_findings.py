"""What redis-basics says of round trips: simulated, with every outcome, and where nothing can be told."""

from __future__ import annotations

import pytest

from labs.redis_basics.challenges import dies_soon, readable, three_colours
from labs.redis_basics.findings import WAYS, findings
from labs.redis_basics.said import LONGEST, said
from labs.sdk.events import Event
from labs.sdk.recording import Recording
from tests.streams import answered, cards

PYTHON = {"as it is": "refused", "as text": "different", "as JSON": "same", "as a hash": "different"}
NODE = {**PYTHON, "as it is": "different"}


def stream(outcomes: dict[str, dict[str, str]], repeats: int = 3, trips: int = 5, noise: float = 0.0) -> list[Event]:
    """`outcomes`: by runtime and way."""
    events: list[Event] = [
        {"e": "run", "t": 0, "state": "started", "params": {"runtimes": list(outcomes), "repeats": repeats}},
        {"e": "host", "t": 0, "cpus": 2, "quiet": True, "busy": 0.0},
    ]
    for repeat in range(1, repeats + 1):
        for runtime, ways in outcomes.items():
            part = f"{runtime}-{repeat}"
            events.append({"e": "part", "t": 0, "part": part, "state": "begin", "runtime": runtime, "label": runtime,
                           "repeat": repeat, "params": {}})  # fmt: skip
            for trip in range(trips):
                for way, outcome in ways.items():
                    value = 0.001 * (1 + noise * repeat)
                    now = outcome if outcome != "mixed" else ("same", "different")[trip % 2]
                    events.append({"e": "sample", "t": trip, "part": part, "series": "round trip", "value": value,
                                   "unit": "s", "way": way, "outcome": now, "back": f"<{way}>"})  # fmt: skip
            events.append({"e": "part", "t": 1, "part": part, "state": "end"})
    return events


def told(outcomes: dict[str, dict[str, str]]) -> list[Event]:
    return list(findings(Recording(stream(outcomes))))


def test_every_way_has_its_card_in_the_words_that_came_back() -> None:
    found = cards(told({"python": PYTHON, "node": NODE}))
    assert len(found) == 8 + len({"answer", "caption"})
    assert found["python-as-it-is"]["headline"] == "python, as it is: refused"
    assert found["node-as-it-is"]["headline"] == "node, as it is: not the same"
    assert found["node-as-json"]["headline"] == "node, as JSON: the same object"
    assert "<as it is>" in found["node-as-it-is"]["text"]
    assert found["node-as-json"]["verdict"] == "yes"
    assert "15 round trips" in found["node-as-json"]["text"]
    assert found["node-as-text"]["cites"] == [{"part": "node-1", "id": "as text 1"}]


def test_only_a_surprise_is_called_unexpected() -> None:
    """That an object does not come back is what the lab teaches."""
    found = cards(told({"python": PYTHON, "node": NODE}))
    verdicts = {found[f"{runtime}-{way}"]["verdict"] for runtime in ("python", "node")
                for way in ("as-it-is", "as-text", "as-json", "as-a-hash")}  # fmt: skip
    assert verdicts == {"yes"}
    other = cards(told({"python": NODE, "node": {**PYTHON, "as a hash": "same", "as JSON": "different"}}))
    surprises = {"python-as-it-is", "node-as-it-is", "node-as-a-hash", "node-as-json"}
    assert {id for id, card in other.items() if card.get("verdict") == "no"} == surprises


def test_a_client_that_behaves_otherwise_is_told_as_it_is() -> None:
    """Nothing is taken from a book: a client that stores objects would get its card."""
    assert answered(told({"python": PYTHON, "node": NODE})) == "json"
    assert answered(told({"new": dict.fromkeys(WAYS, "same")})) == "all"
    assert answered(told({"old": dict.fromkeys(WAYS, "different")})) == "none"
    assert answered(told({"python": {**PYTHON, "as a hash": "same"}})) == "json-hash"
    assert answered(told({"python": {**PYTHON, "as text": "same"}})) == "cannot-tell"


def test_what_varied_cannot_be_told() -> None:
    found = cards(told({"python": {**PYTHON, "as JSON": "mixed"}}))
    assert found["python-as-json"]["verdict"] == "cannot-tell"


def test_nothing_is_measured_of_what_was_refused() -> None:
    results = [event for event in told({"python": PYTHON}) if event["e"] == "result"]
    assert [event["label"] for event in results if event["unit"] == "ms"] == [f"python, {way}" for way in WAYS[1:]]


def test_the_ways_that_kept_the_object_are_counted() -> None:
    events = told(
        {
            "python": PYTHON,
            "node": {**NODE, "as a hash": "same", "as JSON": "mixed"},
            "new": dict.fromkeys(WAYS, "same"),
        }
    )
    kept = {event["label"]: event["value"] for event in events if event["e"] == "result" and event["unit"] == "ways"}
    assert kept == {"python": 1, "node": 1, "new": 4}
    said = next(event["text"] for event in events if event.get("chart") == "kept")
    assert said.startswith("python: the same object in 1 of 4 ways.")


@pytest.mark.parametrize(("repeats", "noise", "level"), [(1, 0, "single"), (3, 0, "steady"), (3, 1, "noisy")])
def test_trust_follows_the_repeats(repeats: int, noise: float, level: str) -> None:
    events = stream({"python": PYTHON}, repeats, noise=noise)
    assert next(event for event in findings(Recording(events)) if event["e"] == "trust")["level"] == level


def test_an_empty_run_says_so() -> None:
    assert answered(told({})) == "cannot-tell"


def test_what_came_back_says_that_it_was_cut() -> None:
    assert said({"age": "36"}) == "{'age': '36'}"
    assert said("x" * (LONGEST - 2)) == repr("x" * (LONGEST - 2))
    assert said("x" * 500) == "'" + "x" * (LONGEST - 2) + "…"


class Server:
    """As much of a client as the challenges ask for."""

    def __init__(self, kind: bytes = b"none", length: int = 0, pttl: int = -2, value: bytes = b"") -> None:
        self.memory_usage = lambda key: None if kind == b"none" else 64
        self.type = lambda key: kind
        self.hlen = lambda key: length
        self.strlen = lambda key: len(value)
        self.pttl = lambda key: pttl
        self.get = lambda key: value


def test_challenges_look_at_the_state() -> None:
    assert not three_colours(Server())
    assert not three_colours(Server(b"list", 3))
    assert three_colours(Server(b"hash", 3))
    assert not dies_soon(Server(b"hash", 3, -1))
    assert not dies_soon(Server(b"hash", 3, 31_000))
    assert dies_soon(Server(b"hash", 3, 29_000))
    assert not readable(Server(b"string", value=b"[object Object]"))
    assert not readable(Server(b"string", value=b"{'name': 'Ada'}"))
    assert readable(Server(b"string", value=b'{"name": "Ada"}'))
