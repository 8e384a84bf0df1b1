"""Kinds of values that several schemas share."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from marshmallow import fields, validate


class Amount(fields.Decimal):
    """An exact number, a plain number in JSON."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("validate", validate.Range(min=0, max=10_000_000, min_inclusive=False))
        super().__init__(**options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> float | None:
        return None if value is None else float(value)


def word(kind: type[StrEnum], **options: Any) -> fields.Enum:
    """Return a field that holds a member of ``kind``, written as its value."""
    return fields.Enum(kind, by_value=True, **options)


def text(longest: int, **options: Any) -> fields.String:
    """Return a field of text of at most ``longest`` characters."""
    return fields.String(validate=validate.Length(max=longest), **options)


def texts(**options: Any) -> fields.Dict:
    """Return a field that holds a text per language."""
    return fields.Dict(
        keys=fields.String(validate=validate.Length(min=2, max=8)), values=fields.String(), **options
    )


def country(**options: Any) -> fields.String:
    """Return a field that holds a country's ISO 3166 code."""
    return fields.String(validate=validate.Regexp("^[A-Z]{2}$"), **options)


def level(**options: Any) -> fields.Integer:
    """Return a field that holds the number of a level; in an address (``strict=False``) it is a text."""
    return fields.Integer(validate=validate.Range(1, 20), **{"strict": True, **options})


def score(**options: Any) -> fields.Float:
    """Return a field that holds a score."""
    return fields.Float(metadata={"description": "0 to 100", "minimum": 0, "maximum": 100}, **options)
