"""One part as numbers: its reads, which of them were wrong and how, and what lay in Redis at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median

from labs.sdk.events import Event
from labs.sdk.recording import Part

READS = ("uncached", "miss", "hit")


@dataclass(frozen=True)
class Answers:
    """The answers of one part. Milliseconds are of a read, seconds of everything else."""

    part: Part

    @property
    def way(self) -> str:
        return str(self.part.settings["way"])

    @cached_property
    def reads(self) -> list[Event]:
        """Every read."""
        return [event for outcome in READS for event in self.part.samples.get(outcome, [])]

    @cached_property
    def lists(self) -> list[Event]:
        """Where posts were asked for, and posts came."""
        return [event for event in self.reads if event["what"] == "posts" and not event["wrong"]]

    @cached_property
    def old(self) -> list[Event]:
        """Lists that did not know of a write that had returned."""
        return [event for event in self.lists if event["behind"] is not None]

    @cached_property
    def wrong(self) -> list[Event]:
        """Posts where the profile was asked for, or the other way round."""
        return [event for event in self.reads if event["wrong"]]

    @cached_property
    def writes(self) -> int:
        return sum(span.name.startswith("write") for span in self.part.complete())

    @property
    def seconds(self) -> float:
        """Until the last answer."""
        return max((span.end or 0.0 for span in self.part.complete()), default=0.0)

    @property
    def keys(self) -> list[Event]:
        """Each key that lay there at the end: `value` its seconds left (-1: for ever), `key`, `bytes`."""
        return self.part.samples.get("time to live", [])

    @property
    def oldest(self) -> float:
        """For how long the oldest answer had been out of date; 0 if none was."""
        return max((event["behind"] for event in self.old), default=0.0)

    @cached_property
    def right(self) -> dict[str, list[float]]:
        """Milliseconds of the reads that gave what was asked for, by what that was: a profile is smaller than posts."""
        found: dict[str, list[float]] = {}
        for event in self.reads:
            if not event["wrong"]:
                found.setdefault(event["what"], []).append(float(event["value"]))
        return found

    def read_ms(self, kinds: Iterable[str] | None = None) -> float:
        """Mean of the reads that gave what was asked for, so that the misses count as often as they happened.

        Each kind counts as often as it was asked for; without `kinds` all that somebody got. Where nobody got what was
        asked for it is the mean of all reads. Only where there are reads.
        """
        if not self.right:
            return mean(float(event["value"]) for event in self.reads)
        means = {kind: mean(self.right[kind]) for kind in (self.right if kinds is None else kinds)}
        asked = Counter(event["what"] for event in self.reads if event["what"] in means)
        return sum(means[kind] * times for kind, times in asked.items()) / asked.total()

    def middle_ms(self, outcome: str) -> float | None:
        """Median of the lists of posts of one outcome."""
        told = self.part.samples.get(outcome, [])
        values = [event["value"] for event in told if event["what"] == "posts" and not event["wrong"]]
        return median(values) if values else None
