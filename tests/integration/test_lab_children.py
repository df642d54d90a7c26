"""Programs that start processes of their own: however a program is ended, they end too, without anybody's help.

One that is killed can do nothing for them any more, so each is killed once. SIGTERM takes the same way in all of them:
one lab of each kind shows it. Clusters are in `test_cluster_children.py`.
"""

from __future__ import annotations

from signal import SIGKILL, SIGTERM, Signals
from typing import Any

import pytest

from labs.blocked_loop.lab import lab as blocked_loop
from labs.sdk.lab import Lab, Runtime
from labs.workers.lab import lab as workers
from tests.family import all_end_with, started, told

ASKED: dict[str, dict[str, Any]] = {
    "blocked-loop": {"ways": ["process"], "duration": 500},
    "workers": {"ways": ["process"], "size": 200},
}
LONG: dict[str, dict[str, Any]] = {
    "blocked-loop": {"ways": ["process"] * 500},
    "workers": {"tasks": 3000},
}
"""More than a learner may ask for: work that is not over by itself while the test waits for its end."""

ENDS = [(lab, runtime, SIGKILL) for lab in (blocked_loop, workers) for runtime in lab.runtimes]
ENDS += [(workers, runtime, SIGTERM) for runtime in workers.runtimes]


@pytest.mark.parametrize(
    ("lab", "runtime", "number"), ENDS, ids=[f"{lab.slug}-{r.key}-{number.name}" for lab, r, number in ENDS]
)
def test_nothing_outlives_its_program(lab: Lab, runtime: Runtime, number: Signals) -> None:
    """Ended while a process of its own is in the middle of its work."""
    with started(lab, runtime, ASKED[lab.slug], **LONG[lab.slug]) as program:
        told(program, lambda event: event["e"] == "begin" and event["kind"] == "cpu")
        all_end_with(program, number)
