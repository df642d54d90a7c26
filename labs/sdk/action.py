"""What can be done to a program while it runs: declared by the lab, checked here, a line on the program's stdin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from labs.sdk.params import Inputs, ParamsError


class ActionRefused(ValueError):
    """This cannot be done. `errors` is a list of `(field, message)` in plain words."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors))
        self.errors = errors


@dataclass(frozen=True)
class Action:
    """One button. `inputs` says what it needs to know, with bounds, such as which worker."""

    id: str
    label: str
    help: str
    inputs: type[Inputs] = Inputs
    danger: bool = False
    row: str | None = None
    """The input that is the number of a row in the table of processes: there the button stands in every row."""
    when: Mapping[str, Any] | None = None
    """Parameters of the run with which it can be done; None: always."""

    def describe(self) -> dict[str, Any]:
        """The declaration as the page sees it (JSON)."""
        return {
            "id": self.id, "label": self.label, "help": self.help, "danger": self.danger, "row": self.row,
            "when": dict(self.when) if self.when else None,
            "inputs": self.inputs.model_json_schema().get("properties", {}),
        }  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """An action that somebody asked for, with checked inputs."""

    action: Action
    inputs: Mapping[str, Any]

    @property
    def words(self) -> str:
        """As text: "Kill this worker, worker 2"."""
        return ", ".join([self.action.label, *(f"{name} {value}" for name, value in self.inputs.items())])

    def line(self, n: int) -> bytes:
        """What the program reads: `{"n": 3, "action": "kill", "params": {"worker": 2}}`, and a line end."""
        return orjson.dumps({"n": n, "action": self.action.id, "params": dict(self.inputs)}) + b"\n"


def possible(actions: Iterable[Action], params: Mapping[str, Any]) -> list[Action]:
    """The actions that a run with these parameters offers."""
    return [a for a in actions if all(_meet(params.get(name), value) for name, value in (a.when or {}).items())]


def _meet(given: Any, wanted: Any) -> bool:
    """Whether they are equal; of lists, whether they have something in common. As `holds` on the page."""
    one = [value if isinstance(value, list) else [value] for value in (given, wanted)]
    return any(value in one[1] for value in one[0])


def check(
    actions: Iterable[Action], action: object, inputs: object, params: Mapping[str, Any], *, strict: bool = True
) -> Wish:
    """What somebody sent, as a wish. Raises `ActionRefused` saying what is wrong and what would do."""
    offered = {one.id: one for one in possible(actions, params)}
    found = offered.get(action) if isinstance(action, str) else None
    if found is None:
        known = ", ".join(offered) or "no action at all"
        raise ActionRefused([("action", f"is not offered by this run; it offers {known}")])
    try:
        return Wish(found, found.inputs.read({} if inputs is None else inputs, strict=strict).model_dump())
    except ParamsError as refused:
        raise ActionRefused([(f"params.{field}", message) for field, message in refused.errors]) from None
