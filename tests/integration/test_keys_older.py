"""Servers that know less than the embedded one: what they lack is left out, and there is a console where it is safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from dashboard.embedded import Valkey
from dashboard.embedded.valkey import OPTIONS
from dashboard.keys.access import Access
from dashboard.keys.commandlog import slow_commands
from dashboard.keys.console import Console
from dashboard.settings import Settings
from tests.keyspace import SECRET, access_to, app_client, database_nine


class WithoutDatabases(Redis):
    """A server whose ACL knows no databases and no command log: it complains as those before Valkey 9.1 do."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        for word in args[3:] if args[:2] == ("ACL", "SETUSER") else ():
            if str(word) in ("resetdbs", "+commandlog|get") or str(word).startswith("db="):
                raise ResponseError(f"Error in ACL SETUSER modifier '{word}': Syntax error")
        return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]


@pytest.fixture
def dedicated(tmp_path: Path) -> Iterator[Valkey]:
    with Valkey(tmp_path / "dedicated", tmp_path / "dedicated.log") as server:
        yield server


def access_with(app: Valkey, labs: str, folder: Path) -> Access:
    return Access(Settings(redis_url=app.url, lab_redis_url=labs, mongodb_url="mongodb://x", var=folder, secret=SECRET))


def test_a_server_without_commandlog_has_a_console_and_a_log(tmp_path: Path) -> None:
    options = {**OPTIONS, "rename-command COMMANDLOG": "", "slowlog-log-slower-than": "0"}
    with patch("dashboard.embedded.valkey.OPTIONS", options):
        server = Valkey(tmp_path / "older", tmp_path / "older.log")
        server.start()
    try:
        server.wait()
        with access_to(server, tmp_path) as access, app_client(server) as app:
            users = access.users()
            assert users.learner is not None
            assert users.browser.user != users.app.user
            app.set("lab:seen", "1")
            assert "SET lab:seen 1" in [one["words"] for one in slow_commands(access.client(), [])]
            console = Console(access)
            assert console.run("COMMANDLOG GET 1 slow")["reply"]["text"].startswith("ERR unknown command")
            console.close()
    finally:
        server.stop()


def test_whoever_takes_our_name_is_not_hidden(valkey: Valkey, tmp_path: Path, app: Any) -> None:
    with access_to(valkey, tmp_path) as access:
        console, users = Console(access), access.users()
        ours = (users.app.name, users.browser.name)
        app.config_set("commandlog-execution-slower-than", 0)
        try:
            console.run("CLIENT SETNAME loopscope")
            console.run("SET lab:mine 1")
            access.client().memory_usage("lab:mine")
            found = {one["words"]: one["client"] for one in slow_commands(access.client(), ours)}
        finally:
            app.config_set("commandlog-execution-slower-than", OPTIONS["slowlog-log-slower-than"])
            app.execute_command("COMMANDLOG", "RESET", "slow")
            console.close()
        assert found["SET lab:mine 1"] == "loopscope"
        assert not any(words.startswith("MEMORY") for words in found)


def test_where_databases_are_alike_only_a_server_of_the_learners_own_has_a_console(
    valkey: Valkey, dedicated: Valkey, tmp_path: Path
) -> None:
    with patch("dashboard.keys.address.Redis", WithoutDatabases):
        for labs, offered in (("", False), (database_nine(valkey), False), (database_nine(dedicated), True)):
            access = access_with(valkey, labs, tmp_path)
            users = access.users()
            assert (users.learner is not None) == offered
            assert ("LOOPSCOPE_LAB_REDIS_URL" in users.why) != offered
            access.close()
        console = Console(access_with(valkey, database_nine(dedicated), tmp_path))
        assert console.run("SET lab:mine 1")["reply"]["text"] == "OK"
        assert console.run("SET other 1")["reply"]["kind"] == "error"
        assert console.run("FLUSHALL")["reply"]["kind"] == "error"
        console.close()


def test_a_server_that_is_away_for_a_moment_is_no_verdict(dedicated: Valkey, tmp_path: Path) -> None:
    class AwayOnce(Redis):
        away = True

        def execute_command(self, *args: Any, **options: Any) -> Any:
            if args[:2] == ("ACL", "SETUSER") and AwayOnce.away:
                AwayOnce.away = False
                dedicated.stop()
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]

    with access_to(dedicated, tmp_path) as access:
        with patch("dashboard.keys.address.Redis", AwayOnce), pytest.raises(Exception, match="onnect"):
            access.users()
        dedicated.start()
        dedicated.wait()
        assert access.users().learner is not None
