"""What the views of one app work with; made once in `create_app`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.keys.browser import KeyBrowser
from dashboard.lessons.progress import ProgressStore
from dashboard.runs.desk import RunDesk
from dashboard.settings import Settings
from dashboard.status import Status
from labs.sdk.lab import Lab


@dataclass(frozen=True)
class Services:
    """Settings, labs and the desks that views talk to."""

    settings: Settings
    labs: Mapping[str, Lab]
    runs: RunDesk
    status: Status
    progress: ProgressStore
    keys: KeyBrowser
