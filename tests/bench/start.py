"""(e) How long from a warm `make run` to the first page?"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from dashboard.settings import ROOT
from tests.bench.figure import Figure

STARTS = 3


def figures(folder: Path) -> Iterator[Figure]:
    """The best and the worst of three, each with data in a folder of its own."""
    seconds = [_start(folder / f"var{n}") for n in range(STARTS)]
    yield Figure("e  warm `make run` to the first page", f"{min(seconds):.1f} to {max(seconds):.1f} s", "a few seconds")


def _start(var: Path) -> float:
    begun = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run"], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "LOOPSCOPE_VAR": str(var)},
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                urllib.request.urlopen(found[0]).read()
                break
        seconds = time.perf_counter() - begun
        os.killpg(process.pid, signal.SIGTERM)
        process.stdout.read()
    process.wait()
    return seconds
