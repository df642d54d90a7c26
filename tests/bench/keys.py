"""(k) The key browser on a million keys: pages, filters, large values, live rows, and what a full SCAN would cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dashboard.embedded import Valkey
from dashboard.embedded.valkey import OPTIONS
from dashboard.keys.names import key_id
from dashboard.keys.page import Filter, read_page
from dashboard.keys.rows import read_rows
from dashboard.keys.value import read_window
from tests.bench.figure import Figure, percentile
from tests.keyspace import Watching, access_to, app_client, watching
from tests.waiting import wait_until

MILLION = 1_000_000
STEP = 25_000
TIMES = 100
FILL = "for i = ARGV[1], ARGV[2] do redis.call('SET', 'lab:key:' .. i, 'value ' .. i) end"
LARGE = {**OPTIONS, "appendonly": "no", "proto-max-bulk-len": "512mb"}


def figures(folder: Path) -> Iterator[Figure]:
    """In this process and over loopback; no page is drawn."""
    with (
        patch("dashboard.embedded.valkey.OPTIONS", LARGE),
        Valkey(folder / "valkey", folder / "valkey.log") as server,
        access_to(server, folder) as access,
        app_client(server) as app,
    ):
        for first in range(1, MILLION, STEP):
            app.eval(FILL, 0, first, first + STEP - 1)
        app.setrange("lab:big", 99_999_999, b"x")
        client = access.client()
        app.config_set("commandlog-execution-slower-than", 1000)
        app.execute_command("COMMANDLOG", "RESET", "slow")
        yield _goal("first 100 rows with their facts, p95", _p95(lambda: read_page(client, 0, Filter(b""))), 25)
        yield _goal("a filter that matches nothing, to its end", _seconds(lambda: _all(client, b"nobody")) * 1000, 1500)
        yield _goal("open a string of 100 MB, p95", _p95(lambda: _open(client, b"lab:big")), 50)
        slow = len(app.execute_command("COMMANDLOG", "GET", -1, "slow"))
        yield Figure("k  commands of the browser that took the server > 1 ms", str(slow), "0", slow == 0)
        with watching(access) as page:
            yield _goal("change → told, p95", _changes(page, app), 200)
            yield _goal("deadline of a key in view → told gone, p95", _deadlines(page, app), 100)
            yield _messages(page, app)
        full = _seconds(lambda: _full_scan(client))
        yield Figure("k  for comparison: a first page after a full SCAN", f"{full * 1000:.0f} ms")


def _goal(name: str, milliseconds: float, goal: float) -> Figure:
    return Figure(f"k  {name}", f"{milliseconds:.1f} ms", f"≤ {goal} ms", milliseconds <= goal)


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


def _open(client: Any, key: bytes) -> None:
    row = read_rows(client, [key])[0]
    read_window(client, key, row["type"], row["size"], "0")


def _full_scan(client: Any) -> None:
    """What a browser does that lists a level only when it has seen every key."""
    names = sorted(client.scan_iter(match="lab:*", count=1000))
    read_rows(client, names[:100])


def _told(page: Watching, key: bytes, since: int) -> bool:
    return any(one["id"] == key_id(key) for message in page.messages[since:] for one in message["changed"])


def _changes(page: Watching, app: Any) -> float:
    taken = []
    for n in range(TIMES):
        key, since, begun = b"lab:change:%d" % n, len(page.messages), time.perf_counter()
        app.set(key, 1)
        wait_until(lambda key=key, since=since: _told(page, key, since))  # type: ignore[misc]
        taken.append((time.perf_counter() - begun) * 1000)
    return percentile(taken, 95)


def _deadlines(page: Watching, app: Any) -> float:
    taken = []
    for n in range(TIMES // 2):
        key = b"lab:short:%d" % n
        app.set(key, 1, px=200)
        page.watch.see("viewer", [key], False)
        deadline = app.pexpiretime(key)
        wait_until(lambda key=key: "expired" in page.causes(key))  # type: ignore[misc]
        seconds, micros = app.time()
        taken.append(seconds * 1000 + micros / 1000 - deadline)
    return percentile(taken, 95)


def _messages(page: Watching, app: Any) -> Figure:
    """Messages a second under a load of changes."""
    since, begun, changes = len(page.messages), time.perf_counter(), 0
    while (passed := time.perf_counter() - begun) < 3:
        app.mset({f"lab:load:{n % 5000}": n for n in range(changes, changes + 500)})
        changes += 500
    rate = (len(page.messages) - since) / passed
    name = f"k  messages a second at {changes / passed:.0f} changes a second"
    return Figure(name, f"{rate:.1f}", "≤ 10", rate <= 10.5)
