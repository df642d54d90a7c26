"""A program that forks while its threads use the cache, as servers with many processes do."""

from __future__ import annotations

import subprocess
import sys

from dashboard.embedded import Valkey
from dashboard.settings import ROOT
from tests.querycache import redis_url


def test_a_child_can_use_the_cache_whatever_the_threads_of_its_parent_were_doing(valkey: Valkey) -> None:
    command = [sys.executable, "-m", "tests.fixtures.querycache_forked", redis_url(valkey.url)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert said.stdout == "{'miss': 2, 'fill': 2, 'hit': 1} owed: 0\n"
