"""What the workers lab offers and plans, also on a Python with sub-interpreters, which this one may not be."""

from __future__ import annotations

import concurrent.futures
import sys
from typing import Any

import pytest

from labs.sdk.gil import gil_enabled, gil_facts
from labs.sdk.params import ParamsError
from labs.workers import interpreters
from labs.workers.lab import lab, swept


class OneInterpreter(concurrent.futures.ThreadPoolExecutor):
    """Stands in for Python 3.14's pool, which is a thread pool as well."""


def refused(given: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ParamsError) as error:
        lab.params.read(given)
    return error.value.errors


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python without sub-interpreters."""
    monkeypatch.delattr(concurrent.futures, "InterpreterPoolExecutor", raising=False)
    monkeypatch.setattr(interpreters, "available", lambda: False)


@pytest.fixture
def new(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python with them."""
    monkeypatch.setattr(concurrent.futures, "InterpreterPoolExecutor", OneInterpreter, raising=False)


def test_interpreters_that_this_python_lacks_are_refused_in_words(old: None) -> None:
    [(field, words)] = refused({"ways": ["interpreter"]})
    assert field == "ways"
    assert "a sub-interpreter needs Python 3.14 or newer; this is Python 3." in words
    with pytest.raises(RuntimeError, match=r"needs Python 3\.14"):
        interpreters.interpreter_pool()


def test_interpreters_that_this_python_has_are_taken(new: None) -> None:
    assert interpreters.available()
    with interpreters.interpreter_pool() as pool:
        assert pool.submit(abs, -1).result() == 1
    params = lab.params.read({"ways": ["interpreter", "loop"], "runtimes": ["asyncio", "node"], "repeats": 1})
    assert [step.settings["ways"] for step in lab.plan(params)] == [["interpreter", "loop"], ["loop"]]


def test_node_has_no_interpreters(new: None) -> None:
    [(_, words)] = refused({"ways": ["interpreter"], "runtimes": ["node"]})
    assert "Node.js has no sub-interpreters" in words


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"workers": 17}, "workers", "must be from 1 to 16"),
        ({"tasks": 0}, "tasks", "must be from 1 to 16"),
        ({"size": 199}, "size", "must be from 200 to 5000"),
        ({"ways": ["thread", "thread"]}, "ways", "names thread twice"),
        ({"runtimes": ["gevent"]}, "runtimes", "must be one of"),
    ],
)
def test_wrong_parameters_are_refused_in_words(given: dict[str, Any], field: str, words: str) -> None:
    [(name, message)] = refused(given)
    assert name == field
    assert words in message


def test_a_sweep_takes_one_way_and_every_number_of_workers() -> None:
    params = lab.params.read({"mode": "sweep", "workers": 9, "runtimes": ["asyncio", "node"], "repeats": 2})
    steps = lab.plan(params)
    assert {tuple(step.settings["ways"]) for step in steps} == {("thread",)}
    assert [step.settings["workers"] for step in steps if step.runtime == "node" and step.repeat == 1] == [
        *range(1, 10)
    ]
    assert len({step.part for step in steps}) == len(steps) == 36


def test_the_way_of_a_sweep_is_the_first_beside_the_loop() -> None:
    assert swept("asyncio", ["loop", "process", "thread"]) == "process"
    assert swept("asyncio", ["loop"]) == "loop"
    assert swept("node", ["interpreter", "thread"]) == "thread"


def test_ways_change_places_but_for_the_first() -> None:
    params = lab.params.read({"repeats": 3})
    orders = [step.settings["ways"] for step in lab.plan(params)]
    assert orders == [["loop", "thread", "process"], ["loop", "process", "thread"], ["loop", "thread", "process"]]


def test_a_count_is_measured_in_each_language() -> None:
    rounds = lab.prepare(lab.params.read({"runtimes": ["asyncio", "node"]}))["rounds"]
    assert rounds["node"] > rounds["asyncio"] > 10


def test_what_python_says_about_its_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gil_facts()["switch"] == sys.getswitchinterval()
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert gil_enabled() is False
    monkeypatch.delattr(sys, "_is_gil_enabled")
    assert gil_enabled() is True
