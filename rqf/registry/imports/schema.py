"""The rules of the columns for machines: a JSON Schema of one row, whose cells are texts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from rqf.errors import Message
from rqf.registry.columns import COLUMNS, UNIT_COLUMNS, Column
from rqf.registry.national_lists import Known
from rqf.rules.terms import OutcomeDomain, QualificationType

_PATTERNS = {
    "date": r"^(\d{4}-\d{2}-\d{2})?$",
    "amount": r"^(\d+(\.\d{1,2})?)?$",
    "level": r"^\d{0,3}$",
}


def schema(session: Session, country: str, *, units: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of a row of a country's import file: of records, or of their units."""
    columns = (*COLUMNS, *UNIT_COLUMNS) if units else COLUMNS
    codes = ("code", "unit_code") if units else ("code",)
    known = Known(session, country)
    choices = {
        "type": [one.value for one in QualificationType],
        "code_system": ["", *sorted(known.systems)],
        "unit_code_system": ["", *sorted(known.systems)],
        "unit_mandatory": ["", "yes", "no"],
        "outcome_domain": ["", *(one.value for one in OutcomeDomain)],
        "framework": ["", *sorted(known.editions)],
        "sector": ["", *known.sectors],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"rqf import, {country}",
        "type": "object",
        "properties": {column.name: _property(column, choices.get(column.name), units) for column in columns},
        "patternProperties": {"^title_[a-z]{2,3}$": {"type": "string", "maxLength": 500}},
        **_required(units),
        "additionalProperties": False,
        "allOf": [
            {
                "if": {
                    "properties": {f"{name}_system": {"const": system.code}},
                    "required": [f"{name}_system"],
                },
                "then": {"properties": {name: {"pattern": system.pattern}}, "required": [name]},
            }
            for system in known.systems.values()
            for name in codes
        ],
    }


def _required(units: bool) -> dict[str, Any]:
    """Return what a row needs: kind and title; in a file of units one of the names of record or unit."""
    if not units:
        return {"required": [column.name for column in COLUMNS if column.required]}
    return {"anyOf": [{"required": [name]} for name in ("unit_title", "unit_code", "outcome")]}


def _property(column: Column, choices: list[str] | None, units: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": "string", "title": str(Message(column.meaning)), "description": str(Message(column.accepts)),
        "maxLength": column.longest,
    }  # fmt: skip
    if choices:
        said["enum"] = choices
    if column.kind in _PATTERNS:
        said["pattern"] = _PATTERNS[column.kind]
    if column.required and not units:
        said["minLength"] = 1
    if column.example:
        said["examples"] = [column.example]
    return said
