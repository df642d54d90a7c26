"""What `loopscope up` says: few calm lines, coloured on a terminal only."""

from __future__ import annotations

import contextlib
import os
from typing import TextIO

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


class Terminal:
    """Writes lines to `out`. A terminal that went away (SIGHUP) is no reason to fail."""

    def __init__(self, out: TextIO, *, verbose: bool = False) -> None:
        self._out = out
        self.verbose = verbose
        self._colours = out.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str) -> None:
        """One line."""
        self.write(f"{text}\n")

    def ready(self, url: str) -> None:
        """The line that everybody waits for."""
        shown = f"{BOLD}{url}{PLAIN}" if self._colours else url
        self.say(f"Loopscope is ready: {shown}  (Ctrl-C stops it)")

    def write(self, text: str) -> None:
        """Text as it is."""
        with contextlib.suppress(OSError):
            self._out.write(text)
            self._out.flush()
