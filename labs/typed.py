"""Acting on a run from a terminal: lines on stdin such as `kill 2`, `kill worker=2` or one JSON object."""

from __future__ import annotations

import os
import select
import sys
import threading
from types import TracebackType
from typing import Any, Self

import orjson

from labs.sdk.action import Action, ActionRefused, possible
from labs.sdk.conductor import Conductor

LOOK_SECONDS = 0.1


def menu(actions: list[Action]) -> str:
    """What can be typed, a line each."""
    rows = [(" ".join([one.id, *map(_input_words, one.describe()["inputs"].items())]), one.help) for one in actions]
    wide = max(len(words) for words, _ in rows)
    lines = [f"  {words:{wide}}  {help}" for words, help in rows]
    return "\n".join(["While it runs, type an action and press Enter:", *lines])


def read(line: str, actions: list[Action]) -> tuple[str, dict[str, Any]]:
    """A typed line as an action and its inputs, not checked yet. Bare words fill the inputs in order."""
    if line.startswith("{"):
        try:
            told = orjson.loads(line)
        except orjson.JSONDecodeError:
            raise ActionRefused([("action", "is not JSON")]) from None
        return told.get("action", ""), told.get("params", {})
    name, *words = line.split()
    found = next((one for one in actions if one.id == name), None)
    names = iter(found.describe()["inputs"] if found else ())
    inputs: dict[str, Any] = {}
    for word in words:
        key, is_pair, value = word.partition("=")
        inputs[key if is_pair else next(names, word)] = value if is_pair else word
    return name, inputs


class Keyboard:
    """`with Keyboard(conductor):` hands typed actions to the run, from a thread that ends with the block."""

    def __init__(self, conductor: Conductor, fd: int = 0) -> None:
        self._conductor = conductor
        self._actions = possible(conductor.lab.actions, conductor.params.model_dump())
        self._fd = fd
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="keyboard", daemon=True)

    def __enter__(self) -> Self:
        if self._actions:
            print(menu(self._actions), file=sys.stderr)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._actions:
            self._thread.join()

    def _listen(self) -> None:
        rest = b""
        while not self._over.is_set():
            if not select.select([self._fd], [], [], LOOK_SECONDS)[0]:
                continue
            if not (chunk := os.read(self._fd, 4096)):
                return
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if text := line.decode(errors="replace").strip():
                    self._act(text)

    def _act(self, line: str) -> None:
        try:
            self._conductor.act(*read(line, self._actions), strict=False)
        except ActionRefused as refused:
            print(f"  {line}: {refused}", file=sys.stderr)


def _input_words(named: tuple[str, dict[str, Any]]) -> str:
    name, rule = named
    low, high = rule.get("minimum"), rule.get("maximum")
    bounds = f" {low}–{high}" if low is not None else ""
    return f"[{name}{bounds}]" if "default" in rule else f"{name}{bounds}".upper()
