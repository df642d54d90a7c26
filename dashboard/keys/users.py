"""The two users that the key browser needs on the learners' server, made by the app's own.

`loopscope-browser` looks: it can read the learners' keys, unlink them and ask for their expiry, nothing else.
`learner` is whoever types into the console. The server's ACL confines both; no parser of ours does.
AUTH, HELLO, RESET and QUIT ignore ACLs: so there is no console where RESET would lead to a user with more rights.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError

from dashboard.keys.address import Address

BROWSER = "loopscope-browser"
LEARNER = "learner"

KEYS = ["resetkeys", "~lab:*", "resetchannels"]

BROWSER_RULES = [
    *KEYS, "-@all", "+@read", "+@connection", "-@dangerous", "-@admin", "-@blocking", "-@scripting",
    "-client", "+client|setinfo", "+client|setname", "+client|id", "+client|no-touch", "+client|tracking",
    "+info", "+time", "+memory|usage", "+object", "+pexpire", "+unlink", "+psubscribe", "+command",
    "+commandlog|get",
]  # fmt: skip

LEARNER_RULES = [
    *KEYS, "-@all", "+@read", "+@write", "+@connection", "-@dangerous", "-@admin", "-@blocking", "-@scripting",
    "-client", "+client|setinfo", "+client|setname", "+client|id", "+client|no-touch", "+info", "+memory|usage",
    "+multi", "+exec", "+discard",
]  # fmt: skip


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


def prepare(app: Address, secret: str) -> Users:
    """Make the two users, or find out why that is not possible. Raises RedisError when nobody answers."""
    with app.client() as client:
        client.ping()
        try:
            escape = _escape(client)
            channel = f"&{channel_pattern(app.database).decode()}"
            _make(client, BROWSER, password(secret, BROWSER), [*BROWSER_RULES, channel], app.database)
            _make(client, LEARNER, password(secret, LEARNER), LEARNER_RULES, app.database)
        except RedisError as error:
            why = f"This server does not let the app make a confined user: {error}"
            return Users(app, app, None, why)
    browser = app.as_user(BROWSER, password(secret, BROWSER))
    if escape:
        return Users(app, browser, None, escape)
    return Users(app, browser, app.as_user(LEARNER, password(secret, LEARNER)))


def _make(client: Any, user: str, word: str, rules: list[str], database: int) -> None:
    digest = hashlib.sha256(word.encode()).hexdigest()
    client.execute_command(
        "ACL", "SETUSER", user, "reset", "on", f"#{digest}", *rules, "resetdbs", f"db={database}"
    )  # fmt: skip


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
