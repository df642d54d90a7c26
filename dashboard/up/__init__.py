"""`loopscope up`: start everything there is to start, print the one URL, keep it alive, leave nothing behind."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from types import FrameType
from typing import NoReturn

from dashboard.embedded import ServerError
from dashboard.settings import Settings
from dashboard.up.address import PortError, choose_port
from dashboard.up.apps import AppsError
from dashboard.up.given import problems_of
from dashboard.up.home import Home
from dashboard.up.lock import AlreadyRunning, Lock
from dashboard.up.terminal import Terminal

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_SECONDS = 0.1


class Stop(BaseException):
    """We were told to stop. Raised wherever the program happens to be; what it leaves half done, `Home.stop` ends."""


def main(arguments: Sequence[str]) -> int:
    """Run until told to stop. Exit code 0 then, 2 for settings that cannot be used, 1 for anything else."""
    parser = argparse.ArgumentParser(prog="loopscope up", description=__doc__)
    parser.add_argument("--port", metavar="N", help="port of the web page (as LOOPSCOPE_PORT)")
    parser.add_argument("--verbose", action="store_true", help="show what every process says")
    options = parser.parse_args(arguments)
    environ = {**os.environ, **({"LOOPSCOPE_PORT": options.port} if options.port else {})}
    settings = Settings.from_environment(environ)
    terminal = Terminal(sys.stdout, verbose=options.verbose)
    if problems := _problems(settings):
        print("\n".join(problems), file=sys.stderr)
        return 2
    try:
        return _run(settings, terminal, port_is_fixed=bool(environ.get("LOOPSCOPE_PORT", "").strip()))
    except (AlreadyRunning, PortError, ServerError, AppsError) as error:
        print(error, file=sys.stderr)
        return 1


def _run(settings: Settings, terminal: Terminal, *, port_is_fixed: bool) -> int:
    with Lock(settings.var / "up.lock") as lock:
        for number in SIGNALS:
            signal.signal(number, _stop)
        home = Home(settings, terminal)
        try:
            port = choose_port(settings.host, settings.port, fixed=port_is_fixed, say=terminal.say)
            home.start(replace(settings, port=port))
            lock.note(home.url)
            terminal.ready(home.url)
            while True:
                home.look()
                time.sleep(LOOK_SECONDS)
        except Stop:
            terminal.say("Stopping …")
            return 0
        finally:
            _ignore_signals()
            home.stop()


def _problems(settings: Settings) -> list[str]:
    try:
        (settings.var / "log").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return [f"LOOPSCOPE_VAR={settings.var} cannot be used: {error.strerror}. Name a folder that may be written."]
    return problems_of(settings)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    _ignore_signals()
    raise Stop


def _ignore_signals() -> None:
    """From here on everything is being stopped; a second Ctrl-C cannot hurry it, only leave things behind."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
