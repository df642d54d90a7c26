"""The learner's console: one connection for each page, as a user whom the server itself confines."""

from __future__ import annotations

import threading
import time
from typing import Any

from dashboard.keys.access import Access
from dashboard.keys.explain import explain
from dashboard.keys.wire import Reply, TooLarge, Wire, WireError
from dashboard.keys.words import BadLine, split
from labs.sdk.shown import shown

MOST_ITEMS = 200
"""Of a reply, in all its levels, that are shown."""
LONGEST = 4096
"""Characters of one text of a reply."""


class Console:
    """What is typed goes to the server as it is. There is no list of forbidden words here: the ACL decides."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._wire: Wire | None = None
        self._turn = threading.Lock()

    def run(self, line: str) -> dict[str, Any]:
        """`{reply, micros, note?}` or `{problem}` when the line never got to the server.

        Of a reply: `{kind, text}`, of an error also `why`, of list, set and map `items` and `more`.
        """
        try:
            words = split(line)
        except BadLine as error:
            return {"problem": str(error)}
        try:
            with self._turn:
                return self._ask(words)
        except TooLarge as error:
            self.close()
            return {"problem": f"{error}. Ask for a part of it: GETRANGE, LRANGE, HSCAN …", "sent": True}
        except WireError as error:
            self.close()
            return {
                "problem": str(error).capitalize() + ". The console signs in again with the next line.",
                "sent": True,
            }

    def close(self) -> None:
        """Hang up; the next line signs in again."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _ask(self, words: list[bytes]) -> dict[str, Any]:
        fresh = self._wire is None
        wire = self._wire = self._wire or self._sign_in()
        begun = time.perf_counter()
        try:
            reply = wire.ask(*words)
        except TooLarge:
            raise
        except WireError:
            if fresh or not _may_repeat(words):
                raise
            self.close()
            wire = self._wire = self._sign_in()
            reply = wire.ask(*words)
        answer: dict[str, Any] = {"micros": round((time.perf_counter() - begun) * 1e6), "reply": told(reply)}
        name = words[0].upper()
        if name in (b"RESET", b"QUIT") and reply.kind != "error":
            self.close()
            answer["note"] = f"{name.decode()} ended your sign-in. The next line signs in again, as learner."
        return answer

    def _sign_in(self) -> Wire:
        users = self._access.users()
        if users.learner is None:
            raise WireError(users.why)
        try:
            return Wire(users.learner)
        except WireError:
            users = self._access.renew()
            if users.learner is None:
                raise WireError(users.why) from None
            return Wire(users.learner)


def _may_repeat(words: list[bytes]) -> bool:
    """A connection that was idle may have been closed meanwhile; a read does no harm when it is sent twice."""
    return words[0].upper() in (b"GET", b"HGET", b"HGETALL", b"TTL", b"TYPE", b"PING", b"EXISTS")


def told(reply: Reply, budget: list[int] | None = None) -> dict[str, Any]:
    """A reply as JSON, with everything visible and no more than can be read."""
    left = budget if budget is not None else [MOST_ITEMS]
    if reply.kind in ("list", "set", "map", "push"):
        items = []
        for item in reply.items:
            if left[0] <= 0:
                break
            left[0] -= 1
            items.append(told(item, left))
        return {"kind": reply.kind, "items": items, "more": len(reply.items) - len(items)}
    value = reply.value
    text = shown(value, LONGEST) if isinstance(value, bytes) else "" if value is None else str(value)
    if reply.kind == "error":
        return {"kind": "error", "text": text, "why": explain(text)}
    return {"kind": reply.kind, "text": text}
