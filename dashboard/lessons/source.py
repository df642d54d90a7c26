"""The exact source of each runtime's program, coloured, with an anchor for every line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers import JavascriptLexer, PythonLexer, TextLexer
from pygments.token import STANDARD_TYPES, Token

from labs.sdk.lab import Lab

LEXERS: dict[str, type[Lexer]] = {"python": PythonLexer, "javascript": JavascriptLexer}
PLAIN = {Token.Text, Token.Text.Whitespace, Token.Name, Token.Punctuation}


@dataclass(frozen=True)
class SourceFile:
    """One program as it is listed. `lines` are HTML, the first of them is line 1."""

    name: str
    runtimes: tuple[str, ...]
    label: str
    lines: tuple[Markup, ...]


def files(lab: Lab) -> list[SourceFile]:
    """Each program of the lab once, in the order of its runtimes, read from disk as it is now."""
    users: dict[Path, list[str]] = {}
    labels: dict[Path, str] = {}
    languages: dict[Path, str] = {}
    for runtime in lab.runtimes:
        users.setdefault(runtime.file, []).append(runtime.key)
        labels.setdefault(runtime.file, runtime.label)
        languages.setdefault(runtime.file, runtime.language)
    return [
        SourceFile(path.name, tuple(keys), labels[path], highlight(path.read_text("utf-8"), languages[path]))
        for path, keys in users.items()
    ]


def text(lab: Lab, name: str) -> str | None:
    """The text of one program, or None if the lab declares no program of that name.

    The name is only compared with the declared ones: no path is ever made from it.
    """
    for runtime in lab.runtimes:
        if runtime.file.name == name:
            return runtime.file.read_text("utf-8")
    return None


@lru_cache(maxsize=64)
def highlight(code: str, language: str) -> tuple[Markup, ...]:
    """One piece of HTML a line: `<span class="k">def</span> …` with the short token classes of Pygments."""
    lexer = LEXERS.get(language, TextLexer)(stripnl=False, ensurenl=True)
    lines: list[list[Markup]] = [[]]
    for kind, value in lexer.get_tokens(code):
        css = "" if kind in PLAIN else _css_class(kind)
        for index, piece in enumerate(_split(value)):
            if index:
                lines.append([])
            if piece:
                lines[-1].append(Markup('<span class="{}">{}</span>').format(css, piece) if css else escape(piece))
    if not lines[-1]:
        lines.pop()
    return tuple(Markup("").join(line) for line in lines)


def _split(value: str) -> Iterator[str]:
    yield from value.split("\n")


def _css_class(kind: object) -> str:
    while kind not in STANDARD_TYPES:
        kind = kind.parent  # type: ignore[attr-defined]
    return STANDARD_TYPES[kind]  # type: ignore[index]
