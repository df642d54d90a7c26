"""The runner's words, without a run."""

from __future__ import annotations

from dashboard.runs.runner import words_of_death


def test_a_redis_that_went_away_is_named() -> None:
    told = words_of_death("redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:1. Connection refused.")
    assert told.startswith("Redis, which carries the events, went away in the middle of the run (Error 111")
    assert told.endswith("refused).")


def test_anything_else_is_told_as_it_was() -> None:
    assert words_of_death("KeyError: 'x'") == "the runner process died in the middle of the run. KeyError: 'x'"
    killed = words_of_death("Work-horse terminated unexpectedly; waitpid returned 9 (signal 9); ")
    assert killed == "the runner process died in the middle of the run. It was killed by signal 9."
    assert words_of_death("") == "the runner process died in the middle of the run."
