"""Hints for the console, from the server's own COMMAND DOCS: never out of date, and only what the learner may run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.keys.address import Address
from dashboard.keys.portions import portions
from dashboard.keys.users import LEARNER
from dashboard.keys.wire import Reply, Wire

Hint = dict[str, Any]
Docs = dict[str, Any]

MOST_BYTES = 1024 * 1024
"""Of one reply."""
AT_ONCE = 20
"""Commands that are asked about at once: asked about all of them, the server is busy for a millisecond or more."""
PROBE = b"lab:probe"
AS_ARGUMENT = {"select": b"9", "hello": b"3"}
"""Commands whose argument the ACL itself reads."""


def hints(app: Address) -> list[Hint]:
    """`{name, summary, usage, complexity, group, since}` of each command that the learner may run, by name.

    Whether that is so is asked of the server: ACL DRYRUN, with as many words as the command needs.
    """
    wire = Wire(app, timeout=30, most=MOST_BYTES)
    try:
        arities, docs = _told(wire)
        found = [hint for hint in _all(docs) if _allowed(wire, hint["name"], arities)]
    finally:
        wire.close()
    return sorted(found, key=lambda hint: str(hint["name"]))


def plain(reply: Reply) -> Any:
    """A reply as strings, numbers, lists and dicts."""
    items = [plain(item) for item in reply.items]
    if reply.kind == "map":
        return dict(zip(items[::2], items[1::2], strict=True))
    if reply.kind in ("list", "set", "push"):
        return items
    return reply.value.decode(errors="replace") if isinstance(reply.value, bytes) else reply.value


def usage(arguments: list[Docs]) -> str:
    """The arguments as people write them: ``key value [NX | XX] [EX seconds]``."""
    return " ".join(_argument(one) for one in arguments)


def _argument(one: Docs) -> str:
    flags = one.get("flags", [])
    inner = [_argument(part) for part in one.get("arguments", [])]
    match one.get("type"):
        case "oneof":
            text = " | ".join(inner)
            text = text if "optional" in flags else f"<{text}>"
        case "block":
            text = " ".join(inner)
        case "pure-token":
            text = ""
        case _:
            text = str(one.get("display_text", one["name"]))
    token = one.get("token")
    text = " ".join(word for word in (f'"{token}"' if token == "" else token, text) if word)
    if "multiple" in flags:
        again = text if "multiple_token" in flags else text.removeprefix(f"{token} ")
        text = f"{text} [{again} …]"
    return f"[{text}]" if "optional" in flags else text


def _all(docs: Docs) -> Iterator[Hint]:
    for name, doc in docs.items():
        if "subcommands" in doc:
            yield from (_hint(sub.replace("|", " "), about) for sub, about in doc["subcommands"].items())
        else:
            yield _hint(name, doc)


def _hint(name: str, doc: Docs) -> Hint:
    return {
        "name": name.upper(),
        "summary": doc.get("summary", ""),
        "usage": usage(doc.get("arguments", [])),
        "complexity": doc.get("complexity", ""),
        "group": doc.get("group", ""),
        "since": doc.get("since", ""),
    }


def _told(wire: Wire) -> tuple[dict[str, int], Docs]:
    """How many words each command needs (`_arities`), and its docs by name."""
    names = [name for name in plain(wire.ask(b"COMMAND", b"LIST")) if "|" not in name]
    arities: dict[str, int] = {}
    docs: Docs = {}
    for some in portions([name.encode() for name in names], AT_ONCE):
        arities |= _arities(plain(wire.ask(b"COMMAND", b"INFO", *some)))
        docs |= plain(wire.ask(b"COMMAND", b"DOCS", *some))
    return arities, docs


def _arities(commands: list[Any]) -> Iterator[tuple[str, int]]:
    for command in commands:
        yield command[0].replace("|", " ").upper(), command[1]
        yield from _arities(command[9] if len(command) > 9 else [])


def _allowed(wire: Wire, name: str, arities: dict[str, int]) -> bool:
    words = [word.encode() for word in name.lower().split()]
    needed = abs(arities.get(name, len(words))) - len(words)
    argument = AS_ARGUMENT.get(name.lower(), PROBE)
    reply = wire.ask(b"ACL", b"DRYRUN", LEARNER.encode(), *words, *[argument] * max(0, needed))
    said = plain(reply)
    return bool(said == "OK" or (reply.kind != "error" and "access the '" in said))
