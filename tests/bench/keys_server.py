"""The key browser without a page: what the server and the handlers take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from dashboard.keys.bulk import unlink
from dashboard.keys.console import Console
from dashboard.keys.page import Filter, read_page
from dashboard.keys.rows import read_rows
from dashboard.keys.value import read_window
from tests.bench.figure import Figure, percentile
from tests.hostile import COMMANDS, app_state
from tests.million import Million

TIMES = 100
SLOW_MICROS = 1000
AGAIN = 25
MOST_BYTES = 64 * 1024
BULK = 50_000


def figures(million: Million) -> Iterator[Figure]:
    """In this process, over loopback."""
    client, app = million.access.client(), million.app
    app.mset({f"lab:bulk:{n}": n for n in range(BULK)})
    app.config_set("commandlog-execution-slower-than", SLOW_MICROS)
    app.config_resetstat()
    app.execute_command("COMMANDLOG", "RESET", "slow")
    yield goal("first 100 rows with their facts, handler p95", _p95(lambda: read_page(client, 0, Filter(b""))), 25)
    yield goal("a filter that matches nothing, to its end", _seconds(lambda: _all(client, b"nobody")) * 1000, 1500)
    yield goal("open a string of 100 MB, p95", _p95(lambda: _open(client, b"lab:big")), 50)
    sent = len(_open(client, b"lab:big")["data"])
    yield Figure("k  … and how much of it is sent", f"{sent / 1024:.0f} KB", "≤ 64 KB", sent <= MOST_BYTES)
    yield goal("open a hash of a million fields, p95", _p95(lambda: _open(client, b"lab:hash")), 50)
    yield Figure(f"k  UNLINK of {BULK} keys in steps", f"{_seconds(lambda: _bulk(client)) * 1000:.0f} ms")
    yield _slowest(app)
    yield _escapes(million)


def goal(name: str, milliseconds: float, most: float) -> Figure:
    """A figure in milliseconds."""
    return Figure(f"k  {name}", f"{milliseconds:.1f} ms", f"≤ {most} ms", milliseconds <= most)


def _seconds(action: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _p95(action: Callable[[], Any]) -> float:
    """Milliseconds."""
    return percentile([_seconds(action) * 1000 for _ in range(TIMES)], 95)


def _all(client: Any, filter: bytes) -> None:
    cursor = int(read_page(client, 0, Filter(filter))["cursor"])
    while cursor:
        cursor = int(read_page(client, cursor, Filter(filter))["cursor"])


def _open(client: Any, key: bytes) -> Any:
    row = read_rows(client, [key])[0]
    return read_window(client, key, row["type"], row["size"], "0")


def _bulk(client: Any) -> None:
    cursor = int(unlink(client, b"lab:bulk:*", 0, dry=False)["cursor"])
    while cursor:
        cursor = int(unlink(client, b"lab:bulk:*", cursor, dry=False)["cursor"])


def _slowest(app: Any) -> Figure:
    """The server's log of what it took more than a millisecond for. Was it the command, or had somebody else the CPU?

    The clock of that log runs on while the server waits for a CPU. So each logged command is asked again: what is
    slow by itself is slow then too. Deleting is not repeated, and is named as it was logged.
    """
    calls = sum(stat["calls"] for stat in app.info("commandstats").values())
    logged = app.execute_command("COMMANDLOG", "GET", -1, "slow")
    app.config_set("commandlog-execution-slower-than", 0)
    again = [(_again(app, entry[3]) if entry[3][0] != b"UNLINK" else entry[2], entry[3]) for entry in logged]
    app.config_set("commandlog-execution-slower-than", 10_000)
    micros, words = max(again, default=(0.0, [b"none"]), key=lambda one: one[0])
    name = f"k  slowest of {calls} commands of the browser, server time"
    told = b" ".join(words[:2]).decode(errors="replace")[:16]
    measured = f"{micros / 1000:.2f} ms ({told}; {len(logged)} logged once)" if logged else "none > 1 ms"
    return Figure(name, measured, "≤ 1 ms", micros <= SLOW_MICROS)


def _again(app: Any, words: list[bytes]) -> float:
    """Median microseconds of the server for this command."""
    app.execute_command("COMMANDLOG", "RESET", "slow")
    for _ in range(AGAIN):
        app.execute_command(*words)
    taken = [entry[2] for entry in app.execute_command("COMMANDLOG", "GET", -1, "slow") if entry[3] == words]
    return float(median(taken))


def _escapes(million: Million) -> Figure:
    """Every hostile command as the learner, alone and inside MULTI: what got through, or left something changed."""
    app, console = million.app, Console(million.access)
    app.set("lab:mine", "mine")
    console.run("PING")
    before, escaped = app_state(app, app), list[str]()
    for line in COMMANDS:
        for inside in (False, True):
            if inside:
                console.run("MULTI")
            reply = console.run(line).get("reply", {"kind": "error"})
            if inside:
                performed = console.run("EXEC")["reply"]
                reply = performed["items"][0] if reply["kind"] == "status" else reply
            if reply["kind"] != "error" or app_state(app, app) != before:
                escaped.append(line)
    for line in ("RESET", "QUIT", "HELLO 2", "HELLO 3"):
        console.run(line)
        if console.run("FLUSHALL")["reply"]["kind"] != "error" or app_state(app, app) != before:
            escaped.append(line)
    console.close()
    tried = len(COMMANDS) * 2 + 4
    return Figure(f"k  {tried} hostile commands as learner, escapes", f"{len(escaped)} {' '.join(escaped)[:30]}", "0",
                  not escaped)  # fmt: skip
