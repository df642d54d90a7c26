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
