"""The server that is managed. Starts it on a port that stays its own, signals it, hears what its processes tell."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import orjson

from labs.sdk.lab import node_binary

FOLDER = Path(__file__).parent
STOP_SECONDS = 2.0
BACKLOG = 2048

Hear = Callable[[str, dict[str, object]], None]


def about(file: Path) -> dict[str, str]:
    """Versions of the server in this file."""
    if _on_node(file):
        said = subprocess.run([node_binary(), "--version"], capture_output=True, text=True, check=True)
        return {"node": said.stdout.strip().removeprefix("v")}
    return {name: version(name) for name in ("gunicorn", "gevent")}


def _on_node(file: Path) -> bool:
    return file.suffix == ".mjs"


def _command(file: Path) -> list[str]:
    if _on_node(file):
        return [node_binary(), str(file)]
    return [sys.executable, "-P", "-m", "gunicorn", "-c", str(file), f"labs.processes.{file.stem}:create_app()"]


def _own_port(*, listening: bool) -> socket.socket:
    """A free port that nobody else gets while this is open.

    One that listens is handed to gunicorn's master. Node's primary must listen by itself, and stops while it has no
    worker: for it the port is only kept, which Linux allows between sockets that say SO_REUSEADDR.
    """
    own = socket.socket()
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.bind(("127.0.0.1", 0))
    own.setblocking(False)
    if listening:
        own.listen(BACKLOG)
    return own


class Server:
    """The master process. Whoever runs it, clients find the same port: it belongs to this process.

    `hear(what, told)` is called from other threads: with the server's news, and with "exit" and its code.
    """

    def __init__(self, file: Path, workers: int, slow: int, hear: Hear) -> None:
        self._command, self._on_node = _command(file), _on_node(file)
        self._hear = hear
        self._socket = _own_port(listening=not self._on_node)
        self._news, self._told = os.pipe()
        self._master: subprocess.Popen[bytes] | None = None
        self._flag = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  closed in stop(); it has no name, so nothing stays behind
        self._environ = {
            **os.environ,
            "PROCESSES_WORKERS": str(workers),
            "PROCESSES_SOCKET": str(self._socket.fileno()),
            "PROCESSES_PORT": str(self.port),
            "PROCESSES_NEWS": str(self._told),
            "PROCESSES_BROKEN": str(self._flag.fileno()),
            "PROCESSES_MANAGER": str(os.getpid()),
            "PROCESSES_SLOW": str(slow),
            "PYTHONPATH": str(FOLDER.parent.parent),
        }
        threading.Thread(target=self._read, name="news", daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def forgets(self) -> bool:
        """Whether a reload forgets workers that were added: gunicorn's master reads its configuration again."""
        return not self._on_node

    @property
    def pid(self) -> int | None:
        """The master's, while it lives."""
        return self._master.pid if self._master is not None and self._master.poll() is None else None

    def start(self) -> None:
        """Start the master. Call it from the main thread: the kernel ties the child's life to the thread.

        Its stdin is a pipe that nothing is written to: it is closed when this process ends, however it does.
        """
        self._leave()
        self._master = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=2, env=self._environ,
            pass_fds=(self._socket.fileno(), self._told, self._flag.fileno()),
        )  # fmt: skip
        threading.Thread(target=self._wait, args=(self._master,), name="master", daemon=True).start()

    def deploy(self, *, broken: bool) -> None:
        """From now on, a worker that starts crashes; or not any more."""
        os.pwrite(self._flag.fileno(), b"1" if broken else b"0", 0)

    def signal(self, number: signal.Signals, pid: int | None = None) -> None:
        """To a worker, or to the master; one that is gone already hears nothing."""
        if (target := pid or self.pid) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(target, number)

    def stop(self) -> None:
        """Terminate, wait, kill; the workers go with their master."""
        if self._master is not None:
            self.signal(signal.SIGTERM)
            try:
                self._master.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._master.kill()
                self._master.wait()
        self._leave()
        self._socket.close()
        self._flag.close()
        os.close(self._told)

    def _leave(self) -> None:
        if self._master is not None and self._master.stdin is not None:
            self._master.stdin.close()

    def _wait(self, master: subprocess.Popen[bytes]) -> None:
        self._hear("exit", {"code": master.wait(), "pid": master.pid})

    def _read(self) -> None:
        with os.fdopen(self._news, "rb") as news:
            for line in news:
                told = orjson.loads(line)
                self._hear(told.pop("what"), told)


@contextlib.contextmanager
def serving(file: Path, workers: int, slow: int, hear: Hear) -> Iterator[Server]:
    """A server for the length of a `with` block; not started yet."""
    server = Server(file, workers, slow, hear)
    try:
        yield server
    finally:
        server.stop()
