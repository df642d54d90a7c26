"""Words and results that a burst and a sweep share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from labs.os_async.batch import Batch
from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, cite, result
from labs.sdk.recording import Recording

Value = TypeVar("Value")


def name(recording: Recording, runtime: str) -> str:
    """ "Node.js" of "Node.js, requests, pool of 4"."""
    return recording.label(runtime).split(",")[0]


def of_kind(groups: Mapping[tuple[str, str], Value], kind: str) -> dict[str, Value]:
    """The groups of one kind, by runtime."""
    return {runtime: found for (runtime, one), found in groups.items() if one == kind}


def by_runtime(recording: Recording, values: Mapping[str, str], unit: str, more: str = "") -> str:
    """ "2 s more" where there is one runtime, else "2 s more on gevent, 3 s on Node.js"."""
    if len(values) == 1:
        return f"{next(iter(values.values()))} {unit}{more}"
    said = [f"{value} {unit}{'' if n else more} on {name(recording, r)}" for n, (r, value) in enumerate(values.items())]
    return ", ".join(said)


def all_of(n: int, one: str, many: str | None = None) -> str:
    """ "The one request", "12 requests"."""
    return f"The one {one}" if n == 1 else f"{n} {many or one + 's'}"


def results(
    recording: Recording, runtime: str, kind: str, batches: Sequence[Batch], x: int | None = None
) -> Iterator[Event]:
    """Rows of the result table for one runtime and kind."""
    more = {"runtime": runtime, "label": f"{name(recording, runtime)}, {kind}"} | ({} if x is None else {"x": x})
    yield result("total", Measured(tuple(b.total for b in batches)), "s", **more)
    yield result("one alone", Measured(tuple(b.alone for b in batches)), "s", **more)
    yield result("times one alone", Measured(tuple(b.times for b in batches)), "×", **more)
    if cpu := Measured.of(b.cpu for b in batches if b.cpu is not None):
        yield result("CPU time", cpu, "s", **more)


def answer_of(batches: Sequence[Batch]) -> Event:
    """Which kinds had to wait for a thread, seen in every repeat of every runtime."""
    waited: dict[str, set[bool | None]] = {}
    for batch in batches:
        waited.setdefault(batch.kind, set()).add(batch.waited)
    cites = [c for kind in waited for c in _proof(next(b for b in batches if b.kind == kind))]
    open_ = [kind for kind, seen in waited.items() if len(seen) > 1 or None in seen]
    if open_:
        text = f"For the {' and the '.join(open_)} the repeats leave it open."
        return answer("waited", "cannot-tell", text, cites)
    kinds = {kind for kind, seen in waited.items() if seen == {True}}
    value = "requests" if "requests" in kinds else "-".join(kind for kind in ("reads", "hashes") if kind in kinds)
    said = [f"{kind}: {'some waited for a thread' if kind in kinds else 'none waited'}" for kind in waited]
    return answer("waited", value or "none", "; ".join(said).capitalize() + ".", cites)


def _proof(batch: Batch) -> list[dict[str, str]]:
    return cite(batch.part, batch.by_end[-1].id)
