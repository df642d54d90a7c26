"""The blog alone: `LOOPSCOPE_LAB_MONGODB_URL=mongodb://… python -m labs.blog --port 8010`."""

from __future__ import annotations

import argparse

from werkzeug.serving import make_server

from labs.blog.app import create_app
from labs.blog.settings import BlogSettings
from labs.blog.storage import StorageError


def main() -> int:
    """Serve until interrupted; says where."""
    parser = argparse.ArgumentParser(prog="python -m labs.blog", description="The blog of the course, on its own.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8010, help="0 takes a free one")
    given = parser.parse_args()
    try:
        settings = BlogSettings.from_environment()
    except KeyError:
        parser.error("set LOOPSCOPE_LAB_MONGODB_URL to a MongoDB, such as mongodb://127.0.0.1:27017")
    except ValueError as wrong:
        parser.error(str(wrong))
    try:
        app = create_app(settings)
    except StorageError as wrong:
        parser.error(str(wrong))
    server = make_server(given.host, given.port, app, threaded=True)
    print(f"The blog is at http://{given.host}:{server.port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
