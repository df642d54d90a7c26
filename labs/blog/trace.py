"""One request as a waterfall: what it waited for, and for how long. Times are seconds since the request began."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from werkzeug.wsgi import ClosingIterator

from labs.querycache import Access

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CACHE_PREFIX = "lab:blog:cache"
"""Keys of the query cache begin with this."""

SAID = ("hit", "miss", "fill", "clear")
"""Outcomes of the cache that are worth a word in the picture."""

OWN_WORK = "code"
"""The name of the pieces in which the request ran Python and waited for nobody."""

MOST_ACCESSES = 100
"""Of the cache, that a request remembers one by one."""

MOST_PIECES = 400
"""A request that does more than this is cut short in the picture: an upload writes a chunk every 255 KB."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a request: `kind` as in the event vocabulary."""

    name: str
    kind: str
    begin: float
    end: float


@dataclass
class Trace:
    """A request while it happens, and afterwards."""

    name: str
    clock: Callable[[], float] = time.perf_counter
    watcher: str = ""
    """The run that wants to see it."""
    hidden: bool = False
    status: int = 0
    seconds: float = 0.0
    waits: list[Piece] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._zero = self.clock()

    def now(self) -> float:
        return self.clock() - self._zero

    def add(self, name: str, kind: str, begin: float) -> None:
        """Something that began at `begin` (of `now()`) and is over."""
        if len(self.waits) < MOST_PIECES:
            self.waits.append(Piece(name, kind, begin, self.now()))

    def pieces(self) -> list[Piece]:
        """The whole request without gap or overlap: waits as they were, own work in between."""
        found: list[Piece] = []
        at = 0.0
        for wait in sorted(self.waits, key=lambda piece: piece.begin):
            begin, end = max(at, wait.begin), min(self.seconds, wait.end)
            if end <= begin:
                continue
            if begin > at:
                found.append(Piece(OWN_WORK, "cpu", at, begin))
            found.append(Piece(wait.name, wait.kind, begin, end))
            at = end
        if at < self.seconds:
            found.append(Piece(OWN_WORK, "cpu", at, self.seconds))
        return found


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """The request that is being answered here, if any."""
    return _current.get()


@contextmanager
def waiting(name: str, kind: str) -> Iterator[None]:
    """A block that waits for somebody else, as a piece of the current request."""
    trace = _current.get()
    begin = trace.now() if trace else 0.0
    try:
        yield
    finally:
        if trace:
            trace.add(name, kind, begin)


def trace_access(access: Access) -> None:
    """An access of the query cache: each Redis command is a piece; what came of it is said on the last one."""
    trace = _current.get()
    if trace is None:
        return
    if len(trace.accesses) < MOST_ACCESSES:
        trace.accesses.append(access)
    if access.outcome == "command":
        trace.add(access.command, "cache", trace.now() - access.seconds)
    elif access.outcome in SAID and trace.waits and trace.waits[-1].kind == "cache":
        last = trace.waits[-1]
        trace.waits[-1] = replace(last, name=f"{last.name}, {access.outcome}")


class Traced:
    """WSGI middleware: gives each finished request to `take`. A hidden one it keeps to itself."""

    def __init__(self, app: WSGIApplication, take: Callable[[Trace], None]) -> None:
        self._app = app
        self._take = take

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        trace = Trace(f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}"[:80])
        token = _current.set(trace)

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            trace.status = int(status[:3])
            return start_response(status, headers, exc_info)

        def over() -> None:
            trace.seconds = trace.now()
            _current.reset(token)
            if not trace.hidden:
                self._take(trace)

        try:
            return ClosingIterator(self._app(environ, started), [over])
        except BaseException:
            over()
            raise


class MongoCommands(CommandListener):
    """Every command that PyMongo sends for a request, from sending to answer."""

    def __init__(self, prefix: str = "") -> None:
        """`prefix`: what names of collections begin with; it is left out."""
        self._prefix = prefix
        self._begun: dict[int, tuple[Trace, float, str]] = {}

    def started(self, event: CommandStartedEvent) -> None:
        if trace := _current.get():
            about = event.command.get(event.command_name)
            if event.command_name == "getMore":
                about = event.command.get("collection")
            named = [event.command_name, *([about.removeprefix(self._prefix)] if isinstance(about, str) else [])]
            self._begun[event.request_id] = (trace, trace.now(), " ".join(named))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self._ended(event.request_id)

    def failed(self, event: CommandFailedEvent) -> None:
        self._ended(event.request_id)

    def _ended(self, request: int) -> None:
        if found := self._begun.pop(request, None):
            trace, begin, name = found
            trace.add(name, "db", begin)
