"""Findings of the lab multitask: the hash is named that the spans prove, and none where they do not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.multitask.findings import findings
from labs.multitask.held import seconds
from labs.multitask.lab import MultitaskParams, plan, pools, prepare
from labs.multitask.story import Story
from labs.sdk.params import ParamsError
from labs.sdk.recording import Recording
from tests.runtime_streams import stories, story
from tests.streams import cards, recorded, run

RECORDED = ["multitask-2-cpus", "multitask-1-cpu", "multitask-busy-neighbour"]


def one(**shape: Any) -> Story:
    recording = run([story(**shape)], cpus=2)
    return Story(next(iter(recording.parts.values())))


@pytest.mark.parametrize("cpus", [1, 2, 16])
@pytest.mark.parametrize("runtimes", [("gevent",), ("node",), ("gevent", "asyncio", "node")])
def test_the_file_waits_when_the_hashes_fill_the_pool(cpus: int, runtimes: tuple[str, ...]) -> None:
    found = cards(findings(stories(hashes=4, cpus=cpus, runtimes=runtimes)))
    for pool in (1, 4):
        assert found[f"pool-{pool}"]["verdict"] == "yes"
        assert "stat waited" in found[f"pool-{pool}"]["headline"]
    assert (found["pool-5"]["verdict"], found["pool-5"]["headline"]) == ("yes", "Pool of 5: the file did not wait")
    assert found["order"]["verdict"] == "yes"
    assert found["request"]["verdict"] == "yes"
    assert found["answer"]["answer"] == "thread"


def test_the_wait_is_told_in_hashes_and_the_hash_by_name() -> None:
    for runtime in ("gevent", "node"):
        found = cards(findings(stories(hashes=4, cpus=16, runtimes=(runtime,))))
        assert found["pool-1"]["headline"] == "Pool of 1: stat waited 4.00 hashes"
        assert "It was hash 4 in every repeat." in found["pool-1"]["text"]
        assert found["pool-1"]["cites"] == [
            {"part": f"{runtime}-p1-1", "id": "stat"}, {"part": f"{runtime}-p1-1", "id": "hash 4"},
        ]  # fmt: skip
        assert found["pool-4"]["headline"] == "Pool of 4: stat waited 1.00 hashes"
        assert "It was hash 1 in every repeat." in found["pool-4"]["text"]


def test_the_hash_that_ends_first_lets_the_file_continue() -> None:
    for told in (False, True):
        found = one(hashes=4, pool=4, cpus=16, sizes=[1.0, 0.9, 0.6, 0.8], told=told)
        assert found.released_by is not None
        assert found.released_by.id == "hash 3"
        assert found.hashes_before_the_file == 1
        assert found.order()[:3] == ["hash 3", "file", "request"]


def test_a_longer_queue_is_passed_by_the_file_only_when_it_is_its_turn() -> None:
    """Eight hashes on four threads: hop two stands behind all of them, and follows the first of the second wave."""
    for told in (False, True):
        found = one(hashes=8, pool=4, cpus=16, sizes=[1.0, 0.9, 0.6, 0.8, 1.0, 1.0, 1.0, 1.0], told=told)
        assert found.released_by is not None
        assert found.released_by.id == "hash 5"
        assert found.wait == pytest.approx(1.6, abs=0.01)


@given(
    sizes=st.lists(st.floats(0.3, 2), min_size=1, max_size=12),
    pool=st.integers(1, 8),
    cpus=st.sampled_from([1, 2, 16]),
)
def test_reasoning_finds_the_hash_that_the_threads_show(sizes: list[float], pool: int, cpus: int) -> None:
    """What is concluded where only the ends of hops are seen is what happened on the threads."""
    seen, reasoned = (one(hashes=len(sizes), pool=pool, cpus=cpus, sizes=sizes, told=told) for told in (False, True))
    assert seen.held == reasoned.held
    assert _end(seen) == pytest.approx(_end(reasoned))  # hashes that end together are told apart by rounding only
    assert seen.held == (len(sizes) >= pool)


def _end(story: Story) -> float | None:
    return story.released_by.end if story.released_by else None


@pytest.mark.parametrize(("hashes", "pool"), [(3, 4), (0, 4), (1, 2)])
def test_a_free_thread_means_no_wait(hashes: int, pool: int) -> None:
    found = cards(findings(stories(hashes=hashes, pools=(pool,))))
    card = found[f"pool-{pool}"]
    assert card["verdict"] == ("yes" if hashes else "cannot-tell")
    assert found["answer"]["answer"] == "nothing"


def test_without_hashes_nothing_is_claimed() -> None:
    found = cards(findings(stories(hashes=0)))
    assert {found[id]["verdict"] for id in ("pool-1", "pool-4", "pool-5", "order", "request")} == {"cannot-tell"}


def test_a_file_with_threads_of_its_own_is_found_out() -> None:
    """A runtime that has one thread more than it says: the file does not wait, and the finding must not say so."""
    for runtime in ("gevent", "node"):
        found = cards(findings(stories(hashes=4, pools=(4,), free_threads=1, runtimes=(runtime,))))
        assert (found["pool-4"]["verdict"], found["pool-4"]["headline"]) == ("no", "Pool of 4: the file did not wait")
        assert found["answer"]["answer"] == "nothing"


def test_the_same_order_with_every_pool_is_said_so() -> None:
    assert cards(findings(stories(hashes=4, free_threads=8)))["order"]["verdict"] == "no"


def test_a_slow_disk_is_not_called_waiting_for_a_thread() -> None:
    found = cards(findings(stories(hashes=1, pools=(4,), slow_hop=0.5)))
    assert found["answer"]["answer"] == "disk"
    assert found["pool-4"]["headline"] == "Pool of 4: the file did not wait"


def test_a_slow_disk_seen_only_from_its_end_proves_nothing() -> None:
    """On Node a slow hop looks like a long wait. No thread was full, so no hash is named."""
    found = cards(findings(stories(hashes=1, pools=(4,), slow_hop=0.5, runtimes=("node",))))
    assert found["pool-4"]["verdict"] == "cannot-tell"
    assert "no hash is proved" in found["pool-4"]["text"]
    assert found["answer"]["answer"] == "cannot-tell"


def test_a_slow_disk_behind_a_short_hash_is_not_blamed_on_the_hash() -> None:
    """All threads were full for a moment, but most of the wait came after."""
    found = one(hashes=1, pool=1, slow_hop=None, hop=0.5, told=True)
    assert found.held
    assert found.released_by is None


def test_a_loop_that_hears_late_is_not_called_waiting_for_a_thread() -> None:
    found = cards(findings(stories(hashes=1, pools=(4,), loop=0.1)))
    assert found["answer"]["answer"] == "loop"


def test_a_request_that_waits_for_a_thread_is_found_out() -> None:
    parts = [story(hashes=4, pool=4, cpus=16, repeat=n, request_after="hash 1") for n in (1, 2, 3)]
    card = cards(findings(run(parts, cpus=16, mode="one", runtimes=["gevent"], pool=4, repeats=3)))["request"]
    assert card["verdict"] == "no"
    assert card["headline"] == "The request took 2.2×"


def test_a_request_that_outlasts_the_hashes_is_not_put_to_the_test() -> None:
    card = cards(findings(stories(hashes=4, cpus=16, latency=2.0, pools=(4,))))["request"]
    assert (card["verdict"], card["headline"]) == ("cannot-tell", "Not put to the test")


def test_a_late_answer_beside_full_threads_is_not_blamed_on_them() -> None:
    parts = [story(hashes=4, pool=4, cpus=1, repeat=n, latency=0.2) for n in (1, 2, 3)]
    for part in parts:
        for event in part:
            if event.get("id") == "request" and event["e"] == "end":
                event["t"] = 0.35
    card = cards(findings(run(parts, cpus=1, mode="one", runtimes=["gevent"], pool=4, repeats=3)))["request"]
    assert card["verdict"] == "yes"
    assert "something else" in card["text"]


def test_repeats_that_disagree_cannot_tell() -> None:
    parts = [story(hashes=4, pool=4, repeat=n, free_threads=int(n == 2)) for n in (1, 2, 3)]
    found = cards(findings(run(parts, cpus=2, mode="one", runtimes=["gevent"], pool=4, repeats=3)))
    assert found["pool-4"]["verdict"] == "cannot-tell"
    assert "in 2 of 3 repeats" in found["pool-4"]["text"]
    assert found["answer"]["answer"] == "cannot-tell"


def test_other_repeats_name_their_own_hash() -> None:
    sizes = ([0.6, 1.0, 1.0, 1.0], [1.0, 0.6, 1.0, 1.0], [1.0, 1.0, 0.6, 1.0])
    parts = [story(hashes=4, pool=4, cpus=16, repeat=n + 1, sizes=list(s)) for n, s in enumerate(sizes)]
    card = cards(findings(run(parts, cpus=16, mode="one", runtimes=["gevent"], pool=4, repeats=3)))["pool-4"]
    assert "In repeat 1: hash 1 ended on thread 2" in card["text"]
    assert "Repeat by repeat it was hash 1, hash 2, hash 3." in card["text"]


def test_nothing_is_claimed_about_a_file_that_was_not_closed() -> None:
    events = [e for e in story(hashes=4, pool=4) if not (e["e"] == "end" and e["id"] == "close")]
    assert cards(findings(run([events], cpus=2, pool=4)))["none"]["verdict"] == "cannot-tell"


@pytest.mark.parametrize("name", RECORDED)
def test_real_runs_show_the_file_behind_a_hash(name: str) -> None:
    found = cards(findings(Recording(recorded(name))))
    assert {found[f"pool-{pool}"]["verdict"] for pool in (1, 4)} == {"yes"}
    assert "It was hash 4 in every repeat." in found["pool-1"]["text"]
    assert found["request"]["verdict"] == "yes"
    assert found["order"]["verdict"] == "yes"
    assert found["answer"]["answer"] == "thread"


@pytest.mark.parametrize(("name", "verdict"), [
    ("multitask-2-cpus", "yes"), ("multitask-1-cpu", "yes"), ("multitask-busy-neighbour", "cannot-tell"),
])  # fmt: skip
def test_a_real_run_with_a_thread_more_than_hashes(name: str, verdict: str) -> None:
    """Beside a busy neighbour one hop came late without a hash: no hash is named for it."""
    card = cards(findings(Recording(recorded(name))))["pool-5"]
    assert card["verdict"] == verdict
    assert "1 of 3 repeats, by a hash in 0 of them" in card["text"] or verdict == "yes"


def test_kinds_of_work_are_told_apart_in_real_runs() -> None:
    for part in Recording(recorded("multitask-2-cpus")).ended():
        kinds = {span.id: span.kind for span in part.complete()}
        assert {kinds[hop] for hop in ("open", "stat", "read", "close")} == {"fs"}
        assert kinds["request"] == "net"
        assert {kinds[f"hash {n}"] for n in (1, 2, 3, 4)} == {"cpu"}


def test_pools_side_by_side() -> None:
    assert pools(MultitaskParams.read({})) == [1, 4, 5]
    assert pools(MultitaskParams.read({"pool": 1})) == [1, 2]
    assert pools(MultitaskParams.read({"pool": 7, "mode": "one"})) == [7]
    steps = plan(MultitaskParams.read({"repeats": 2, "runtimes": ["gevent", "node"]}))
    assert len({step.part for step in steps}) == len(steps) == 2 * 3 * 2


def test_the_course_keeps_its_number_of_iterations() -> None:
    assert prepare(MultitaskParams.read({"preset": "course"}))["iterations"] == 100_000


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"hashes": 17}, "from 0 to 16"),
        ({"hashes": -1}, "from 0 to 16"),
        ({"pool": 17}, "from 1 to 16"),
        ({"latency": "1"}, "'100', '200' or '500'"),
        ({"mode": "all"}, "'sides' or 'one'"),
    ],
)
def test_bad_parameters_are_refused_in_words(raw: dict[str, Any], words: str) -> None:
    with pytest.raises(ParamsError, match=words):
        MultitaskParams.read(raw)


@pytest.mark.parametrize(("value", "words"), [(1.234, "1.23 s"), (0.0456, "45.6 ms"), (0.00004, "0.04 ms")])
def test_seconds_as_people_say_them(value: float, words: str) -> None:
    assert seconds(value) == words
