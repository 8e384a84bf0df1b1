"""A mapping of columns from a file of its own, in the layout of the profiles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rqf.errors import N_, Invalid, message
from rqf.registry.imports.headers import words_of
from rqf.registry.imports.plan import Plan

_PARTS = ("columns", "constants", "values", "templates", "initial")


def read_mapping(text: str) -> Plan:
    """Return the plan that a JSON text says: ``{"columns": {"Header": "field"}, "constants": {…}, …}``.

    :raises Invalid: it is no such JSON.
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise _wrong(N_("It is no JSON (%(reason)s)."), reason=str(error)) from None
    if not isinstance(found, dict) or not isinstance(found.get("columns"), dict):
        raise _wrong(N_("It has to be a JSON object in which “columns” names header and field."))
    for name in _PARTS:
        if not _fits(name, found.get(name, [] if name == "initial" else {})):
            raise _wrong(N_("“%(name)s” is not written as in a profile."), name=name)
    return Plan.from_json({name: found[name] for name in _PARTS if name in found})


def _fits(name: str, value: Any) -> bool:
    if name == "initial":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not isinstance(value, dict):
        return False
    if name == "values":
        return all(_fits("", one) for one in value.values())
    return all(isinstance(one, str) or (one is None and name == "columns") for one in value.values())


def _wrong(template: str, **values: str) -> Invalid:
    return Invalid({"mapping": [message(template, **values)]})


def plan_for(mapping: Plan, headers: Sequence[str]) -> Plan:
    """Return the plan with the headers as a file writes them; columns that it does not name are left out.

    :raises Invalid: it names a column that the file does not have.
    """
    known = {words_of(header): name for header, name in mapping.columns.items()}
    there = {words_of(header) for header in headers}
    for header in mapping.columns:
        if words_of(header) not in there:
            said = N_("The file has no column “%(value)s”. Its columns: %(columns)s.")
            raise _wrong(said, value=header, columns=", ".join(headers))
    return replace(mapping, columns={header: known.get(words_of(header)) for header in headers})
