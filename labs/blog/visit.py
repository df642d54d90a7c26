"""Shows the requests of a visitor who is you: they are made in the pane, by your own browser, on the mounted blog."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import cast

from labs.blog.relay import Told, report, stream_of
from labs.blog.trace import CACHE_PREFIX
from labs.sdk.cache_feed import CacheFeed
from labs.sdk.emitter import start
from labs.sdk.listen import Act, listen
from labs.sdk.redis_feed import RedisFeed
from labs.sdk.servers import redis_client
from labs.sdk.tag import TAG

Answers = list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]
WAIT_MILLISECONDS = 200
LEFT_OVER_SECONDS = 60
params, emit = start()
stream = stream_of(os.environ[TAG])
redis = redis_client()
over, odd = threading.Event(), threading.Event()
feed = RedisFeed(emit)
cache = CacheFeed(feed, CACHE_PREFIX)


def act(wish: Act) -> None:
    """The one thing to do: finish."""
    over.set()
    emit.emit("mark", text="You finished the visit", n=wish.n)


def ended(number: int, frame: FrameType | None) -> None:
    """Killed: the stream goes too. By another connection, since this one may be in the middle of an answer."""
    with redis_client() as other:
        other.delete(stream)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def main() -> None:
    """Open the stream, report what comes, close it."""
    last = cast(bytes, redis.xadd(stream, {"run": os.environ[TAG]}))
    redis.expire(stream, params["seconds"] + LEFT_OVER_SECONDS)
    emit.host(blog="mounted in the web process")  # the page opens the blog now
    emit.emit("log", text="The blog is open. Sign in, write, read: every request appears as a row.")
    deadline = time.monotonic() + params["seconds"]
    numbers = itertools.count(1)
    ending = False
    while not ending:
        ending = over.is_set() or time.monotonic() >= deadline  # what had arrived by then is still read
        for _, entries in cast(Answers, redis.xread({stream: last}, block=None if ending else WAIT_MILLISECONDS)):
            for request in requests_in([entry for _, entry in entries]):
                report(emit, next(numbers), request, cache)
            last = entries[-1][0]
    redis.delete(stream)


def requests_in(entries: Sequence[dict[bytes, bytes]]) -> Iterator[Told]:
    """The entries that are requests; of others it is said once that there were some."""
    for entry in entries:
        try:
            yield Told.unpack(entry[b"request"])
        except (KeyError, ValueError):
            if not odd.is_set():
                odd.set()
                emit.emit("log", text="Something arrived that is no request of the blog. It is left out.")


signal.signal(signal.SIGTERM, ended)
listen(act)
main()
redis.close()
feed.close()
emit.close()
