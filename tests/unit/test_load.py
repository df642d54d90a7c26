"""The load generator's parts: reading answers, counting latencies, owning up to being slow."""

from __future__ import annotations

import selectors

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given, settings
from hypothesis import strategies as st

from labs.load import Load
from labs.load.answer import LONGEST_HEAD, Unreadable, read_head
from labs.load.bottleneck import Effort, complaint
from labs.load.latency import ENOUGH_FOR_P99, Latencies
from labs.load.request import Request
from labs.load.stream import Stream

ANSWER = b"HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 3\r\nX-Worker:  41 \r\n\r\nok\n"


def test_an_answer_is_read_to_its_end() -> None:
    answer = read_head(ANSWER + b"HTTP/1.1 500")
    assert answer is not None
    assert (answer.status, answer.end, answer.keep_alive) == (200, len(ANSWER), True)
    assert answer.header("x-worker") == "41"
    assert answer.header("x-work") is None
    assert answer.header("http/1.1 200 ok") is None


@given(st.integers(0, ANSWER.index(b"\r\n\r\n") + 3))
def test_a_head_that_is_not_complete_is_awaited(length: int) -> None:
    assert read_head(ANSWER[:length]) is None


@pytest.mark.parametrize(
    ("head", "keep_alive", "end"),
    [
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection:close\r\n\r\n", False, 64),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False, 38),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", True, 62),
        (b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", False, None),
    ],
)
def test_whether_the_connection_stays(head: bytes, keep_alive: bool, end: int | None) -> None:
    answer = read_head(head)
    assert answer is not None
    assert (answer.keep_alive, answer.end) == (keep_alive, end)


@pytest.mark.parametrize(
    "bad",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x" * LONGEST_HEAD,
    ],
)
def test_what_is_no_answer_is_said_so(bad: bytes) -> None:
    with pytest.raises(Unreadable):
        read_head(bad)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        answer = read_head(data)
    except Unreadable:
        return
    assert answer is None or answer.end is None or answer.end > 0


@settings(max_examples=20)  # a histogram in Python takes its time
@given(st.lists(st.floats(1e-5, 1), min_size=2, max_size=100))
def test_percentiles_are_those_of_the_values(values: list[float]) -> None:
    latencies = Latencies()
    for value in values:
        latencies.add(value)
    told = latencies.summary()
    assert told["n"] == len(values)
    assert (told["low"], told["high"]) == (min(values), max(values))
    assert told["mean"] == pytest.approx(sum(values) / len(values))
    within = [value for value in values if value <= told["p90"] * (1 + 2e-3) + 2e-6]
    below = [value for value in values if value < told["p90"] * (1 - 2e-3) - 2e-6]
    assert len(below) - 0.5 <= 0.9 * len(values) <= len(within) + 0.5  # it rounds to the nearest count


def test_p99_needs_a_thousand_values() -> None:
    latencies = Latencies()
    for n in range(ENOUGH_FOR_P99 - 1):
        latencies.add(n / 1000)
    assert "p99" not in latencies.summary()
    latencies.add(1.0)
    assert latencies.summary()["p99"] == pytest.approx(0.99, rel=0.01)
    assert Latencies().summary() == {"n": 0}


def test_the_histogram_travels_in_its_own_format() -> None:
    latencies = Latencies()
    for n in range(100):
        latencies.add(n / 1000)
    again = HdrHistogram.decode(latencies.encoded())
    assert again.get_total_count() == 100
    assert again.get_max_value() / 1e6 == pytest.approx(0.099, rel=2e-3)


def test_a_generator_that_had_no_cpu_to_spare_says_so() -> None:
    assert complaint(cpu=0.3, starved=0.01, late=0.001, middle=0.002) is None
    assert "93%" in (complaint(cpu=0.93, starved=0.0, late=0.0, middle=1.0) or "")
    assert "wait for a CPU" in (complaint(cpu=0.2, starved=0.2, late=0.0, middle=1.0) or "")
    assert "20 ms" in (complaint(cpu=0.2, starved=None, late=0.02, middle=0.1) or "")
    assert complaint(cpu=0.2, starved=None, late=0.02, middle=1.0) is None


def test_efforts_are_shares_of_the_time_between() -> None:
    before, after = Effort(10.0, 1.0, 0.5), Effort(12.0, 2.0, 0.7)
    assert after.since(before) == {"cpu": 0.5, "starved": pytest.approx(0.1)}
    assert Effort(12.0, 2.0, None).since(before)["starved"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"arrivals": "both"}, {"arrivals": "open"}, {"arrivals": "open", "rate": 0}, {"connections": 0},
        {"requests": 0}, {"seconds": -1}, {"path": "fast"}, {"path": "/a b"}, {"path": "/\r\nX: y"},
        {"spacing": "odd"}, {"patience": 0},
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*\w+"):
        Load.of({"name": "visitors", **wrong})


class Unsent(Stream):
    """A load whose requests are due and go nowhere."""

    def _send(self, request: Request) -> None:
        pass


@given(
    zero=st.floats(0, 1e7), begin=st.floats(0, 10), rate=st.integers(1, 1000), arrivals=st.integers(1, 300),
)  # fmt: skip
def test_even_arrivals_are_as_many_as_rate_and_seconds_say_at_any_reading_of_the_clock(
    zero: float, begin: float, rate: int, arrivals: int
) -> None:
    asked: list[float] = []
    load = Load("visitors", arrivals="open", rate=rate, seconds=arrivals / rate, begin=begin, each=True)
    stream = Unsent(load, 1, selectors.SelectSelector(), lambda report: asked.append(report["due"]))
    stream.start(zero)
    stream.tick(zero + begin + 1000)
    assert len(asked) == arrivals
    assert asked == [pytest.approx(zero + begin + n / rate) for n in range(arrivals)]
