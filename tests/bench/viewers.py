"""(d) Three hundred viewers of one run at a thousand events a second: does each get every event, how late?"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import orjson

from dashboard.embedded import MongoDB, Valkey
from dashboard.settings import ROOT
from tests.bench.figure import Figure, percentile
from tests.copy import running_copy
from tests.fixtures import labs as fixtures

VIEWERS = 300
RATE = 1000
SECONDS = 15
GOAL_MS = 250


def figures(folder: Path) -> Iterator[Figure]:
    """The viewers live in a process of their own, so that the server's figures are the server's."""
    with (
        Valkey(folder / "valkey", folder / "valkey.log") as valkey,
        MongoDB(folder / "mongodb", folder / "mongodb.log") as mongodb,
        running_copy(valkey.url, mongodb.url, folder, LOOPSCOPE_EXTRA_LABS=fixtures.NAMED) as copy,
    ):
        client = copy.client()
        first = client.start("streaming", amount=1, seconds=60)  # holds the queue until every viewer is there
        id = client.start("streaming", amount=RATE, seconds=SECONDS)
        command = [sys.executable, "-m", "tests.bench.viewers", copy.url, id]
        crowd = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert crowd.stdout is not None
        with crowd.stdout:
            assert crowd.stdout.readline() == b"watching\n"
            client.call("POST", f"/api/runs/{first}/cancel")
            client.wait(id, seconds=SECONDS * 4)
            told = orjson.loads(crowd.stdout.read())
        crowd.wait()
        last = client.run(id)["last"]
    whole = told["complete"] == VIEWERS and told["gaps"] == 0 and told["last"] == last
    yield Figure(f"d  {VIEWERS} viewers at {RATE} events/s: complete", f"{told['complete']} of {VIEWERS}, "
                 f"{told['gaps']} gaps", "all, 0 gaps", whole)  # fmt: skip
    p50, p95 = percentile(told["delays"], 50), percentile(told["delays"], 95)
    name = "d  … delay of the oldest event of each message"
    yield Figure(name, f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", f"p95 ≤ {GOAL_MS} ms", p95 <= GOAL_MS)


class Viewer:
    """Speaks just enough Engine.IO and Socket.IO to follow a run; looks at numbers, does not parse every event."""

    def __init__(self) -> None:
        self.last = 0
        self.gaps = 0
        self.delays: list[float] = []
        self.over = False
        self.watching = asyncio.Event()

    async def watch(self, session: aiohttp.ClientSession, url: str, run: str) -> None:
        """Until the run is over."""
        address = f"{url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
        async with session.ws_connect(address, max_msg_size=0) as socket:
            await socket.receive()
            await socket.send_str("40")
            await socket.receive()
            await socket.send_str(f'420["follow",{{"run":"{run}"}}]')
            async for message in socket:
                if message.data == "2":
                    await socket.send_str("3")
                elif message.data.startswith("430"):
                    self.watching.set()
                elif message.data.startswith('42["events"'):
                    self._events(orjson.loads(message.data[2:])[1])
                if self.over:
                    return

    def _events(self, message: dict[str, object]) -> None:
        now = time.time()
        lines = str(message["lines"])
        self.gaps += message["first"] != self.last + 1
        self.last = int(str(message["last"]))
        oldest = orjson.loads(lines.partition("\n")[0])
        if oldest["e"] == "sample":
            self.delays.append((now - oldest["value"]) * 1000)
        newest = orjson.loads(lines.rpartition("\n")[2])
        self.over = newest["e"] == "run" and newest["state"] != "started"


async def _crowd(url: str, run: str) -> None:
    viewers = [Viewer() for _ in range(VIEWERS)]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        watching = [asyncio.create_task(viewer.watch(session, url, run)) for viewer in viewers]
        await asyncio.gather(*(viewer.watching.wait() for viewer in viewers))
        print("watching", flush=True)
        await asyncio.gather(*watching)
    told = {
        "complete": sum(viewer.over for viewer in viewers),
        "gaps": sum(viewer.gaps for viewer in viewers),
        "last": min(viewer.last for viewer in viewers),
        "delays": [delay for viewer in viewers for delay in viewer.delays],
    }
    print(orjson.dumps(told).decode())


if __name__ == "__main__":
    asyncio.run(_crowd(sys.argv[1], sys.argv[2]))
