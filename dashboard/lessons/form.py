"""The parameter form of a lab, made from the JSON schema of its parameter model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from labs.sdk.lab import Lab
from labs.sdk.params import Params

Query = MultiDict[str, str]


@dataclass(frozen=True)
class Field:
    """One parameter as the form shows it."""

    name: str
    title: str
    help: str
    widget: str
    options: tuple[tuple[str, str], ...]
    minimum: int | None
    maximum: int | None
    default: Any
    value: Any
    advanced: bool
    when: Mapping[str, Any] | None


def fields(lab: Lab, given: Mapping[str, Any], query: Query) -> list[Field]:
    """Every parameter with the value it starts with: from the link's query, else from `given`, else the default.

    A value in the query that the model would refuse is left out rather than shown.
    """
    properties: Mapping[str, Mapping[str, Any]] = lab.params.model_json_schema()["properties"]
    found = [_field(name, rule, given.get(name), query) for name, rule in properties.items()]
    # What every lab has (runtimes, repeats) comes after what is its own.
    return sorted(found, key=lambda field: (field.advanced, field.name in Params.model_fields))


def _field(name: str, rule: Mapping[str, Any], given: Any, query: Query) -> Field:
    labels = rule.get("labels", {})
    words = rule.get("enum") or rule.get("items", {}).get("enum") or labels
    options = tuple((str(word), str(labels.get(word, word))) for word in words)
    asked = _from_query(rule, query.getlist(name), [value for value, _ in options])
    value = asked if asked is not None else given if given is not None else rule.get("default")
    return Field(
        name=name,
        title=rule.get("title", name),
        help=rule.get("description", ""),
        widget=rule.get("widget", _usual_widget(rule)),
        options=options,
        minimum=rule.get("minimum"),
        maximum=rule.get("maximum"),
        default=rule.get("default"),
        value=value,
        advanced=bool(rule.get("advanced")),
        when=rule.get("when"),
    )


def _usual_widget(rule: Mapping[str, Any]) -> str:
    kinds = {"boolean": "switch", "array": "multichips", "integer": "slider", "number": "slider"}
    return kinds.get(rule.get("type", ""), "chips")


def _from_query(rule: Mapping[str, Any], words: Sequence[str], options: Sequence[str]) -> Any:
    """The query's words as a value of this parameter, or None if there is none or it does not fit."""
    if not words:
        return None
    kind = rule.get("type")
    if kind == "array":
        chosen = [word for word in dict.fromkeys(",".join(words).split(",")) if word in options]
        return chosen or None
    if kind == "integer":
        return _whole_number(words[0], rule)
    if rule.get("widget") == "blocks":
        return words[0] if len(words[0]) <= rule["maxLength"] else None
    if kind == "boolean":
        return {"true": True, "false": False}.get(words[0])
    return words[0] if words[0] in options else None


def _whole_number(word: str, rule: Mapping[str, Any]) -> int | None:
    try:
        number = int(word)
    except ValueError:
        return None
    low, high = rule.get("minimum", number), rule.get("maximum", number)
    return number if low <= number <= high else None
