"""The blog as a process of its own for one tour: serves on a socket that it was given, reports every request.

Started by `tour.py`. It ends when its standard input does, which is when the tour ends, however that happens.
"""

from __future__ import annotations

import itertools
import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from labs.sdk.together import start_together

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

    from labs.blog.trace import Trace


OF_A_TOUR = ("LOOPSCOPE_LAB_MONGODB_URL", "LOOPSCOPE_LAB_REDIS_URL", "LOOPSCOPE_BLOG_CACHED")
"""All that it takes from the settings of this copy: it has no account at Google, no proxy, no storage, other limits."""


class Leash:
    """Notices that the tour is gone, from the first moment: importing the app takes longer than it may live."""

    def __init__(self) -> None:
        self.server: BaseWSGIServer | None = None
        threading.Thread(target=self._wait, name="leash", daemon=True).start()

    def _wait(self) -> None:
        while os.read(0, 1024):
            pass
        if self.server is None:
            os._exit(0)
        self.server.shutdown()


def main() -> None:
    """Serve until nobody is at the other end of standard input."""
    leash = Leash()
    from labs.blog.app import create_app
    from labs.blog.relay import Told, report
    from labs.blog.settings import BlogSettings
    from labs.blog.trace import CACHE_PREFIX
    from labs.sdk.cache_feed import CacheFeed
    from labs.sdk.redis_feed import SHARED, RedisFeed
    from labs.sdk.wsgi import server

    params, emit = start_together()
    numbers = itertools.count(1)
    feed = RedisFeed(emit, SHARED)
    cache = CacheFeed(feed, CACHE_PREFIX)

    def take(trace: Trace) -> None:
        report(emit, next(numbers), Told.of(trace), cache)

    settings = BlogSettings.from_environment({name: os.environ[name] for name in OF_A_TOUR if name in os.environ})
    # A tour's posts are nobody's: learners may read in Redis what is kept of them.
    app = create_app(replace(settings, collections=params.get("collections", ""), sealed=False), take=take)
    leash.server = server(app, params["socket"])
    leash.server.serve_forever(0.05)
    leash.server.server_close()
    feed.close()
    emit.finish()


if __name__ == "__main__":
    main()
