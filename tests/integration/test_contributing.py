"""The program that CONTRIBUTING.md shows does what it says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from dashboard.settings import ROOT
from labs.sdk.events import parse
from labs.sdk.process import ChildProcess
from tests.tags import own_tag


def test_the_program_in_the_text_runs(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    block = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert block is not None
    program = tmp_path / "program.py"
    program.write_text(re.sub(r"^   ", "", block[1], flags=re.MULTILINE))
    with ChildProcess(
        [sys.executable, str(program), '{"naps": 3, "seconds": 0.01}'], {}, tag=own_tag("contributing")
    ) as child:
        events = [parse(line) for chunk in child.read(float("inf")) for line in chunk.lines]
        assert child.code == 0
    assert [event["e"] for event in events if event["e"] in ("host", "done")] == ["host", "done"]
    assert sum(event["e"] == "end" for event in events) == 3
