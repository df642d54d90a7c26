"""`make bench [ARGS="a c"]`: every figure, or those named by letter."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from labs.sdk import host
from tests.bench import blog_cached, cached, carried, keys, load, measuring, page, start, upload, viewers
from tests.bench.figure import Figure

BENCHES: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "a": lambda folder: measuring.figures(),
    "b": page.figures,
    "c": carried.figures,
    "d": viewers.figures,
    "e": start.figures,
    "f": lambda folder: load.figures(),
    "k": keys.figures,
    "q": lambda folder: chain(cached.figures(folder), blog_cached.figures(folder)),
    "u": upload.figures,
}


def main(wanted: list[str]) -> int:
    """Exit code 0 whatever the figures say: a noisy machine is no mistake. They are for people to read."""
    facts = host.facts()
    print(f"{facts['machine']}, Python {facts['python']}, {facts['cpus']} usable CPUs, {facts['busy']:.0%} busy before")
    for letter, bench in BENCHES.items():
        if wanted and letter not in wanted:
            continue
        with tempfile.TemporaryDirectory(prefix="loopscope-bench-") as folder:
            for figure in bench(Path(folder)):
                print(figure, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
