"""The web app and the runner of Loopscope."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from dashboard.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The whole web app. Loads it only now: `loopscope settings` and the runner do not need it."""
    from dashboard.app import create_app as create

    return create(settings)
