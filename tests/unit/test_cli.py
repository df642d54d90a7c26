"""The command line itself; what its commands do is tested where they live."""

from __future__ import annotations

import pytest

from dashboard.__main__ import COMMANDS, main
from dashboard.settings import TABLE


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in TABLE:
        monkeypatch.delenv(row.env, raising=False)


def test_settings_shows_every_one_and_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOOPSCOPE_WEBS", "3")
    assert main(["settings"]) == 0
    shown = capsys.readouterr().out.splitlines()
    for row in TABLE:
        (at,) = (number for number, line in enumerate(shown) if line.split(" ")[0] == row.env)
        assert row.help in shown[at + 1]
        assert shown[at].endswith("from the environment" if row.env == "LOOPSCOPE_WEBS" else "default")


def test_settings_shows_no_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LOOPSCOPE_SECRET", "hidden")
    monkeypatch.setenv("REDIS_URL", "redis://me:hidden@host")
    assert main(["settings"]) == 0
    assert "hidden" not in capsys.readouterr().out


def test_settings_points_out_a_slip_of_the_keyboard(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOOPSCOPE_PROT", "8001")
    main(["settings"])
    assert "LOOPSCOPE_PROT is set, but there is no such setting." in capsys.readouterr().out


@pytest.mark.parametrize("command", ["settings", "up", "runner"])
def test_settings_that_cannot_be_used_are_named_not_thrown(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOOPSCOPE_PORT", "many")
    assert main([command]) == 2
    assert capsys.readouterr().err == "LOOPSCOPE_PORT=many is not a whole number from 1 to 65535.\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"])
    assert ended.value.code == 2
    assert "nonsense" in capsys.readouterr().err
