"""The runtimes of the built-in labs: their names, and their programs beside a lab's declaration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from labs.sdk.lab import Runtime, Settings

RUNTIMES = {"gevent": "gevent", "asyncio": "asyncio", "node": "Node.js"}
"""What each is called, in the order in which they are offered."""

SUFFIX = {"node": ".mjs"}


def programs(folder: Path, *keys: str, **environ: Callable[[Settings], dict[str, str]]) -> tuple[Runtime, ...]:
    """The runtimes whose programs are `on_<key>` in `folder`. `environ`: what a program needs in its environment."""
    return tuple(
        Runtime(key, RUNTIMES[key], folder / f"on_{key}{SUFFIX.get(key, '.py')}", environ.get(key, _nothing))
        for key in keys
    )


def on_libuv(settings: Settings) -> dict[str, str]:
    """For gevent, where libuv is the subject: its default loop is libev."""
    return {"GEVENT_LOOP": "libuv"}


def pool_of_libuv(settings: Settings) -> dict[str, str]:
    """For Node.js: its pool is as large as the setting `pool` says."""
    return {"UV_THREADPOOL_SIZE": str(settings["pool"])}


def _nothing(settings: Settings) -> dict[str, str]:
    return {}
