"""The parts of `loopscope up`, one by one."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dashboard.embedded.ports import free_port
from dashboard.settings import Settings
from dashboard.up import strays
from dashboard.up.address import PortError, choose_port, local_url, public_url
from dashboard.up.apps import Apps
from dashboard.up.given import problems_of
from dashboard.up.lock import AlreadyRunning, Lock
from dashboard.up.terminal import Terminal

STUBBORN = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        yield squatter.getsockname()[1]


class TestPort:
    def test_a_free_one_is_used(self) -> None:
        port = free_port()
        assert choose_port("127.0.0.1", port, fixed=True, say=pytest.fail) == port

    def test_instead_of_a_taken_default_another_is_used_and_said(self, taken: int) -> None:
        said: list[str] = []
        other = choose_port("127.0.0.1", taken, fixed=False, say=said.append)
        assert other != taken
        assert said == [f"Port {taken} is taken, so this copy uses {other}."]

    def test_a_taken_one_that_was_asked_for_is_an_error(self, taken: int) -> None:
        with pytest.raises(PortError, match=f"Port {taken} is taken"):
            choose_port("127.0.0.1", taken, fixed=True, say=pytest.fail)

    def test_a_foreign_address_is_an_error(self) -> None:
        with pytest.raises(PortError, match=r"LOOPSCOPE_HOST=192\.0\.2\.1 cannot be listened on"):
            choose_port("192.0.2.1", 8000, fixed=False, say=pytest.fail)


def test_urls() -> None:
    assert local_url("127.0.0.1", 80) == public_url("127.0.0.1", 80) == "http://127.0.0.1:80"
    assert local_url("::", 80) == "http://[::1]:80"
    assert local_url("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert "0.0.0.0" not in public_url("0.0.0.0", 80)


class TestLock:
    def test_a_second_copy_is_told_where_the_first_is(self, tmp_path: Path) -> None:
        path = tmp_path / "up.lock"
        with Lock(path) as lock:
            with pytest.raises(AlreadyRunning, match=rf"already starting \(pid {os.getpid()}\)"), Lock(path):
                pass
            lock.note("http://127.0.0.1:8000")
            with pytest.raises(AlreadyRunning, match=r"already running at http://127\.0\.0\.1:8000 "), Lock(path):
                pass
        assert not path.exists()

    def test_a_file_left_by_a_killed_copy_does_not_lock(self, tmp_path: Path) -> None:
        path = tmp_path / "up.lock"
        path.write_text("1\nhttp://127.0.0.1:8000\n")
        with Lock(path):
            assert path.read_text() == f"{os.getpid()}\n\n"


class TestStrays:
    def start(self, tag: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", STUBBORN],
            stdout=subprocess.PIPE,
            env=os.environ | {strays.TAG: tag},
            start_new_session=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        return process

    def test_only_those_of_this_copy_are_ended_even_when_they_refuse(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(strays, "TERMINATE_SECONDS", 0.2)
        ours, spared, theirs = (self.start(str(tmp_path / name)) for name in ("var", "var", "var2"))
        with ours, spared, theirs:
            assert strays.sweep(str(tmp_path / "var"), spare=[spared.pid]) == 1
            assert not psutil.pid_exists(ours.pid)
            assert spared.poll() is None
            assert theirs.poll() is None
            for process in (spared, theirs):
                process.kill()

    def test_nothing_to_do(self, tmp_path: Path) -> None:
        assert strays.sweep(str(tmp_path)) == 0


class TestGivenServers:
    def test_none_given_none_missing(self) -> None:
        assert problems_of(Settings()) == []

    def test_servers_that_answer(self, settings: Settings) -> None:
        assert problems_of(settings) == []

    def test_each_is_named_with_its_reason_on_one_line(self) -> None:
        port = free_port()
        problems = problems_of(
            Settings(redis_url=f"redis://me:hidden@127.0.0.1:{port}", mongodb_url="mongodb://127.0.0.1/?connect=x")
        )
        assert len(problems) == 2
        assert problems[0].startswith(f"REDIS_URL=redis://me:••••@127.0.0.1:{port} cannot be used: ")
        assert problems[0].endswith("Connection refused. Correct it, or unset it to use the embedded server.")
        assert "The value of connect must be" in problems[1]
        assert "\n" not in "".join(problems)

    def test_servers_that_are_silent_are_not_waited_for(self, taken: int) -> None:
        problems = problems_of(
            Settings(redis_url=f"redis://127.0.0.1:{taken}", mongodb_url=f"mongodb://127.0.0.1:{taken}")
        )
        assert [problem.split("=")[0] for problem in problems] == ["REDIS_URL", "MONGODB_URL"]

    def test_an_object_storage_that_is_not_there(self) -> None:
        url = f"http://127.0.0.1:{free_port()}"
        found = problems_of(Settings(s3_endpoint=url, s3_bucket="pics", s3_key="k", s3_secret="hidden"))
        assert len(found) == 1
        assert found[0].startswith(f"LOOPSCOPE_S3_ENDPOINT={url} cannot be used: Could not connect")
        assert found[0].endswith("Correct it, or unset all of LOOPSCOPE_S3_… to keep pictures in MongoDB.")
        assert "hidden" not in found[0]

    def test_a_password_that_is_refused(self, valkey: object, settings: Settings) -> None:
        url = settings.redis_url.replace("redis://", "redis://nobody:wrong@")
        assert "refuses the user or password" in problems_of(Settings(redis_url=url))[0]


class TestTerminal:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    def test_the_url_is_bold_on_a_terminal_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NO_COLOR", raising=False)
        screen, file = self.Screen(), io.StringIO()
        for out in (screen, file):
            Terminal(out).ready("http://x")
        assert "\x1b[1mhttp://x\x1b[0m" in screen.getvalue()
        assert file.getvalue() == "Loopscope is ready: http://x  (Ctrl-C stops it)\n"

    def test_no_color_is_respected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        screen = self.Screen()
        Terminal(screen).ready("http://x")
        assert "\x1b" not in screen.getvalue()


def test_the_log_says_which_process_ended_first(tmp_path: Path) -> None:
    apps = Apps(tmp_path / "processes.log", "http://127.0.0.1:1", {})
    apps.log.write_text("system | runner.1 stopped (rc=1)\nsystem | web.1 stopped (rc=-15)\n")
    assert apps.last_words() == "The runner process ended (exit code 1)"
    apps.log.write_text("nothing of use\n")
    assert apps.last_words() == "The processes ended"
    assert apps.tail().splitlines()[-1] == "  nothing of use"
