"""The plan of an import: what each column of a file means, and what holds for all of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rqf.errors import N_, Invalid, Message, message
from rqf.registry.columns import COLUMNS, UNIT_FIELDS, find

_REQUIRED = tuple(column.name for column in COLUMNS if column.required)


@dataclass(frozen=True)
class Plan:
    """What a file means. Fields are those of rqf.registry.columns.

    ``columns``: header -> field, None for one left out. ``constants``: field -> text for all rows.
    ``values``: field -> (text of the file -> text of the field). ``templates``: field -> a text with ``{}``
    where the cell goes. ``initial``: fields that only new records take; afterwards people keep them.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    initial: tuple[str, ...] = ()
    profile: str | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Plan:
        """Return a plan as it was stored."""
        return cls(
            columns=dict(stored.get("columns", {})),
            constants=dict(stored.get("constants", {})),
            values={name: dict(one) for name, one in stored.get("values", {}).items()},
            templates=dict(stored.get("templates", {})),
            initial=tuple(stored.get("initial", ())),
            profile=stored.get("profile"),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the plan in JSON's values."""
        return {
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "values": {name: dict(one) for name, one in self.values.items()},
            "templates": dict(self.templates),
            "initial": list(self.initial),
            "profile": self.profile,
        }

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields that rows state, from a column or for all of them."""
        return frozenset({name for name in self.columns.values() if name} | set(self.constants))

    @property
    def has_units(self) -> bool:
        """Tell whether the file goes below the records, to units or outcomes."""
        return any(name in UNIT_FIELDS for name in self.columns.values())

    def header_of(self, name: str) -> str:
        """Return the column of the file that holds a field; the field's own name when none does."""
        return next((header for header, known in self.columns.items() if known == name), name)


def check_plan(plan: Plan) -> None:
    """Refuse a plan that no file could be imported with.

    :raises Invalid: a field is unknown, taken twice, or needed and missing.
    """
    wrong: dict[str, list[Message]] = {}
    taken: dict[str, str] = {}
    for header, name in plan.columns.items():
        if name is None:
            continue
        if find(name) is None:
            wrong[header] = [message(N_("There is no field “%(value)s”."), value=name)]
        elif name in taken:
            said = N_("The columns “%(first)s” and “%(second)s” cannot both be the field “%(value)s”.")
            wrong[header] = [message(said, first=taken[name], second=header, value=name)]
        taken.setdefault(name, header)
    for name in plan.constants:
        if find(name) is None:
            wrong[name] = [message(N_("There is no field “%(value)s”."), value=name)]
    for name in _missing(plan):
        wrong[name] = [message(N_("No column holds the field “%(value)s”, which is needed."), value=name)]
    if wrong:
        raise Invalid(wrong)


def _missing(plan: Plan) -> list[str]:
    """Return the fields without which no row can be understood."""
    if not plan.has_units:
        return [name for name in _REQUIRED if name not in plan.fields]
    missing = [] if plan.fields & {"unit_code", "unit_title"} else ["unit_title"]
    if plan.fields & {"id", "code", "unit_code"}:
        return missing
    # Only kind and title say which record is meant.
    return [*(name for name in _REQUIRED if name not in plan.fields), *missing]
