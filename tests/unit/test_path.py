"""The lesson path: acts of a learner in, places and states out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.lessons.path import STATES, Acts, path_of, paths
from labs.sdk import registry
from labs.sdk.lab import Lab
from tests.fixtures.labs import steady

ASKS = replace(registry.installed()["hashing"], slug="asks", section="One", order=1)
TELLS = replace(steady, slug="tells", section="One", order=2, question=None, predictions=())
OTHER = replace(steady, slug="other", section="Two!  things", order=1, question=None, predictions=ASKS.predictions)
LABS = [ASKS, TELLS, OTHER]


def did(*acts: str, **labs: str) -> Acts:
    """`did("opened", "ran", opened="…")`: acts in the lab "asks", and others by name."""
    named = {act: {"asks"} for act in acts}
    for act, lab in labs.items():
        named[act] = {*named.get(act, set()), *lab.split()}
    return Acts(**named)


def test_a_section_is_a_path_in_order() -> None:
    one, two = paths(LABS, Acts())
    assert [(stop.number, stop.lab.slug) for stop in one.stops] == [(1, "asks"), (2, "tells")]
    assert [stop.number for stop in two.stops] == [1]
    assert (one.anchor, two.anchor) == ("section-one", "section-two-things")


@pytest.mark.parametrize(
    ("acts", "state", "left"),
    [
        (did(), "new", ["opened", "predicted", "ran", "answered"]),
        (did("opened"), "begun", ["predicted", "ran", "answered"]),
        (did("opened", "ran"), "begun", ["predicted", "answered"]),
        (did("opened", "predicted", "ran"), "begun", ["answered"]),
        (did("opened", "predicted", "ran", "answered"), "done", []),
    ],
)
def test_a_lab_is_done_when_nothing_is_left(acts: Acts, state: str, left: list[str]) -> None:
    stop = paths(LABS, acts)[0].stop("asks")
    assert (stop.state, list(stop.left)) == (state, left)
    assert stop.words.startswith(STATES[state])


def test_a_lab_without_question_and_prediction_asks_for_neither() -> None:
    stop = paths(LABS, did(opened="tells", ran="tells"))[0].stop("tells")
    assert stop.steps == ("opened", "ran")
    assert stop.state == "done"


def test_acts_in_a_lab_that_is_not_installed_any_more_change_nothing() -> None:
    assert paths(LABS, did(opened="gone", ran="gone")) == paths(LABS, Acts())


def next_slug(acts: Acts) -> str | None:
    stop = paths(LABS, acts)[0].next
    return stop.lab.slug if stop else None


def test_go_on_with_what_was_begun_else_with_the_first() -> None:
    assert next_slug(did()) == "asks"
    assert next_slug(did(opened="tells")) == "tells"
    assert next_slug(did(opened="tells", ran="tells")) == "asks"
    assert next_slug(did("opened", "predicted", "ran", "answered")) == "tells"
    done = did("predicted", "answered", opened="asks tells", ran="asks tells")
    assert next_slug(done) is None
    assert paths(LABS, done)[0].finished == 2


def test_before_and_after() -> None:
    path = path_of(LABS, TELLS, Acts())
    first, last = path.stops
    assert path.beside(first) == (None, last)
    assert path.beside(last) == (first, None)
    assert path_of(LABS, OTHER, Acts()).beside(path_of(LABS, OTHER, Acts()).stops[0]) == (None, None)


def test_every_installed_lab_has_one_place() -> None:
    labs: list[Lab] = list(registry.installed().values())
    found = [stop.lab.slug for path in paths(labs, Acts()) for stop in path.stops]
    assert sorted(found) == sorted(lab.slug for lab in labs)


def test_built_in_sections_come_in_the_order_in_which_they_build_on_each_other() -> None:
    sections = list(dict.fromkeys(lab.section for lab in registry.installed().values()))
    assert [section for section in sections if section in registry.SECTIONS] == list(registry.SECTIONS)
