"""The reducer: events in, parts and spans out, in any order a stream may have."""

from __future__ import annotations

import random

from labs.sdk.recording import Recording
from tests.streams import burst, recorded, run


def test_spans_of_a_part() -> None:
    part = run([burst("gevent-1", tasks=3, pool=2, cpus=2)], cpus=2).parts["gevent-1"]
    assert [(s.id, s.lane, round(s.waited, 2), round(s.ran, 2)) for s in part.complete()] == [
        ("1", "thread 1", 0, 0.25),
        ("2", "thread 2", 0, 0.25),
        ("3", "thread 1", 0.25, 0.25),
    ]


def test_a_half_told_span_is_not_complete() -> None:
    events = [event for event in burst("a-1", tasks=2, pool=2, cpus=2) if event["e"] != "end"]
    assert run([events], cpus=2).parts["a-1"].complete() == []


def test_the_order_inside_a_part_does_not_matter() -> None:
    first, *inside, last = burst("a-1", tasks=6, pool=3, cpus=2)
    expected = run([[first, *inside, last]], cpus=2).parts["a-1"].complete()
    random.Random(4).shuffle(inside)
    assert run([[first, *inside, last]], cpus=2).parts["a-1"].complete() == expected


def test_events_of_unknown_parts_and_kinds_are_ignored() -> None:
    recording = Recording([{"e": "begin", "t": 0, "id": "1", "lane": "x", "part": "nobody"}, {"e": "novel", "t": 0}])
    assert recording.parts == {}


def test_lanes_are_counted_like_people_count() -> None:
    part = run([burst("a-1", tasks=12, pool=12, cpus=12)], cpus=12).parts["a-1"]
    assert part.lanes() == [f"thread {n}" for n in range(1, 13)]


def test_a_recorded_run_has_every_hash_of_every_part() -> None:
    recording = Recording(recorded("burst-2-cpus"))
    assert recording.state == "finished"
    assert recording.runtimes() == ["gevent", "asyncio", "node"]
    for part in recording.ended():
        assert len(part.complete()) == 5
        assert all(span.cpu and span.cpu > 0 for span in part.complete())
