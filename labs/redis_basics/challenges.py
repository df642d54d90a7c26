"""Small things to bring about by hand; the server's state decides whether they are."""

from __future__ import annotations

import json
from typing import Any

from labs.sdk.lab import Challenge

SPANISH, ADA = "lab:my:spanish", "lab:my:ada"
SECONDS = 30


def three_colours(client: Any) -> bool:
    """A hash with at least three fields."""
    return bool(_type(client, SPANISH) == b"hash" and client.hlen(SPANISH) >= 3)


def dies_soon(client: Any) -> bool:
    """… that has at most half a minute to live."""
    return bool(_type(client, SPANISH) == b"hash" and 0 < client.pttl(SPANISH) <= SECONDS * 1000)


def readable(client: Any) -> bool:
    """JSON of an object, as a string."""
    if _type(client, ADA) != b"string" or client.strlen(ADA) > 10_000:
        return False
    try:
        found = json.loads(client.get(ADA))
    except ValueError:
        return False
    return bool(found == {"name": "Ada"})


def _type(client: Any, key: str) -> bytes:
    """`none` when it is not there. TYPE would count that as a miss and tell everybody; MEMORY USAGE tells nobody."""
    return b"none" if client.memory_usage(key) is None else client.type(key)


CHALLENGES = (
    Challenge("colours", f"Make {SPANISH} hold three colours, as a hash.", three_colours),
    Challenge("dies", f"Let {SPANISH} die within {SECONDS} seconds.", dies_soon),
    Challenge("json", f'Store the object {{"name": "Ada"}} in {ADA}, so that a program can read it back.', readable),
)
