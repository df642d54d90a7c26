"""A plan that the server explained, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STAGES = {
    "COLLSCAN": "reads every document", "IXSCAN": "walks the index {index}", "FETCH": "fetches the documents it names",
    "IDHACK": "goes straight to the _id", "EXPRESS_IXSCAN": "goes straight to the entry in {index}",
    "EXPRESS_IDHACK": "goes straight to the _id", "EXPRESS_CLUSTERED_IXSCAN": "goes straight to the _id",
    "LIMIT": "stops after enough", "PROJECTION_SIMPLE": "takes the fields asked for",
}  # fmt: skip


def stages(explained: Mapping[str, Any]) -> list[str]:
    """The steps, the first one first: "IXSCAN: walks the index title_1"."""
    found = []
    step: Any = explained.get("queryPlanner", {}).get("winningPlan", {})
    step = step.get("queryPlan", step)
    while isinstance(step, Mapping):
        name = str(step.get("stage", "?"))
        words = STAGES.get(name, "").format(index=step.get("indexName", "of _id"))
        found.append(f"{name}: {words}" if words else name)
        step = step.get("inputStage")
    return found[::-1]


def examined(explained: Mapping[str, Any]) -> tuple[int, int]:
    """How many documents and index entries the server looked at."""
    told = explained.get("executionStats", {})
    return int(told.get("totalDocsExamined", 0)), int(told.get("totalKeysExamined", 0))
