"""Which Chromium the tests take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import browser


def program(path: Path, exit_code: int) -> str:
    path.write_text(f"#!/bin/sh\necho Chromium 1.0\nexit {exit_code}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def fine(tmp_path: Path) -> str:
    return program(tmp_path / "fine", 0)


@pytest.fixture
def stub(tmp_path: Path) -> str:
    """As some systems have it: says that it must be installed first."""
    return program(tmp_path / "stub", 1)


def test_the_one_that_is_named_is_taken(fine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPSCOPE_CHROMIUM", fine)
    assert browser.find() == fine
    assert browser.launch_options()["executable_path"] == fine


@pytest.mark.parametrize("name", ["stub", "nowhere"])
def test_one_that_is_named_must_work(name: str, stub: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPSCOPE_CHROMIUM", str(tmp_path / name))
    with pytest.raises(LookupError, match="does not start"):
        browser.find()


def test_sources_are_asked_in_order_and_only_while_nothing_works(
    fine: str, stub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unasked() -> Iterator[str]:
        yield pytest.fail("asked although one was found")

    monkeypatch.delenv("LOOPSCOPE_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "on_this_machine", lambda: iter([stub]))
    monkeypatch.setattr(browser, "playwrights_own", lambda: iter([stub, fine]))
    monkeypatch.setattr(browser, "downloaded", unasked)
    monkeypatch.setattr(browser, "from_the_system", unasked)
    assert browser.find() == fine


def test_without_any_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOOPSCOPE_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "candidates", lambda: iter([]))
    with pytest.raises(LookupError, match="apt install chromium"):
        browser.find()
