"""The settings table: values, errors, documentation."""

from __future__ import annotations

import stat
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.settings import TABLE, Row, Settings, SettingsError, unknown_variables
from dashboard.urls import mask_url
from labs.blog.settings import BlogSettings


def row(name: str) -> Row:
    return next(row for row in TABLE if row.name == name)


def problem(environ: dict[str, str]) -> str:
    try:
        Settings.from_environment(environ)
    except SettingsError as error:
        return str(error)
    return ""


def test_defaults_need_no_environment() -> None:
    assert Settings.from_environment({}) == Settings()


def test_defaults_are_safe() -> None:
    settings = Settings()
    assert settings.host == "127.0.0.1"
    assert settings.debug is False
    assert settings.var.is_absolute()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_setting_is_documented(row: Row) -> None:
    assert row.help.endswith(".")
    assert row.help[0].isupper()
    assert len(row.help) <= 100, "one line in a terminal"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_an_empty_variable_is_not_set(row: Row) -> None:
    assert Settings.from_environment({row.env: " "}) == Settings()


@pytest.mark.parametrize("row", [row for row in TABLE if row.type is int], ids=lambda row: row.name)
def test_numbers_are_read_and_bounded(row: Row) -> None:
    assert row.least is not None
    assert getattr(Settings.from_environment({row.env: str(row.least)}), row.name) == row.least
    outside = [row.least - 1] + ([row.most + 1] if row.most is not None else [])
    for text in [*map(str, outside), "many", "1.5", "0x10"]:
        with pytest.raises(SettingsError, match=f"^{row.env}={text} is not a whole number"):
            Settings.from_environment({row.env: text})


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("false", False)])
def test_switches(text: str, value: bool) -> None:
    assert Settings.from_environment({"LOOPSCOPE_DEBUG": text}).debug is value


def test_a_switch_says_what_it_takes() -> None:
    with pytest.raises(SettingsError, match="LOOPSCOPE_DEBUG=maybe is neither yes nor no"):
        Settings.from_environment({"LOOPSCOPE_DEBUG": "maybe"})


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("REDIS_URL", "redis://localhost"),
        ("REDIS_URL", "rediss://me:pass@redis.example.org:6380/3"),
        ("REDIS_URL", "redis://[::1]:6379/0"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
        ("MONGODB_URL", "mongodb://127.0.0.1:27017/loopscope"),
        ("MONGODB_URL", "mongodb://me:pass@a:27017,b:27018/x?replicaSet=rs"),
        ("MONGODB_URL", "mongodb+srv://cluster.example.org/x"),
        ("LOOPSCOPE_PUBLIC_ORIGINS", "https://lab.example.org, http://10.0.0.7:8000"),
    ],
)
def test_urls_that_will_do(variable: str, url: str) -> None:
    assert url in vars(Settings.from_environment({variable: url})).values()


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost:6379"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://:6379"),
        ("REDIS_URL", "redis://localhost:port"),
        ("REDIS_URL", "redis://localhost:70000"),
        ("MONGODB_URL", "mongodb:/localhost"),
        ("MONGODB_URL", "redis://localhost"),
        ("MONGODB_URL", "mongodb://a:1,b:x"),
        ("LOOPSCOPE_PUBLIC_ORIGINS", "https://fine.example.org,lab.example.org"),
    ],
)
def test_urls_that_will_not(variable: str, url: str) -> None:
    with pytest.raises(SettingsError, match=f"^{variable}=.* is not a URL like [a-z]+://host:port"):
        Settings.from_environment({variable: url})


def test_all_problems_are_told_at_once_without_passwords() -> None:
    environ = {"REDIS_URL": "redis://me:hidden@host:x", "MONGODB_URL": "nonsense", "LOOPSCOPE_PORT": "0"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    lines = str(caught.value).splitlines()
    assert [line.split("=")[0] for line in lines] == ["LOOPSCOPE_PORT", "REDIS_URL", "MONGODB_URL"]
    assert "hidden" not in str(caught.value)


@example("~0")
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    storage = {f"LOOPSCOPE_S3_{name}": "https://x" for name in ("ENDPOINT", "BUCKET", "KEY", "SECRET")}
    google = {f"GOOGLE_CLIENT_{name}": "x" for name in ("ID", "SECRET")}
    for variable in (row.env for row in TABLE):
        group = next((group for group in (storage, google) if variable in group and text.strip()), {})
        environ = group | {variable: text}
        assert problem(environ).startswith(f"{variable}=") or Settings.from_environment(environ)


def test_a_folder_given_is_relative_to_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({"LOOPSCOPE_VAR": "mine"})
    assert settings.home_tag == str(tmp_path / "mine")


def test_origins_are_split() -> None:
    settings = Settings(public_origins="https://a.example.org/, https://b.example.org:8443")
    assert settings.origins == ["https://a.example.org", "https://b.example.org:8443"]
    assert Settings().origins == []


@pytest.mark.parametrize(("given", "missing"), [("ID", "SECRET"), ("SECRET", "ID")])
def test_half_a_sign_in_with_google_is_refused(given: str, missing: str) -> None:
    half = {f"GOOGLE_CLIENT_{given}": "hidden", f"GOOGLE_CLIENT_{missing}": " "}
    said = problem(half)
    assert said.startswith(f"GOOGLE_CLIENT_{missing} is not set.")
    assert "practice provider" in said
    assert "hidden" not in said
    with pytest.raises(ValueError, match=f"^GOOGLE_CLIENT_{missing} is not set"):
        BlogSettings.from_environment({"MONGODB_URL": "mongodb://x", **half})


def test_both_halves_of_a_sign_in_with_google_are_taken() -> None:
    both = {"GOOGLE_CLIENT_ID": "me", "GOOGLE_CLIENT_SECRET": "hidden"}
    assert Settings.from_environment(both).google_client_secret == "hidden"
    assert BlogSettings.from_environment({"MONGODB_URL": "mongodb://x", **both}).google
    assert not BlogSettings.from_environment({"MONGODB_URL": "mongodb://x"}).google


def test_every_half_set_group_is_told() -> None:
    lines = problem({"GOOGLE_CLIENT_ID": "me", "LOOPSCOPE_S3_BUCKET": "b"}).splitlines()
    assert [line.split("_")[0] for line in lines] == ["LOOPSCOPE", "GOOGLE"]


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    first = settings.secret_key()
    assert len(first) == 64
    assert settings.secret_key() == first
    assert Settings(var=tmp_path / "other").secret_key() != first
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]
    assert replace(settings, secret="given").secret_key() == "given"


def test_secrets_are_masked() -> None:
    assert row("secret").mask("abc") == "••••"
    assert row("redis_url").mask("redis://:abc@host") == "redis://:••••@host"
    assert mask_url("mongodb://me:p@ss@host/x") == "mongodb://me:••••@host/x"
    assert mask_url("redis://host:1/0") == "redis://host:1/0"


def test_slips_of_the_keyboard_are_noticed() -> None:
    assert unknown_variables({"LOOPSCOPE_PROT": "1", "LOOPSCOPE_PORT": "1", "HOME": "/"}) == ["LOOPSCOPE_PROT"]
