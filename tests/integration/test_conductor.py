"""The conductor against programs that misbehave: every run ends, says why, and keeps what came before."""

from __future__ import annotations

from typing import Any

import pytest

from labs.sdk.conductor import Conductor, Limits
from labs.sdk.events import Event
from labs.sdk.lab import Lab
from labs.sdk.process import tagged
from tests.fixtures import labs as fixtures
from tests.tags import own_tag

HUNG_SECONDS = 8
"""Enough for an interpreter to start and say its first word on a busy machine."""


def conduct(lab: Lab, limits: Limits | None = None, **params: Any) -> list[Event]:
    conductor = Conductor(lab, lab.params.read(params), tag=own_tag(lab.slug), limits=limits)
    return [event for batch in conductor.events() for event in batch]


def test_a_steady_program_gives_every_span_and_its_findings() -> None:
    events = conduct(fixtures.steady, amount=50, repeats=2)
    assert [e["state"] for e in events if e["e"] == "run"] == ["started", "finished"]
    assert [e["headline"] for e in events if e["e"] == "finding"] == ["100 spans"]
    ends = [e for e in events if e["e"] == "end"]
    assert {e["part"] for e in ends} == {"python-1", "python-2"}
    assert all(e["cpu"] >= 0 for e in ends)


def test_progress_counts_the_programs() -> None:
    progress = [e for e in conduct(fixtures.steady, repeats=3) if e["e"] == "progress"]
    assert [(e["done"], e["of"]) for e in progress if not e["spent"]] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert progress[-1]["left"] == 0


def test_rubbish_becomes_log_lines_and_nothing_is_forged() -> None:
    events = conduct(fixtures.bad_lines)
    assert events[-1]["state"] == "finished"
    logs = [e for e in events if e["e"] == "log"]
    assert any("not JSON: hello" in e["text"] for e in logs)
    assert any("unknown kind" in e["text"] for e in logs)
    assert any("over 64 KiB dropped" in e["text"] for e in logs)
    assert any(e["stream"] == "stderr" and e["text"] == "a word on stderr" for e in logs)
    [good] = [e for e in events if e["e"] == "sample"]
    assert (good["series"], good["part"]) == ("good", "python-1")


@pytest.mark.parametrize(
    ("lab", "reason"),
    [
        (fixtures.silent, "without saying that it was done"),
        (fixtures.crashing, "exit code 1. RuntimeError: this program fails on purpose"),
        (fixtures.hanging, "counts as hung"),
        (fixtures.ignores_sigterm, "counts as hung"),
    ],
    ids=lambda value: value.slug if isinstance(value, Lab) else "",
)
def test_a_bad_end_is_told_in_words(lab: Lab, reason: str) -> None:
    events = conduct(lab, seconds=HUNG_SECONDS)
    assert events[-1]["e"] == "run"
    assert events[-1]["state"] == "failed"
    assert reason in events[-1]["reason"]
    assert lab is fixtures.silent or any(e["e"] == "begin" for e in events)


def test_a_daemon_left_behind_is_ended() -> None:
    events = conduct(fixtures.leaves_grandchild)
    assert events[-1]["state"] == "finished"
    assert any(e["e"] == "sample" and e["series"] == "daemon" for e in events)
    assert tagged(own_tag("leaves-grandchild")) == []


def test_a_flood_is_carried_whole() -> None:
    values = [e["value"] for e in conduct(fixtures.flooding, amount=100_000) if e["e"] == "sample"]
    assert values == list(range(100_000))


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(events=5_000), "more than 5,000 events"), (Limits(bytes=1 << 20), "more than 1 MiB")],
)
def test_a_flood_beyond_the_limit_ends_the_run(limits: Limits, words: str) -> None:
    events = conduct(fixtures.flooding, limits, amount=1_000_000)
    assert words in events[-1]["reason"]
    assert any(e["e"] == "sample" for e in events)


def test_the_limit_of_the_whole_run_is_named_and_the_time_goes_on_until_then() -> None:
    events = conduct(fixtures.hanging, Limits(seconds=3))
    assert "longer than 3 s" in events[-1]["reason"]
    first, *later = [e for e in events if e["e"] == "progress"]
    assert (first["spent"], first["left"], first["over"]) == (0, 0.5, 0)
    assert later
    assert all(e["over"] > 0 and e["left"] == 0 and e["done"] == 0 for e in later)


def test_closing_the_stream_in_the_middle_ends_the_program() -> None:
    lab = fixtures.hanging
    stream = Conductor(lab, lab.params.read({}), tag=own_tag("closing")).events()
    for batch in stream:
        if any(event["e"] == "begin" for event in batch):
            break
    assert tagged(own_tag("closing"))
    stream.close()  # type: ignore[attr-defined]
    assert tagged(own_tag("closing")) == []
