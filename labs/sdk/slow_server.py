"""Something to wait for: a web server that answers after a set latency, and files that are as slow to read.

A program of its own, so that its work is never the work of the measured program. It prints one line of JSON,
`{"port": 40123, "files": ["/dev/pts/7", …]}`, and ends when its standard input does, which is when its parent ends::

    python slow_server.py '{"latency": 0.2, "files": 3}'

A slow file is a terminal line on which nobody types. It is set so that a `read` waits for the latency, counted from
the moment the read begins, and then comes back with nothing (termios VMIN 0, VTIME in tenths of a second). To the
program it is a file like any other; a read from a slow disk would keep its thread waiting in the same way.

Only the standard library, so that it starts fast: `labs.sdk.slow` and `slow.mjs` start it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import termios

VTIME_SECONDS = 0.1
BODY = b"hello\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(BODY), BODY)


def slow_file(latency: float) -> str:
    """Make one and keep it open; gives its path."""
    _, line = os.openpty()
    settings = termios.tcgetattr(line)
    settings[0] = settings[1] = settings[3] = 0
    settings[6][termios.VMIN] = 0
    settings[6][termios.VTIME] = max(1, round(latency / VTIME_SECONDS))
    termios.tcsetattr(line, termios.TCSANOW, settings)
    return os.ttyname(line)


async def serve(latency: float, files: int) -> None:
    """Answer every request after `latency` seconds until standard input ends."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(latency)
            writer.write(ANSWER)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has gone
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=256)
    paths = [slow_file(latency) for _ in range(files)]
    print(json.dumps({"port": server.sockets[0].getsockname()[1], "files": paths}), flush=True)
    parent_ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), parent_ended.set)
    await parent_ended.wait()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    asyncio.run(serve(given["latency"], given.get("files", 0)))
