"""What the views of the key browser work with; made once for each app."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.keys.access import Access
from dashboard.keys.commands import Hint, hints


@dataclass
class KeyBrowser:
    """The way to the server, and what it said of its commands."""

    access: Access
    _hints: list[Hint] | None = None

    def hints(self) -> list[Hint]:
        """Commands that the learner may run; asked once."""
        if self._hints is None:
            self._hints = hints(self.access.users().app)
        return self._hints
