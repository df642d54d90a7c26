"""Which servers the labs of a copy talk to: beside the app's own data, never in it."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psutil

from dashboard.embedded import MongoDB, ServerError, Valkey
from dashboard.settings import Settings
from labs.sdk.servers import MONGODB_DATABASE, REDIS_DATABASE, VARIABLES, ServersError, facts

NOTE = "lab-servers.json"


def urls(settings: Settings) -> dict[str, str]:
    """URL by need; without a server it is left out."""
    found = {
        "redis": settings.lab_redis_url or redis_beside(settings.redis_url),
        "mongodb": settings.lab_mongodb_url or mongodb_beside(settings.mongodb_url),
    }
    return {need: url for need, url in found.items() if url}


def environ(settings: Settings, needs: Iterable[str]) -> dict[str, str]:
    """The variables for the programs of a lab that has these needs."""
    known = urls(settings)
    return {VARIABLES[need]: known[need] for need in needs if need in known}


def redis_beside(url: str) -> str:
    """The same server, database 9. The client believes the URL more than its arguments, so the URL is changed."""
    if not url:
        return ""
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "db"]
    if parts.scheme == "unix":
        return f"unix://{parts.netloc}{parts.path}?{urlencode([*query, ('db', REDIS_DATABASE)])}"
    return urlunsplit(parts._replace(path=f"/{REDIS_DATABASE}", query=urlencode(query)))


def mongodb_beside(url: str) -> str:
    """The same server, database `lab`; who signs in still does so where the app does."""
    if not url:
        return ""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if "@" in parts.netloc and "authsource" not in {key.lower() for key, _ in query}:
        query.append(("authSource", parts.path.lstrip("/") or "admin"))
    return urlunsplit(parts._replace(path=f"/{MONGODB_DATABASE}", query=urlencode(query)))


def note(var: Path, known: Mapping[str, str]) -> None:
    """Write down, for this user alone, which servers this process' copy has: a terminal beside it uses them."""
    process = psutil.Process()
    text = json.dumps({"pid": process.pid, "born": process.create_time(), "urls": dict(known)})
    draft = var / f"{NOTE}.{process.pid}"
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(var / NOTE)


def forget(var: Path) -> None:
    """The copy is over."""
    (var / NOTE).unlink(missing_ok=True)


def noted(var: Path) -> dict[str, str]:
    """URL by need of the copy that runs in `var`; empty when none does."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, psutil.Error):
        found = json.loads((var / NOTE).read_text())
        if psutil.Process(found["pid"]).create_time() == found["born"]:
            return {need: str(found["urls"][need]) for need in VARIABLES}
    return {}


@contextlib.contextmanager
def for_terminal(needs: Iterable[str], settings: Settings) -> Iterator[dict[str, str]]:
    """The variables for a run in a terminal: servers given by URL, else those of the running copy, else own ones
    that end with the run. Raises `ServersError` when one does not start or does not answer.
    """
    needs = list(needs)
    known = {**noted(settings.var), **urls(settings)}
    with contextlib.ExitStack() as stack:
        missing = [need for need in needs if need not in known]
        if missing:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loopscope-")))
            known |= {need: _start(stack, need, folder) for need in missing}
        found = {VARIABLES[need]: known[need] for need in needs}
        facts(needs, found)
        yield found


def _start(stack: contextlib.ExitStack, need: str, folder: Path) -> str:
    log = folder / f"{need}.log"
    server = Valkey(folder / need, log) if need == "redis" else MongoDB(folder / need, log)
    try:
        stack.enter_context(server)
    except ServerError as error:
        raise ServersError(str(error)) from None
    return redis_beside(server.url) if need == "redis" else mongodb_beside(server.url)
