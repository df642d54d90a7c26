"""The two users that the key browser needs on the learners' server, made by the app's own.

`loopscope-browser` looks: it can read the learners' keys, unlink them and ask for their expiry, nothing else.
`learner` is whoever types into the console. The server's ACL confines both; no parser of ours does.
AUTH, HELLO, RESET and QUIT ignore ACLs: so there is no console where RESET would lead to a user with more rights.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from dashboard.keys.address import Address

BROWSER = "loopscope-browser"
LEARNER = "learner"

KEYS = ["resetkeys", "~lab:*", "resetchannels"]

BROWSER_RULES = [
    *KEYS, "-@all", "+@read", "+@connection", "-@dangerous", "-@admin", "-@blocking", "-@scripting",
    "-client", "+client|setinfo", "+client|setname", "+client|id", "+client|no-touch", "+client|tracking",
    "+info", "+time", "+memory|usage", "+object", "+pexpire", "+unlink", "+psubscribe", "+command",
    "+commandlog|get", "+slowlog|get",
]  # fmt: skip

LEARNER_RULES = [
    *KEYS, "-@all", "+@read", "+@write", "+@connection", "-@dangerous", "-@admin", "-@blocking", "-@scripting",
    "-client", "+client|setinfo", "+client|setname", "+client|id", "+client|no-touch", "+info", "+memory|usage",
    "+multi", "+exec", "+discard",
]  # fmt: skip


UNKNOWN = re.compile("modifier '([^']+)'")
"""In the server's complaint about a rule that it does not understand."""
SHARED = (
    "This Redis cannot confine a user to one database, and it is the app's own. "
    "Give the learners a server of their own with LOOPSCOPE_LAB_REDIS_URL, and the console opens."
)


@dataclass(frozen=True)
class Users:
    """How to connect as whom. `learner` is None where a console would not be safe; `why` then says why."""

    app: Address
    browser: Address
    learner: Address | None
    why: str = ""


def channel_pattern(database: int) -> bytes:
    """What to subscribe to for everything that happens to the learners' keys."""
    return b"__keyspace@%d__:lab:*" % database


def password(secret: str, user: str) -> str:
    """The user's password, from this copy's own secret: every web process knows it, and it is stored nowhere."""
    return hmac.new(secret.encode(), f"redis user {user}".encode(), hashlib.sha256).hexdigest()


def prepare(app: Address, secret: str, dedicated: Callable[[], bool]) -> Users:
    """Make the two users, or find out why that is not possible. Raises RedisError when nobody answers.

    `dedicated`: whether the server holds the learners' data and nothing else; asked where databases are all alike to
    an ACL, since a learner could then go to another one.
    """
    with app.client() as client:
        client.ping()
        try:
            why = _escape(client)
            channel = f"&{channel_pattern(app.database).decode()}"
            _make(client, BROWSER, password(secret, BROWSER), [*BROWSER_RULES, channel], app.database)
            confined = _make(client, LEARNER, password(secret, LEARNER), LEARNER_RULES, app.database)
            if not why and not confined and not dedicated():
                client.execute_command("ACL", "DELUSER", LEARNER)
                why = SHARED
        except ResponseError as error:
            return Users(app, app, None, f"This server does not let the app make a confined user: {error}")
    browser = app.as_user(BROWSER, password(secret, BROWSER))
    return Users(app, browser, None if why else app.as_user(LEARNER, password(secret, LEARNER)), why)


def _make(client: Any, user: str, word: str, rules: list[str], database: int) -> bool:
    """Whether the user is confined to the database, which older servers cannot do.

    Rights that the server does not know are left out; what it is to forbid is not.
    """
    digest = hashlib.sha256(word.encode()).hexdigest()
    left = [*rules, "resetdbs", f"db={database}"]
    while True:
        try:
            client.execute_command("ACL", "SETUSER", user, "reset", "on", f"#{digest}", *left)
        except ResponseError as error:
            found = UNKNOWN.search(str(error))
            if found is None or found[1] not in left or found[1].startswith("-"):
                raise
            left.remove(found[1])
        else:
            return "resetdbs" in left and f"db={database}" in left


def _escape(client: Any) -> str:
    """Why somebody may become a user with more rights without a password, if so."""
    for line in client.execute_command("ACL", "LIST"):
        _, name, *flags = (line.decode(errors="replace") if isinstance(line, bytes) else str(line)).split(" ")
        if name in (BROWSER, LEARNER) or "on" not in flags or "nopass" not in flags:
            continue  # the two are made anew, with a password
        way = "RESET" if name == "default" else "AUTH"
        return (
            f"On this server the user “{name}” needs no password, and {way} makes anybody that user. "
            "Give it a password, or switch it off, and the console opens."
        )
    return ""
