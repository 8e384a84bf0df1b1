"""The rules of the columns for machines: a JSON Schema of one row, whose cells are texts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from rqf.errors import Message
from rqf.registry.columns import COLUMNS, Column
from rqf.registry.national_lists import Known
from rqf.rules.terms import QualificationType

_PATTERNS = {
    "date": r"^(\d{4}-\d{2}-\d{2})?$",
    "amount": r"^(\d+(\.\d{1,2})?)?$",
    "level": r"^\d{0,3}$",
}


def schema(session: Session, country: str) -> dict[str, Any]:
    """Return the JSON Schema of a row of a country's import file."""
    known = Known(session, country)
    choices = {
        "type": [one.value for one in QualificationType],
        "code_system": ["", *sorted(known.systems)],
        "framework": ["", *sorted(known.editions)],
        "sector": ["", *known.sectors],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"rqf import, {country}",
        "type": "object",
        "properties": {column.name: _property(column, choices.get(column.name)) for column in COLUMNS},
        "patternProperties": {"^title_[a-z]{2,3}$": {"type": "string", "maxLength": 500}},
        "required": [column.name for column in COLUMNS if column.required],
        "additionalProperties": False,
        "allOf": [
            {
                "if": {"properties": {"code_system": {"const": system.code}}, "required": ["code_system"]},
                "then": {"properties": {"code": {"pattern": system.pattern}}, "required": ["code"]},
            }
            for system in known.systems.values()
        ],
    }


def _property(column: Column, choices: list[str] | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": "string", "title": str(Message(column.meaning)), "description": str(Message(column.accepts)),
        "maxLength": column.longest,
    }  # fmt: skip
    if choices:
        said["enum"] = choices
    if column.kind in _PATTERNS:
        said["pattern"] = _PATTERNS[column.kind]
    if column.required:
        said["minLength"] = 1
    if column.example:
        said["examples"] = [column.example]
    return said
