"""The server's clock, compared over a network that is sometimes slow."""

from __future__ import annotations

from dashboard.keys.clock import ServerClock


class Server:
    """Whose clock is `ahead` of ours, with an answer that takes `there` and `back` milliseconds on its way."""

    def __init__(self) -> None:
        self.ours, self.ahead, self.there, self.back = 0.0, 1000.0, 1.0, 1.0
        self.clock = ServerClock(lambda: self.ours)

    def ask(self) -> float:
        self.ours += self.there
        theirs = self.ours + self.ahead
        self.ours += self.back
        return theirs

    def error(self) -> float:
        """Milliseconds by which the clock is wrong now."""
        return abs(self.clock.now() - self.ours - self.ahead)


def test_an_answer_that_took_long_does_not_spoil_what_is_known() -> None:
    server = Server()
    server.clock.compare(server.ask)
    assert server.error() == 0
    server.back = 3000.0
    server.clock.compare(server.ask)
    assert server.error() == 0


def test_for_want_of_a_better_one_it_counts() -> None:
    server = Server()
    server.back = 3000.0
    server.clock.compare(server.ask)
    assert server.error() < 1500
    server.back = 1.0
    server.clock.compare(server.ask)
    assert server.error() == 0


def test_a_clock_that_is_set_is_followed() -> None:
    server = Server()
    server.clock.compare(server.ask)
    server.ahead += 3_600_000
    server.ours += 1000
    server.clock.compare(server.ask)
    assert server.error() == 0


def test_where_answers_become_slower_they_count_after_a_while() -> None:
    server = Server()
    server.clock.compare(server.ask)
    server.there = server.back = 20.0
    server.ahead += 500
    for _ in range(60):
        server.ours += 1000
        server.clock.compare(server.ask)
    assert server.error() == 0


def test_where_both_cannot_be_true_the_newer_one_counts() -> None:
    """The machine slept, and all is slow when it wakes: our clock stood still meanwhile."""
    server = Server()
    server.clock.compare(server.ask)
    server.ahead += 7_200_000
    server.there, server.back = 300.0, 100.0
    server.clock.compare(server.ask)
    assert server.error() == 100
