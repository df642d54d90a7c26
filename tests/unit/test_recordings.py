"""Findings of every lab on every real run that was recorded, on whatever machine: complete, and proved by its spans."""

from __future__ import annotations

import pytest

from labs.sdk import registry
from labs.sdk.recording import Recording
from tests.streams import RECORDINGS, recorded

LABS = registry.installed()


@pytest.mark.parametrize("name", sorted(path.stem for path in RECORDINGS.glob("*.ndjson")))
def test_findings_of_a_real_run_cite_spans_that_exist(name: str) -> None:
    events = recorded(name)
    recording = Recording(events)
    found = list(LABS[events[0]["lab"]].findings(recording))
    assert {"result", "trust", "finding"} <= {event["e"] for event in found}
    for event in found:
        for cite in event.get("cites", []):
            assert cite["id"] in recording.parts[cite["part"]].spans


@pytest.mark.parametrize("name", sorted(path.stem for path in RECORDINGS.glob("*.ndjson")))
def test_a_strip_finds_the_results_that_it_names(name: str) -> None:
    events = recorded(name)
    recording = Recording(events)
    lab = LABS[events[0]["lab"]]
    results = [event for event in lab.findings(recording) if event["e"] == "result"]
    for chart in lab.charts:
        if chart.result and all(recording.params.get(key) == value for key, value in (chart.when or {}).items()):
            rows = [row for row in results if (row["name"], row["unit"]) == (chart.result, chart.unit)]
            assert rows, chart.result
            assert all(len(row["parts"]) == len(row["values"]) for row in rows)
            assert {part for row in rows for part in row["parts"]} <= set(recording.parts)
