"""Parameters of a lab and of its actions: one pydantic model validates, draws the form, makes the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator


class ParamsError(ValueError):
    """Parameters were refused. `errors` is a list of `(field, message)` in plain words."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors))
        self.errors = errors


def slider(default: int, low: int, high: int, title: str, help: str, **extra: Any) -> Any:
    """A whole number between `low` and `high`, both allowed. `words` says what a number means: `{"0": "auto"}`.

    `suits={"when": {"mode": "sweep"}, "least": 2, "usual": 4}`: once that mode is chosen, 1 becomes 4.
    """
    return Field(
        default, ge=low, le=high, title=title, description=help,
        json_schema_extra={"widget": "slider", **extra},
    )  # fmt: skip


def choice(default: str, labels: Mapping[str, str], title: str, help: str, **extra: Any) -> Any:
    """One of a few words; annotate the field with the matching `Literal`."""
    return Field(
        default, title=title, description=help,
        json_schema_extra={"widget": "chips", "labels": dict(labels), **extra},
    )  # fmt: skip


def choices(default: list[str], labels: Mapping[str, str], title: str, help: str, **extra: Any) -> Any:
    """One or more of a few words, in the order given, none twice."""
    return Field(
        default_factory=lambda: list(default), min_length=1, title=title, description=help,
        json_schema_extra={
            "widget": "multichips", "labels": dict(labels), "default": list(default), **extra
        },
    )  # fmt: skip


class Inputs(BaseModel):
    """Values that somebody sends: immutable, and an unknown name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read(cls, raw: object, *, strict: bool = True) -> Self:
        """Check what a client sent.

        `strict` refuses `"5"` and `true` where a number is meant (JSON);
        without it strings are converted (command line).
        Raises `ParamsError` with a message for each refused field.
        """
        try:
            return cls.model_validate(raw, strict=strict)
        except ValidationError as error:
            raise ParamsError([_in_words(cls, item) for item in error.errors()]) from None


class Params(Inputs):
    """Base of every lab's parameters."""

    runtimes: list[str]
    repeats: int = slider(
        3, 1, 9, "Repeats", "How often each burst is run. More repeats, a surer answer.", advanced=True
    )

    @field_validator("*")
    @classmethod
    def _nothing_twice(cls, value: Any) -> Any:
        if isinstance(value, list) and (again := [one for n, one in enumerate(value) if one in value[:n]]):
            raise ValueError(f"names {again[0]} twice; name each once")
        return value


def _in_words(model: type[Inputs], item: Any) -> tuple[str, str]:
    field = str(item["loc"][0]) if item["loc"] else "params"
    given = repr(item["input"])
    given = given if len(given) <= 40 else given[:37] + "…"
    bounds = model.model_json_schema()["properties"].get(field, {})
    low, high = bounds.get("minimum"), bounds.get("maximum")
    match item["type"]:
        case "extra_forbidden":
            known = ", ".join(model.model_fields) or "nothing"
            whose = "this lab" if issubclass(model, Params) else "this action"
            return field, f"is not a parameter of {whose}; it takes {known}"
        case "missing":
            return field, "is missing"
        case "greater_than_equal" | "less_than_equal":
            return field, f"must be from {low} to {high}, not {given}"
        case "int_type" | "int_parsing" | "int_from_float":
            return field, f"must be a whole number from {low} to {high}, not {given}"
        case "literal_error":
            return field, f"must be one of {item['ctx']['expected']}, not {given}"
        case "too_short":
            return field, "needs at least one"
        case "value_error":
            return field, str(item["ctx"]["error"])
        case _:
            return field, f"{item['msg']} (was {given})"
