"""The load generator against real servers, good and bad."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

from labs.load import Generator, Load
from labs.load.generator import GeneratorFailed
from labs.sdk.slow import COMMAND, slow_server
from tests.family import alive
from tests.waiting import wait_until

PARENT = """
from labs.load import Generator, Load
import sys, time
with Generator(int(sys.argv[1]), [Load("visitors", arrivals="open", rate=10)]) as generator:
    print(generator.pid, flush=True)
    time.sleep(60)
"""


def carry_out(port: int, *loads: Load) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The reports of single requests, and the summaries by load."""
    with Generator(port, loads) as generator:
        reports = list(generator.reports())
    assert [report["r"] for report in reports].count("zero") == 1
    return (
        [report for report in reports if report["r"] == "request"],
        {report["load"]: report for report in reports if report["r"] == "summary"},
    )


@contextmanager
def server(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """One thread that takes up one connection after the other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def polite(connection: socket.socket) -> None:
    """Answers on one connection until the other side closes it; says which request of the connection it was."""
    n = 0
    while connection.recv(4096):
        n += 1
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Nth: %d\r\n\r\nok\n" % n)


def test_closed_arrivals_send_exactly_so_many() -> None:
    with slow_server(COMMAND, 0.05) as slow:
        requests, summaries = carry_out(slow.port, Load("visitors", connections=5, requests=23, each=True))
    assert sorted(request["n"] for request in requests) == list(range(1, 24))
    assert summaries["visitors"]["n"] == 23
    assert summaries["visitors"]["errors"] == {}
    assert summaries["visitors"]["from_due"]["low"] >= 0.045
    under_way = [sum(a["sent"] <= b["sent"] < a["done"] for a in requests) for b in requests]
    assert max(under_way) == 5


def test_open_arrivals_are_due_at_their_rate_whatever_the_server_does() -> None:
    """A server that takes 50 ms, one connection, 100 requests a second: each is later than the one before."""
    load = Load("visitors", arrivals="open", rate=100, connections=1, requests=10, each=True)
    with slow_server(COMMAND, 0.05) as slow:
        requests, summaries = carry_out(slow.port, load)
    dues = [request["due"] for request in requests]
    assert [b - a for a, b in itertools.pairwise(dues)] == pytest.approx([0.01] * 9)
    waits = [request["sent"] - request["due"] for request in requests]
    assert waits == sorted(waits)
    assert waits[-1] > 9 * 0.035
    assert summaries["visitors"]["from_due"]["high"] > summaries["visitors"]["from_sent"]["high"]


def test_random_arrivals_keep_the_rate_and_not_the_rhythm() -> None:
    load = Load("visitors", arrivals="open", rate=200, spacing="random", connections=60, seconds=1, each=True)
    with slow_server(COMMAND, 0.01) as slow:
        requests, _ = carry_out(slow.port, load)
    dues = sorted(request["due"] for request in requests)
    gaps = [b - a for a, b in itertools.pairwise(dues)]
    assert 130 < len(requests) < 270
    assert max(gaps) > 3 * min(gaps)


def test_connections_are_kept_or_not_as_asked() -> None:
    for keep_alive, expected in ((True, ["1", "2", "3"]), (False, ["1", "1", "1"])):
        load = Load("visitors", requests=3, keep_alive=keep_alive, each=True, keep=("x-nth",))
        with server(polite if keep_alive else once) as port:
            requests, _ = carry_out(port, load)
        assert [request["headers"]["x-nth"] for request in requests] == expected


def once(connection: socket.socket) -> None:
    asked = connection.recv(4096)
    assert b"Connection: close" in asked
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\nX-Nth: 1\r\n\r\nok\n")


def test_an_answer_that_comes_in_pieces_is_one_answer() -> None:
    def pieces(connection: socket.socket) -> None:
        connection.recv(4096)
        for piece in (b"HTTP/1.1 200 OK\r\nConte", b"nt-Length: 6\r\n\r", b"\nhel", b"lo\n"):
            connection.sendall(piece)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(4096)

    with server(pieces) as port:
        _, summaries = carry_out(port, Load("visitors", requests=1))
    assert summaries["visitors"]["n"] == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok\n", "closed"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "unreadable"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "status 503"),
    ],
)
def test_errors_are_counted_by_kind(answer: bytes, error: str) -> None:
    def bad(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    with server(bad) as port:
        requests, summaries = carry_out(port, Load("visitors", requests=2, each=True, keep_alive=False))
    assert summaries["visitors"]["errors"] == {error: 2}
    assert summaries["visitors"]["n"] == 0
    assert [request["error"] for request in requests] == [error, error]


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    _, summaries = carry_out(port, Load("visitors", requests=3))
    assert summaries["visitors"]["errors"] == {"refused": 3}


def test_a_server_that_never_answers_costs_patience_and_no_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        _, summaries = carry_out(port, Load("visitors", requests=2, patience=0.2))
    assert summaries["visitors"]["errors"] == {"timeout": 2}


def test_several_loads_at_once_and_one_that_begins_later() -> None:
    loads = [
        Load("hashes", requests=2, each=True),
        Load("fast", arrivals="open", rate=50, seconds=0.2, begin=0.1, each=True),
    ]
    with slow_server(COMMAND, 0.1) as slow:
        requests, summaries = carry_out(slow.port, *loads)
    first = {name: min(r["due"] for r in requests if r["load"] == name) for name in ("hashes", "fast")}
    assert first["fast"] - first["hashes"] == pytest.approx(0.1)
    assert {name: summary["n"] for name, summary in summaries.items()} == {"hashes": 2, "fast": 10}


def test_it_stops_when_told_and_waits_for_what_is_under_way() -> None:
    with slow_server(COMMAND, 0.2) as slow:
        load = Load("visitors", arrivals="open", rate=20, connections=20, each=True)
        with Generator(slow.port, [load]) as generator:
            reports = []
            for report in generator.reports():
                reports.append(report)
                if [r["r"] for r in reports].count("request") == 3:
                    generator.stop()
    summary = reports[-1]
    assert summary["r"] == "summary"
    assert summary["errors"] == {}
    assert summary["n"] == [r["r"] for r in reports].count("request") >= 3


def test_a_generator_that_is_killed_is_noticed() -> None:
    with slow_server(COMMAND, 0.2) as slow, Generator(slow.port, [Load("visitors")]) as generator:
        reports = generator.reports()
        assert next(reports)["r"] == "zero"
        os.kill(generator.pid, signal.SIGKILL)
        with pytest.raises(GeneratorFailed, match="exit code -9"):
            list(reports)


def test_it_ends_with_its_parent_even_if_that_is_killed() -> None:
    with slow_server(COMMAND, 0.05) as slow:
        command = [sys.executable, "-c", PARENT, str(slow.port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
            assert parent.stdout is not None
            generator = psutil.Process(int(parent.stdout.readline()))
            assert generator.is_running()
            parent.send_signal(signal.SIGKILL)
        wait_until(lambda: not alive(generator))


def test_its_effort_counts_from_when_the_loads_begin() -> None:
    """Before that it only waits, and idle time would hide in a short load how busy it was."""
    with server(polite) as port, Generator(port, [Load("visitors", requests=5)]) as generator:
        zero, *_, summary = generator.reports()
    assert (zero["r"], summary["r"]) == ("zero", "summary")
    assert summary["generator"]["since"] >= zero["t"]


def test_one_that_has_ended_may_be_stopped() -> None:
    """Nobody knows beforehand which comes first: its own end, or somebody who has had enough."""
    with slow_server(COMMAND, 0.001) as slow, Generator(slow.port, [Load("visitors", requests=1)]) as generator:
        assert [report["r"] for report in generator.reports()][-1] == "summary"
        wait_until(lambda: not alive(psutil.Process(generator.pid)))
        generator.stop()
