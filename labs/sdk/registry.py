"""The labs that are installed: built-in ones and a stranger's come through the same entry point."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from labs.sdk.lab import Lab

GROUP = "loopscope.labs"

SECTIONS = ("The runtime", "Scaling", "Data", "Redis")
"""The built-in sections in the order in which they build on each other; a stranger's come after them, by name."""


def installed(further: str = "") -> Mapping[str, Lab]:
    """Every lab by slug, in the order of the catalogue.

    `further` names labs that are not installed, as "module:name", separated by commas.
    Raises `ValueError` if two share a slug.
    """
    named = [EntryPoint(name=text, value=text.strip(), group=GROUP) for text in further.split(",") if text.strip()]
    labs = [entry.load() for entry in [*entry_points(group=GROUP), *named]]
    for lab in labs:
        if not isinstance(lab, Lab):
            raise ValueError(f"entry point group {GROUP} gave {lab!r}, which is not a Lab")
    labs.sort(key=lambda lab: (_place(lab.section), lab.section, lab.order, lab.slug))
    found = {lab.slug: lab for lab in labs}
    if len(found) != len(labs):
        raise ValueError("two installed labs have the same slug")
    return found


def _place(section: str) -> int:
    return SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)
