"""What every lab owes: complete, honest about its programs, and a good citizen. Walks the registry."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from dashboard import lab_servers
from dashboard.embedded import MongoDB, Valkey
from labs.sdk import registry
from labs.sdk.action import ActionRefused
from labs.sdk.conductor import Conductor
from labs.sdk.events import Event, parse
from labs.sdk.lab import Lab, Runtime
from labs.sdk.servers import VARIABLES
from labs.sdk.tag import TAG
from tests.tags import own_tag
from tests.waiting import wait_until

LABS = registry.installed()
PROGRAMS = [(lab, runtime) for lab in LABS.values() for runtime in lab.runtimes]
E2E = Path(__file__).parent.parent / "e2e"


LONGER = {"redis-basics": {"rounds": 500}}
"""Where the least work would be over before a signal arrives."""


def smallest(lab: Lab, runtime: Runtime, **more: int) -> Any:
    """Parameters of the least work that this lab offers, but for `more`."""
    fields = lab.params.model_json_schema()["properties"]
    low = {name: field["minimum"] for name, field in fields.items() if "minimum" in field}
    return lab.params.read({**low, **more, "runtimes": [runtime.key]})


@pytest.fixture
def environ(lab: Lab, valkey: Valkey, mongodb: MongoDB) -> dict[str, str]:
    """Where the servers are that this lab needs. Asked for by name: then they start before the look for leaks does."""
    server: dict[str, Valkey | MongoDB] = {"redis": valkey, "mongodb": mongodb}
    beside = {"redis": lab_servers.redis_beside, "mongodb": lab_servers.mongodb_beside}
    return {VARIABLES[need]: beside[need](server[need].url) for need in lab.needs}


programs = pytest.mark.parametrize(("lab", "runtime"), PROGRAMS, ids=[f"{lab.slug}-{r.key}" for lab, r in PROGRAMS])
labs = pytest.mark.parametrize("lab", LABS.values(), ids=list(LABS))


@labs
def test_a_lab_is_complete(lab: Lab) -> None:
    assert lab.title
    assert lab.lead
    assert lab.section
    assert lab.charts
    assert lab.predictions
    assert lab.changes
    assert lab.question is None or len(lab.question.options) >= 2
    for runtime in lab.runtimes:
        assert runtime.file.is_file()
        assert runtime.file.parent == lab.folder


@labs
def test_a_guide_ends_with_one_change_and_two_questions(lab: Lab) -> None:
    headings = re.findall(r"^## (.+)$", lab.guide, re.MULTILINE)
    assert headings[-2:] == ["Now change one thing", "Two questions for you"]
    questions = lab.guide.rpartition("## Two questions for you")[2]
    assert questions.count("?") == 2


@labs
def test_what_a_lab_declares_can_be_run(lab: Lab) -> None:
    """Predictions, charts and changes speak of parameters and values that exist."""
    defaults = lab.params.read({}).model_dump()
    for when in [chart.when for chart in lab.charts] + [prediction.when for prediction in lab.predictions]:
        for name, wanted in (when or {}).items():
            one_of = wanted if isinstance(wanted, list) and not isinstance(defaults[name], list) else [wanted]
            for value in one_of:
                lab.params.read({**defaults, name: value})
    for change in lab.changes:
        lab.params.read({**defaults, **change.params})
    orjson.dumps(lab.describe())
    assert lab.estimate(lab.params.read({})) > 0


@labs
def test_a_lab_has_an_end_to_end_test(lab: Lab) -> None:
    tests = "\n".join(path.read_text() for path in E2E.glob("test_*.py"))
    assert f"/labs/{lab.slug}" in tests or f'"{lab.slug}"' in tests


@programs
def test_a_program_dies_on_sigterm(lab: Lab, runtime: Runtime, environ: dict[str, str]) -> None:
    params = smallest(lab, runtime, **LONGER.get(lab.slug, {}))
    settings = {**lab.prepare(params), **lab.plan(params)[0].settings}
    command = [*runtime.command(), orjson.dumps(settings).decode()]
    given = {**os.environ, **environ, **runtime.environ(settings), TAG: own_tag("contract")}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=given)
    assert child.stdout is not None
    with child.stdout:
        assert parse(child.stdout.readline())["e"] == "host"
        child.send_signal(signal.SIGTERM)
        wait_until(lambda: child.poll() is not None)
    assert child.returncode in (-signal.SIGTERM, 128 + signal.SIGTERM)


@programs
def test_a_whole_run_speaks_the_vocabulary_and_ends_with_findings(
    lab: Lab, runtime: Runtime, environ: dict[str, str]
) -> None:
    events = run(Conductor(lab, smallest(lab, runtime), tag=own_tag("contract"), environ=environ))
    assert events[-1] == {"e": "run", "t": events[-1]["t"], "state": "finished"}
    kinds = {event["e"] for event in events}
    assert {"host", "part", "progress", "result", "trust", "finding"} <= kinds
    clock = [event["t"] for event in events if "part" not in event]
    assert clock == sorted(clock)
    parts = {event["part"] for event in events if event["e"] == "part"}
    assert parts
    for part in parts:
        speaks([event for event in events if event.get("part") == part and event["e"] != "part"])


def run(conductor: Conductor) -> list[Event]:
    """Every event of a run; one that a learner may end by hand is ended once it has something to show."""
    ends = any(action.id == "finish" for action in conductor.lab.actions)
    events: list[Event] = []
    for batch in conductor.events():
        events += batch
        if ends and any(event["e"] in ("end", "sample") for event in batch):
            with contextlib.suppress(ActionRefused):  # some of its runs offer it, others end by themselves
                conductor.act("finish", {})
            ends = False
    return events


def speaks(told: list[Event]) -> None:
    """What one program said: every line an event, host first, done last; each begin has its end, in time."""
    assert not any(event["e"] == "log" and event.get("stream") == "stdout" for event in told), "a line that is no event"
    said = [event for event in told if event["e"] != "log"]
    assert said[0]["e"] == "host"
    assert said[-1]["e"] == "done"
    begins = {event["id"]: event["t"] for event in said if event["e"] == "begin"}
    ends = {event["id"]: event["t"] for event in said if event["e"] == "end"}
    assert set(begins) == set(ends)
    assert all(ends[id] >= begins[id] for id in begins)
