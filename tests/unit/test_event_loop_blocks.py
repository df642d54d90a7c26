"""Programs of blocks: what can be read, what is refused, and in which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.event_loop import blocks
from labs.event_loop.blocks import BlocksError
from labs.event_loop.lab import EventLoopParams, lab, length
from labs.event_loop.puzzles import PUZZLES
from labs.sdk.params import ParamsError


def test_blocks_are_lettered_and_nested() -> None:
    read = blocks.read("file,.timer-0,.immediate,sync")
    assert [block.letter for block in read] == ["A", "B", "C", "D"]
    assert [block.inside for block in read] == [None, "A", "A", None]
    assert read[1].delay == 0
    assert read[1].name == "B timer 0 ms"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "add a block"),
        ("  ", "add a block"),
        ("sleep", "which is no block"),
        ("timer", "needs its milliseconds"),
        ("timer-201", "0 to 200"),
        ("timer-٣", "which is no block"),
        ("file-3", "only a timer takes a number"),
        (".timer-0", "cannot be inside another"),
        ("sync,.timer-0", "has no callback"),
        ("server,.timer-0,file", "has no callback"),
        ("server", "nothing that is ever called"),
        (",".join(["sync"] * 13), "at most 12"),
        ("file,,file", "which is no block"),
        ("<script>", "which is no block"),
        ("__class__", "which is no block"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, told: str) -> None:
    with pytest.raises(BlocksError, match=told):
        blocks.read(text)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        read = blocks.read(text)
    except BlocksError:
        return
    assert 0 < len(read) <= blocks.MOST_BLOCKS


def test_a_block_that_a_runtime_lacks_is_refused_at_its_field() -> None:
    with pytest.raises(ParamsError) as own:
        lab.params.read({"puzzle": "own", "program": "tick", "runtimes": ["node", "asyncio"]})
    assert own.value.errors[0][0] == "program"
    assert "run it on Node.js only" in own.value.errors[0][1]
    with pytest.raises(ParamsError) as ready:
        lab.params.read({"puzzle": "queues", "runtimes": ["gevent"]})
    assert [field for field, _ in ready.value.errors] == ["puzzle"]


def test_the_default_puzzle_is_checked_too() -> None:
    """A program that is not used does not stand in the way of a puzzle."""
    assert lab.params.read({"puzzle": "queues", "program": "tick"})
    assert lab.params.read({"puzzle": "race", "program": "tick", "runtimes": ["gevent"]})


@pytest.mark.parametrize("program", ["file", 5, None, ["file"], "a" * 201])
def test_a_hostile_program_is_refused_or_read(program: object) -> None:
    if program == "file":
        assert lab.params.read({"puzzle": "own", "program": program})
    else:
        with pytest.raises(ParamsError):
            lab.params.read({"puzzle": "own", "program": program})


@pytest.mark.parametrize("name", PUZZLES)
def test_every_puzzle_can_be_run(name: str) -> None:
    params = EventLoopParams.read({"puzzle": name, "runtimes": ["node"]})
    assert blocks.read(params.text) == params.asked
    assert length(params) <= 2 * blocks.MOST_DELAY / 1000 + 1
    assert all(step.seconds > 0 for step in lab.plan(params))
