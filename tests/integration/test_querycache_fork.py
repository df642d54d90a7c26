"""A program that forks while its threads use the cache, as servers with many processes do."""

from __future__ import annotations

import subprocess
import sys

from dashboard.embedded import Valkey
from dashboard.settings import ROOT
from tests.querycache import redis_url


def said_by(program: str, valkey: Valkey) -> str:
    command = [sys.executable, "-m", f"tests.fixtures.{program}", redis_url(valkey.url)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout


def test_a_child_can_use_the_cache_whatever_the_threads_of_its_parent_were_doing(valkey: Valkey) -> None:
    assert said_by("querycache_forked", valkey) == "{'miss': 2, 'fill': 2, 'hit': 1} owed: 0\n"


def test_a_fork_that_nobody_told_us_of_mixes_no_answers(valkey: Valkey) -> None:
    assert said_by("querycache_unheard_fork", valkey) == "0 of 2000 wrong\n" * 4
