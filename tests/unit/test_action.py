"""Actions: declared once, checked wherever they come from."""

from __future__ import annotations

import io
import os
from typing import Any

import orjson
import pytest

from labs.sdk.action import ActionRefused, check
from labs.sdk.listen import Act, listen
from labs.typed import menu, read
from tests.fixtures.labs import ACTIONS

RUN = {"seconds": 1}


def test_inputs_have_their_defaults_and_become_a_line() -> None:
    wish = check(ACTIONS, "kill", {}, RUN)
    assert orjson.loads(wish.line(3)) == {"n": 3, "action": "kill", "params": {"worker": 1}}
    assert wish.line(3).endswith(b"\n")
    assert wish.words == "Kill, worker 1"


@pytest.mark.parametrize(
    ("action", "inputs", "field", "words"),
    [
        ("nope", {}, "action", "is not offered by this run; it offers kill, finish"),
        ("long", {}, "action", "is not offered"),
        (None, {}, "action", "is not offered"),
        ({"$ne": 1}, {}, "action", "is not offered"),
        ("kill", {"worker": 5}, "params.worker", "must be from 1 to 4, not 5"),
        ("kill", {"worker": "2"}, "params.worker", "must be a whole number"),
        ("kill", {"worker": True}, "params.worker", "must be a whole number"),
        ("kill", {"worker": -(10**40)}, "params.worker", "must be from 1 to 4"),
        ("kill", {"worker": "1\n{}"}, "params.worker", "must be a whole number"),
        ("kill", {"pid": 1}, "params.pid", "is not a parameter of this action; it takes worker"),
        ("finish", {"worker": 1}, "params.worker", "it takes nothing"),
        ("kill", [], "params.params", "was []"),
        ("kill", "x" * 5000, "params.params", "…"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(action: Any, inputs: Any, field: str, words: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        check(ACTIONS, action, inputs, RUN)
    assert refused.value.errors[0][0] == field
    assert words in refused.value.errors[0][1]


def test_an_action_may_belong_to_some_parameters_only() -> None:
    assert check(ACTIONS, "long", None, {"seconds": 60}).action.id == "long"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("kill 2", ("kill", {"worker": "2"})),
        ("kill worker=2", ("kill", {"worker": "2"})),
        ("kill 2 3", ("kill", {"worker": "2", "3": "3"})),
        ("finish", ("finish", {})),
        ('{"action": "kill", "params": {"worker": 2}}', ("kill", {"worker": 2})),
        ("{}", ("", {})),
    ],
)
def test_a_typed_line_is_an_action(line: str, told: tuple[str, dict[str, Any]]) -> None:
    assert read(line, list(ACTIONS)) == told


def test_a_typed_line_that_is_half_json_is_refused() -> None:
    with pytest.raises(ActionRefused, match="not JSON"):
        read("{", list(ACTIONS))


def test_the_menu_says_what_can_be_typed() -> None:
    told = menu(list(ACTIONS))
    assert "kill [worker 1–4]" in told
    assert "Kill one." in told


def test_a_program_hears_each_act_once_and_in_order() -> None:
    ear, mouth = os.pipe()
    heard: list[Act] = []
    thread = listen(heard.append, ear)
    with io.FileIO(mouth, "w") as pipe:
        pipe.write(check(ACTIONS, "kill", {"worker": 2}, RUN).line(1) + b'{"n": 2, "acti')
        pipe.write(b'on": "finish"}\n')
    thread.join(10)
    os.close(ear)
    assert heard == [Act(1, "kill", {"worker": 2}), Act(2, "finish")]
