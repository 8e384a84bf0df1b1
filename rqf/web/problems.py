"""Complaints from below the doors, put beside the fields of a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rqf.errors import Message
from rqf.web.languages import say


def show(form: Any, fields: Mapping[str, Sequence[Message]], locate: Callable[[str], str]) -> None:
    """Say what is wrong beside the fields of ``form``; ``locate`` turns a place into a field's name.

    What has no field stands at the top of the page, where all complaints are listed.
    """
    for place, messages in fields.items():
        said = [say(one) for one in messages]
        field = _find(form, locate(place))
        if field is None:
            form.form_errors.extend(said)
        else:
            field.errors = [*field.errors, *said]


def listed(form: Any) -> list[tuple[str, str, str]]:
    """Return (address of the field, its label, what is wrong) of all that is wrong, in reading order."""
    found = [("", "", str(text)) for text in form.form_errors]
    for field in form:
        found += _of(field)
    return found


def _of(field: Any) -> list[tuple[str, str, str]]:
    inner = getattr(field, "entries", None)
    if inner is None and hasattr(field, "form"):
        inner = list(field.form)
    if inner is None:
        return [(field.id, str(field.label.text), str(text)) for text in field.errors]
    return [one for each in inner for one in _of(each)]


def _find(form: Any, name: str) -> Any:
    """Return the field that a name such as ``units.0.outcomes.2.text`` leads to, or None."""
    at = form
    for step in name.split("."):
        at = getattr(at, "form", at)
        try:
            at = at.entries[int(step)] if step.isdecimal() else at[step]
        except (KeyError, IndexError, AttributeError):
            return None
    return None if hasattr(at, "entries") or hasattr(at, "form") else at
