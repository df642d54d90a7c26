"""One copy of Loopscope in one var folder: its embedded servers, its processes, and the watch over them."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from dashboard import lab_servers
from dashboard.embedded import MongoDB, Server, Valkey
from dashboard.settings import Settings
from dashboard.up import strays
from dashboard.up.address import local_url, public_url
from dashboard.up.apps import Apps, AppsError
from dashboard.up.terminal import Terminal

RESTARTS = 5
RESTART_SECONDS = 60.0


class Home:
    """Everything that `start` starts, `look` keeps alive and `stop` ends."""

    def __init__(self, settings: Settings, terminal: Terminal) -> None:
        self.tag = settings.home_tag
        self._logs = settings.var / "log"
        self._terminal = terminal
        self._servers: dict[str, Server] = {}
        if not settings.redis_url:
            self._servers["REDIS_URL"] = Valkey(settings.var / "valkey", self._logs / "valkey.log", tag=self.tag)
        if not settings.mongodb_url:
            self._servers["MONGODB_URL"] = MongoDB(settings.var / "mongodb", self._logs / "mongodb.log", tag=self.tag)
        self._apps: Apps | None = None
        self._restarts: deque[float] = deque(maxlen=RESTARTS)
        self._shown = 0
        self.url = ""

    def start(self, settings: Settings) -> None:
        """Start all, and return when a page can be opened. `settings` has the port that was chosen.

        Raises ServerError or AppsError when something does not come up.
        """
        if count := strays.sweep(self.tag):
            self._terminal.say(f"Ended {count} processes that a copy left behind when it was killed.")
        for log in [self._logs / "processes.log", *(server.log for server in self._servers.values())]:
            _set_aside(log)
        for server in self._servers.values():
            server.start()
        self.url = public_url(settings.host, settings.port)
        self._apps = Apps(
            self._logs / "processes.log", local_url(settings.host, settings.port), self._environ(settings)
        )
        self._apps.start()  # they take longer to come up than the servers, so they need not wait for them
        for server in self._servers.values():
            server.wait()
        lab_servers.note(settings.var, lab_servers.urls(self._with_servers(settings)))
        self._apps.wait()

    def look(self) -> None:
        """One look at everything: start again what died, show what was said. Raises AppsError when that is hopeless."""
        assert self._apps is not None
        if self._terminal.verbose:
            self._show_log()
        for server in self._servers.values():
            if not server.alive:
                self._count_restart(f"{server.name} ended unexpectedly; it is started again with its data.")
                server.start()
                server.wait()
        if not self._apps.alive:
            self._count_restart(f"{self._apps.last_words()} unexpectedly; all processes are started again.")
            strays.sweep(self.tag, self._server_pids())
            self._apps.start()
            self._apps.wait()
            self._terminal.ready(self.url)

    def stop(self) -> None:
        """End everything; whatever was only half started too."""
        lab_servers.forget(Path(self.tag))
        if self._apps is not None:
            self._apps.stop()
        strays.sweep(self.tag, self._server_pids())
        for server in self._servers.values():
            server.stop()
        strays.sweep(self.tag)

    def _server_pids(self) -> list[int]:
        return [server.pid for server in self._servers.values() if server.alive]

    def _environ(self, settings: Settings) -> dict[str, str]:
        full = self._with_servers(settings)
        return {
            "REDIS_URL": full.redis_url,
            "MONGODB_URL": full.mongodb_url,
            "LOOPSCOPE_HOST": settings.host,
            "LOOPSCOPE_PORT": str(settings.port),
            "LOOPSCOPE_VAR": self.tag,
            strays.TAG: self.tag,
        }

    def _with_servers(self, settings: Settings) -> Settings:
        known = {variable: server.url for variable, server in self._servers.items()}
        return replace(
            settings,
            redis_url=known.get("REDIS_URL", settings.redis_url),
            mongodb_url=known.get("MONGODB_URL", settings.mongodb_url),
        )

    def _count_restart(self, news: str) -> None:
        """Say it; give up when it happened too often within a minute."""
        self._terminal.say(news)
        now = time.monotonic()
        if len(self._restarts) == RESTARTS and now - self._restarts[0] < RESTART_SECONDS:
            assert self._apps is not None
            raise AppsError(f"That was {RESTARTS} times within {RESTART_SECONDS:.0f} s; giving up.{self._apps.tail()}")
        self._restarts.append(now)

    def _show_log(self) -> None:
        with (self._logs / "processes.log").open("rb") as output:
            output.seek(self._shown)
            news = output.read()
        self._shown += len(news)
        if news:
            self._terminal.write(news.decode(errors="replace"))


def _set_aside(log: Path) -> None:
    """Keep the log of the last start, and of no others."""
    if log.exists():
        log.replace(log.with_suffix(".old.log"))
