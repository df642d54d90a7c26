"""Says MONITOR, reads whatever comes, and ends when its standard input does: then it tells how much that was."""

from __future__ import annotations

import json
import select
import sys
from typing import Any

from labs.sdk import servers


def main() -> None:
    """Prints "watching", then `{"lines", "mb"}`."""
    with servers.redis_client() as client:
        connection: Any = client.connection_pool.get_connection()
        connection.send_command("MONITOR")
        connection.read_response()
        print("watching", flush=True)
        socket, lines, size = connection._sock, 0, 0
        while not select.select([sys.stdin], [], [], 0)[0]:
            if select.select([sys.stdin, socket], [], [])[0] == [sys.stdin]:
                break
            data = socket.recv(1 << 20)
            lines, size = lines + data.count(b"\n"), size + len(data)
        connection.disconnect()
    print(json.dumps({"lines": lines, "mb": round(size / 1e6, 1)}), flush=True)


if __name__ == "__main__":
    main()
