"""Parameters: one model checks, describes the form and speaks plainly."""

from __future__ import annotations

from typing import Any

import pytest

from labs.hashing.lab import HashingParams, lab, plan, pools
from labs.sdk.params import ParamsError


def test_defaults_are_the_burst_of_the_title() -> None:
    params = HashingParams.read({})
    assert (params.tasks, params.pool, params.repeats, params.runtimes) == (5, 4, 3, ["gevent"])


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ({"tasks": 65}, "tasks", "must be from 1 to 64, not 65"),
        ({"tasks": 0}, "tasks", "must be from 1 to 64, not 0"),
        ({"tasks": -(10**30)}, "tasks", "must be from 1 to 64"),
        ({"tasks": "5"}, "tasks", "must be a whole number from 1 to 64, not '5'"),
        ({"tasks": True}, "tasks", "must be a whole number"),
        ({"tasks": 2.5}, "tasks", "must be a whole number"),
        ({"tasks": None}, "tasks", "must be a whole number"),
        ({"pool": 33}, "pool", "must be from 1 to 32, not 33"),
        ({"repeats": 10}, "repeats", "must be from 1 to 9, not 10"),
        ({"runtimes": []}, "runtimes", "needs at least one"),
        ({"runtimes": ["node", "node"]}, "runtimes", "names node twice"),
        ({"runtimes": ["deno"]}, "runtimes", "must be one of 'gevent', 'asyncio' or 'node', not 'deno'"),
        ({"runtimes": "node"}, "runtimes", "list"),
        ({"preset": "huge"}, "preset", "must be one of 'quick' or 'course', not 'huge'"),
        ({"mode": {"$gt": ""}}, "mode", "must be one of 'burst' or 'sweep'"),
        ({"__proto__": {}}, "__proto__", "is not a parameter of this lab"),
        ([], "params", "was []"),
        ("x" * 1000, "params", "…"),
    ],
)
def test_bad_input_names_the_field_and_the_way_out(raw: Any, field: str, words: str) -> None:
    with pytest.raises(ParamsError) as refused:
        HashingParams.read(raw)
    [(named, message)] = refused.value.errors
    assert named == field
    assert words in message
    assert len(message) < 200


def test_every_bad_field_is_named_at_once() -> None:
    with pytest.raises(ParamsError) as refused:
        HashingParams.read({"tasks": 99, "pool": 99})
    assert [field for field, _ in refused.value.errors] == ["tasks", "pool"]


def test_a_command_line_may_write_numbers_as_text() -> None:
    assert HashingParams.read({"tasks": "7"}, strict=False).tasks == 7
    with pytest.raises(ParamsError, match="whole number"):
        HashingParams.read({"tasks": "seven"}, strict=False)


def test_the_schema_draws_the_form() -> None:
    schema = lab.describe()["params"]["properties"]
    assert (schema["tasks"]["minimum"], schema["tasks"]["maximum"], schema["tasks"]["default"]) == (1, 64, 5)
    assert schema["runtimes"]["default"] == ["gevent"]
    assert set(schema["runtimes"]["labels"]) == {"gevent", "asyncio", "node"}
    assert all(field["widget"] and field["title"] and field["description"] for field in schema.values())


def test_runtimes_take_turns_and_each_goes_first() -> None:
    params = HashingParams.read({"runtimes": ["gevent", "node"], "repeats": 3})
    assert [step.part for step in plan(params)] == [
        "gevent-1", "node-1", "node-2", "gevent-2", "gevent-3", "node-3",
    ]  # fmt: skip


def test_a_sweep_ends_with_the_asked_pool() -> None:
    params = HashingParams.read({"mode": "sweep", "pool": 9, "repeats": 1})
    assert pools(params) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert len({step.part for step in plan(params)}) == 9
    assert pools(HashingParams.read({"mode": "sweep", "pool": 1})) == [1]
