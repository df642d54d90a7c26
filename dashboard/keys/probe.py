"""Whether the server tells what happens to its keys: most are set up to tell nobody.

The setting cannot always be read, and reads back incompletely. So a key is set and deleted in one step, which no list
can see, and whoever subscribed must hear of it.
"""

from __future__ import annotations

import secrets
from typing import Any

from redis.exceptions import ResponseError

from dashboard.keys.address import Address
from dashboard.keys.names import PREFIX

PROBES = PREFIX + b"loopscope:probe:"
"""Keys that begin with this are of subscribers that probe; they are nobody's business."""
SETTING = "notify-keyspace-events"
FLAGS = ("KEAnm", "KEAm", "KEA")
"""Every event, and new and missed keys, which A leaves out; older servers know neither of these."""
QUIET = (
    "This Redis tells nobody what happens to its keys, and the app may not change that. "
    f"On the server: CONFIG SET {SETTING} {FLAGS[0]}."
)


def new_probe() -> bytes:
    """A key that nobody else has."""
    return PROBES + secrets.token_hex(8).encode()


def touch(app: Address, probe: bytes) -> bool:
    """Set and delete it, as the app's own user; False where the server lets nobody write now."""
    with app.client() as client, client.pipeline(transaction=True) as pipeline:
        pipeline.set(probe, b"", ex=60)
        pipeline.delete(probe)
        try:
            pipeline.execute()
        except ResponseError:
            return False
    return True


def switch_on(app: Address) -> None:
    """Ask the server to tell, beside whom it tells already. It may refuse."""
    with app.client() as client:
        for flags in FLAGS:
            try:
                client.config_set(SETTING, "".join(dict.fromkeys(_flags(client) + flags)))
            except ResponseError:
                continue
            return


def _flags(client: Any) -> str:
    found = client.config_get(SETTING)
    value = next(iter(found.values()), "")
    return value.decode() if isinstance(value, bytes) else str(value)
