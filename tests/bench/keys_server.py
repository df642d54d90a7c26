"""The key browser without a page: what the server and the handlers take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from dashboard.keys.bulk import unlink
from dashboard.keys.commandlog import slow_commands, slower_than
from dashboard.keys.commands import hints
from dashboard.keys.console import Console
from dashboard.keys.page import Filter, read_page
from dashboard.keys.rows import read_rows
from dashboard.keys.value import read_window
from tests.bench.figure import Figure, percentile
from tests.hostile import COMMANDS, app_state
from tests.keyspace import watching
from tests.million import Million
from tests.waiting import wait_until

TIMES = 100
SLOW_MICROS = 1000
OURS = "config|resetstat"
"""A command of this bench, not of the browser."""
IN_VIEW = 100
MOST_BYTES = 64 * 1024
BULK = 50_000


def figures(million: Million) -> Iterator[Figure]:
    """In this process, over loopback."""
    client, app = million.access.client(), million.app
    app.mset({f"lab:bulk:{n}": n for n in range(BULK)})
    app.config_set("commandlog-execution-slower-than", SLOW_MICROS)
    app.execute_command("COMMANDLOG", "RESET", "slow")
    app.config_resetstat()
    yield goal("first 100 rows with their facts, handler p95", _p95(lambda: read_page(client, 0, Filter(b""))), 25)
    yield goal("a filter that matches nothing, to its end", _seconds(lambda: _all(client, b"nobody")) * 1000, 1500)
    yield goal("open a string of 100 MB, p95", _p95(lambda: _open(client, b"lab:big")), 50)
    sent = len(_open(client, b"lab:big")["data"])
    yield Figure("k  … and how much of it is sent", f"{sent / 1024:.0f} KB", "≤ 64 KB", sent <= MOST_BYTES)
    yield goal("open a hash of a million fields, p95", _p95(lambda: _open(client, b"lab:hash")), 50)
    yield Figure(f"k  UNLINK of {BULK} keys in steps", f"{_seconds(lambda: _bulk(client)) * 1000:.0f} ms")
    _other_commands(million)
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


def _other_commands(million: Million) -> None:
    """Whatever else the browser sends: to watch, with keys in view that die, for its hints, for the server's log."""
    names = [b"lab:bulk:%d" % n for n in range(IN_VIEW)]
    with watching(million.access) as page:
        million.app.mset(dict.fromkeys(names, 1))
        for name in names:
            million.app.pexpire(name, 100)
        page.watch.see("viewer", names, False)
        page.wait_for(names[-1], "expired")
        wait_until(lambda: page.watch._swaps.known)
    hints(million.access.users().app)
    slow_commands(million.access.client(), ())
    slower_than(million.app)


def _slowest(app: Any) -> Figure:
    """The slowest kind of command that the browser sent, by the server's own clock.

    That clock runs on while another process has the server's CPU, so a single command may take any time: what counts
    is the 99.9th percentile of each kind, which of fewer than a thousand is the slowest. Beside it: how many were
    logged as slower than the goal, and the same of TIME, which does nothing: if that is large, the machine was busy.
    """
    latency, stats = app.info("latencystats"), app.info("commandstats")
    logged = len(app.execute_command("COMMANDLOG", "GET", -1, "slow"))
    kinds = {name.removeprefix("latency_percentiles_usec_"): told for name, told in latency.items()}
    calls = sum(stat["calls"] for stat in stats.values())
    slowest = max(kinds.keys() - {OURS}, key=lambda kind: float(kinds[kind]["p99.9"]))
    p99, p999 = (kinds[slowest][one] / 1000 for one in ("p99", "p99.9"))
    name = f"k  slowest of {len(kinds) - 1} kinds, {calls} commands, p99.9"
    measured = f"{p999:.2f} ms ({slowest}, p99 {p99:.2f}); {logged} > 1 ms; TIME {kinds['time']['p99.9'] / 1000:.2f}"
    return Figure(name, measured, "≤ 1 ms", p999 * 1000 <= SLOW_MICROS)


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
