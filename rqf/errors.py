"""What can go wrong, in the field's words.

    RqfError
    ├── NotFound      there is no such record, or it is not yours to see
    ├── NotAllowed    the person may not do this
    ├── WrongState    the record is not in a state that allows the step
    ├── Changed       somebody else changed the record first
    ├── TooMany       too many tries; wait
    └── Invalid       values are wrong: field -> messages

A message is an English template with its values kept apart, so that each door says it in the reader's
language. ``N_`` marks a template for the translators and returns it unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(template: str) -> str:
    """Return ``template``; the mark lets the translators' tool find it."""
    return template


@dataclass(frozen=True)
class Message:
    """A sentence that can be said in any language: a template and the values that go into it."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


def message(template: str, **values: Any) -> Message:
    """Return the sentence ``template`` with ``values``, to be translated later."""
    return Message(template, values)


class RqfError(Exception):
    """Something that the person can be told in one sentence."""

    def __init__(self, template: str, **values: Any) -> None:
        self.message = Message(template, values)
        super().__init__(str(self.message))


class NotFound(RqfError):
    """There is no such record, or it is not the actor's to see."""


class NotAllowed(RqfError):
    """The actor may not do this."""


class WrongState(RqfError):
    """The record is not in a state that allows this step."""


class Changed(RqfError):
    """Somebody else changed or decided the record first."""


class TooMany(RqfError):
    """Too many tries in too short a time."""


class Invalid(RqfError):
    """One or more values are wrong; ``fields`` says which and why.

    Each message names the value that was given and what is allowed.
    """

    def __init__(self, fields: Mapping[str, list[Message]]) -> None:
        self.fields = dict(fields)
        super().__init__(N_("Some values are wrong."))

    def __str__(self) -> str:
        return "; ".join(f"{name}: {said}" for name, all_said in self.fields.items() for said in all_said)
