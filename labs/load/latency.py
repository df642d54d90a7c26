"""Latencies in an HdrHistogram: any number of them in little memory, each to three significant digits."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from hdrh.histogram import HdrHistogram

LARGEST_SECONDS = 3600
ENOUGH_FOR_P99 = 1000
"""With fewer values the 99th percentile would be the say of less than ten of them."""


class Latencies:
    """Seconds in, percentiles out. It keeps microseconds.

    New values are counted aside first, which is many times faster than a histogram in Python.
    """

    def __init__(self) -> None:
        self._histogram = HdrHistogram(1, LARGEST_SECONDS * 1_000_000, 3)
        self._aside: Counter[int] = Counter()
        self._n, self._sum = 0, 0.0
        self._low, self._high = math.inf, 0.0

    def add(self, seconds: float) -> None:
        self._aside[int(seconds * 1e6)] += 1
        self._n += 1
        self._sum += seconds
        if seconds < self._low:
            self._low = seconds
        if seconds > self._high:
            self._high = seconds

    @property
    def n(self) -> int:
        return self._n

    def percentile(self, percent: float) -> float:
        """Seconds; 0 when there are no values."""
        return float(self._counts.get_value_at_percentile(percent)) / 1e6

    def summary(self) -> dict[str, Any]:
        """Seconds: mean, low, p50, p90, high, from a thousand values on p99, and n. Only n without values."""
        if self._n == 0:
            return {"n": 0}
        wanted = [50.0, 90.0, *([99.0] if self._n >= ENOUGH_FOR_P99 else [])]
        found = self._counts.get_percentile_to_value_dict(wanted)
        return {
            "n": self._n,
            "mean": self._sum / self._n,
            "low": self._low,
            **{f"p{percent:.0f}": found[percent] / 1e6 for percent in wanted},
            "high": self._high,
        }

    def encoded(self) -> str:
        """The whole histogram in HdrHistogram's own format (base64), in microseconds: other tools read it too."""
        return bytes(self._counts.encode()).decode()

    @property
    def _counts(self) -> HdrHistogram:
        for value, count in self._aside.items():
            self._histogram.record_value(min(max(1, value), LARGEST_SECONDS * 1_000_000), count)
        self._aside.clear()
        return self._histogram
