"""A process that the kernel ends with its parent."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest

from labs.sdk.leash import tied
from tests.family import alive
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel ties a child to its parent on Linux only")

PARENT = """
import subprocess, sys
from labs.sdk.leash import tied
child = subprocess.Popen(tied(["sleep", "600"]))
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_a_child_that_knows_nothing_of_it_ends_with_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        wait_until(lambda: child.name() == "sleep")
        parent.kill()
        wait_until(lambda: not alive(child))


def test_a_command_whose_parent_has_died_before_it_was_tied_never_begins() -> None:
    command = tied(["echo", "begun"])
    command[command.index(str(os.getpid()))] = "1"
    assert subprocess.run(command, capture_output=True, check=False).stdout == b""


def test_a_tied_command_is_the_same_command() -> None:
    """Its words, environment and exit code; and nothing that Python ignores is ignored in it."""
    script = 'echo "$1 $WORD"; grep SigIgn /proc/self/status; exit 3'
    run = [
        subprocess.run(command, capture_output=True, text=True, env={**os.environ, "WORD": "b"}, check=False)
        for command in (["sh", "-c", script, "sh", "a"], tied(["sh", "-c", script, "sh", "a"]))
    ]
    assert run[0].stdout.startswith("a b\n")
    assert (run[0].stdout, run[0].returncode) == (run[1].stdout, run[1].returncode)
