"""What the cluster's visitors are sent with, and what the server that they find is told."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from labs.cluster.lab import FOLDER, ClusterParams, plan
from labs.cluster.server import command
from labs.cluster.visitors import load

UNIT = 2.0


@pytest.mark.parametrize(
    ("asked", "hashes"),
    [({"mode": "behind", "slow": 16, "size": 2000}, 16), ({"mode": "arrivals", "requests": 2000}, 2000)],
)
def test_nobody_gives_up_while_one_worker_computes_all_that_may_be_asked_for(
    asked: dict[str, Any], hashes: int
) -> None:
    settings = plan(ClusterParams(workers=1, **asked))[0].settings
    assert load("/", {**settings, "unit": UNIT}).patience > 3 * hashes * UNIT


@pytest.mark.parametrize(
    ("cpus", "sizes"), [(1, [1, 2, 3, 4, 6, 7]), (5, [1, 2, 3, 4, 5, 6, 7]), (10, [1, 2, 3, 4, 6, 7])]
)
def test_a_sweep_tries_as_many_workers_as_there_are_cpus(
    cpus: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labs.cluster.lab.usable_cpus", lambda: cpus)
    steps = plan(ClusterParams(mode="sweep", workers=7, repeats=1))
    assert [step.settings["workers"] for step in steps] == sizes


def test_gunicorn_does_not_kill_a_worker_that_is_only_busy() -> None:
    """It cannot know the difference: it waits for a sign of life that a loop which computes cannot give."""
    *words, app = command(FOLDER / "on_gunicorn.py")
    environ = {**os.environ, "CLUSTER_SETTINGS": json.dumps({"workers": 1, "where": "loop", "parent": os.getpid()})}
    told = subprocess.run([*words, "--print-config", app], capture_output=True, text=True, env=environ, check=True)
    assert ["timeout", "=", "0"] in [line.split() for line in told.stdout.splitlines()]
