"""A part read on the scale of the unit of work that its program timed before and after."""

from __future__ import annotations

from functools import cached_property

from labs.sdk.judge import part_unit
from labs.sdk.recording import Part


class InUnits:
    """Base of what the labs read out of a part. Ask `timed` before anything that counts in units."""

    def __init__(self, part: Part) -> None:
        self.part = part

    @property
    def timed(self) -> bool:
        """Whether the program timed its unit."""
        return part_unit(self.part) is not None

    @cached_property
    def unit(self) -> float:
        """Seconds of one unit of work alone, around this part."""
        unit = part_unit(self.part)
        assert unit is not None
        return unit
