"""Rows of percentiles, counted in an HdrHistogram. The 99th only from a thousand answers on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labs.cluster.served import Served, took
from labs.load.latency import ENOUGH_FOR_P99, Latencies
from labs.sdk.events import Event
from labs.sdk.judge import Measured, result

PERCENTS = {"50": 20, "90": 100, "99": ENOUGH_FOR_P99}
"""Each with the number of answers that it needs at least: ten of them lie beyond it."""


def percentile_rows(parts: Sequence[Served], runtime: str, label: str, loads: Sequence[str]) -> Iterator[Event]:
    """Of all repeats together, for each load, in milliseconds. `values` has one number: there is one distribution."""
    for load in loads:
        latencies = Latencies()
        for part in parts:
            for span in part.of(load):
                latencies.add(took(span))
        for percent, enough in PERCENTS.items():
            if latencies.n >= enough:
                value = 1000 * latencies.percentile(float(percent))
                yield result(
                    f"{load}, p{percent}", Measured((value,)), "ms", runtime=runtime, label=label, of=latencies.n
                )
