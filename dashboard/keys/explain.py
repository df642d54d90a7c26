"""What an error of the server means, for somebody who meets it for the first time. Beside its words, not instead."""

from __future__ import annotations

import re

DANGEROUS = "It reaches further than your own keys: other learners, or the app, would notice."

EXPLANATIONS: tuple[tuple[str, str], ...] = (
    (r"^NOPERM .*to access database",
     "You work in database 9. The others belong to the app, and commands that reach all databases are not yours."),
    (r"^NOPERM .*to access (a|the '.*') key", "Your keys begin with “lab:”. The server lets you touch no others."),
    (r"^NOPERM .*to access (a|the '.*') channel", "Channels are not part of this exercise."),
    (r"^NOPERM .*run the '(eval|evalsha|fcall|script|function).*'",
     "While a script runs the server does nothing else, however long it takes. And it can touch keys that its call "
     "does not name."),
    (r"^NOPERM .*run the '(blpop|brpop|blmove|bzpop.*|xread.*|wait.*|brpoplpush|blmpop|bzmpop)'",
     "It may wait for ever, and your console would wait with it."),
    (r"^NOPERM .*run the '(keys)'",
     "It looks at every key at once, and the server does nothing else meanwhile. SCAN takes small steps."),
    (r"^NOPERM .*run the '(monitor)'", "It shows everybody's commands, and slows all of them down."),
    (r"^NOPERM .*run the 'sort(_ro)?'", "SORT can read other keys beside the one that you name, through BY and GET."),
    (r"^NOPERM .*run the '(un)?watch'",
     "Of transactions this console knows MULTI, EXEC and DISCARD only. WATCH would make EXEC give up if somebody else "
     "changed the key in between."),
    (r"^NOPERM .*run the '([ps]?(un)?subscribe|s?publish|pubsub.*)'", "Channels are not part of this exercise."),
    (r"^NOPERM", DANGEROUS),
    (r"^NOAUTH",
     "RESET ended your sign-in, and the user “default” is switched off here. The console signs in again by itself."),
    (r"^WRONGPASS", "There is no user with that name and password. You are still who you were."),
    (r"^WRONGTYPE",
     "The key holds another kind of value than this command works on. TYPE tells which; DEL it to begin anew."),
    (r"^ERR unknown command", "There is no such command. Names of commands are one word, such as HGETALL."),
    (r"^ERR unknown subcommand", "The command has no such part. COMMAND DOCS lists what it has."),
    (r"^ERR wrong number of arguments", "Something is missing, or too much. The hint above the line shows the order."),
    (r"^ERR value is not an integer",
     "A whole number is needed here: in what you typed, such as a time to live, or in the key, if the command counts."),
    (r"^ERR increment or decrement would overflow",
     "Whole numbers have 64 bits in Redis: the result would be beyond the largest or the smallest of them."),
    (r"^ERR value is not a valid float", "This command needs a number, and found something else."),
    (r"^ERR invalid expire time", "A time to live must be more than 0, and yours is not, or it is too large."),
    (r"^ERR syntax error",
     "The words are there, but not in an order that this command understands. A value with spaces needs quotes: "
     '"dark red".'),
    (r"^ERR string exceeds", "The server is set up to refuse strings that large."),
    (r"^ERR no such key", "There is nothing under that name."),
    (r"^ERR hash value is not an integer", "The field holds something that is no whole number."),
    (r"^ERR .*(EXEC|DISCARD) without MULTI", "MULTI begins a transaction; EXEC performs it, DISCARD forgets it."),
    (r"^EXECABORT",
     "One of the commands after MULTI was refused, so none was performed: all or nothing."),
    (r"^OOM", "The server's memory is full, up to the limit that was set. Delete something first."),
    (r"^ERR DB index is out of range", "There is no database of that number."),
    (r"^NOPROTO", "The server speaks versions 2 and 3 of its protocol."),
)  # fmt: skip


def explain(error: str) -> str:
    """A sentence or two; empty when nothing can be added to the server's words."""
    return next((words for pattern, words in EXPLANATIONS if re.search(pattern, error, re.IGNORECASE)), "")
