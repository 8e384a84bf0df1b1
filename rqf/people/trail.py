"""Reading the audit trail: who did what to which record, and what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from rqf.models import AuditEntry, audit
from rqf.people.accounts import Actor, require
from rqf.rules.chain import Head
from rqf.rules.terms import Role
from rqf.rules.texts import searchable

#: What entries keep under these names is told as a change from one to the other.
_SIDES = ("before", "after")
#: No entry has a higher number: a database would not even compare one.
_HIGHEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Change:
    """A value that an action changed, and where it stands in the record: ``titles.es``."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class TrailEntry:
    """An entry of the trail, its details told as changes and facts."""

    entry: AuditEntry
    changes: tuple[Change, ...]
    facts: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Trail:
    """A stretch of the trail, the newest entry first; ``older`` is where the next one starts, or None."""

    entries: tuple[TrailEntry, ...]
    older: int | None


def audit_trail(
    session: Session,
    actor: Actor,
    *,
    country: str | None = None,
    action: str | None = None,
    person: str | None = None,
    record: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Trail:
    """Return the newest entries, or those older than the entry ``before``.

    ``person`` is a part of a name or address, ``record`` an identifier.

    :raises NotAllowed: the actor is not the secretariat.
    """
    require(actor, Role.SECRETARIAT)
    wanted: list[ColumnElement[bool]] = []
    if country:
        wanted.append(AuditEntry.country_code == searchable(country))
    if action:
        wanted.append(AuditEntry.action == searchable(action))
    if person and searchable(person):
        wanted.append(AuditEntry.actor.icontains(searchable(person), autoescape=True))
    if record and searchable(record):
        wanted.append(_about(searchable(record)))
    if before:
        wanted.append(AuditEntry.id < min(before, _HIGHEST_ID))
    rows = session.scalars(
        select(AuditEntry).where(*wanted).order_by(AuditEntry.id.desc()).limit(limit + 1)
    ).all()
    older = rows[limit - 1].id if len(rows) > limit else None
    return Trail(tuple(_told(row) for row in rows[:limit]), older)


def audit_head(session: Session, actor: Actor) -> Head:
    """Return where the trail stands now, to be kept outside this system.

    :raises NotAllowed: the actor is not the secretariat.
    """
    require(actor, Role.SECRETARIAT)
    return audit.head(session)


def audited_actions(session: Session, actor: Actor) -> list[str]:
    """Return the actions that stand in the trail, by name.

    :raises NotAllowed: the actor is not the secretariat.
    """
    require(actor, Role.SECRETARIAT)
    return list(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def _about(record: str) -> ColumnElement[bool]:
    """Match entries on a record, and those on its mappings, which name their qualification."""
    return or_(
        AuditEntry.record_id == record,
        AuditEntry.details["qualification"].as_string() == record,
    )


def _told(entry: AuditEntry) -> TrailEntry:
    before, after = (entry.details.get(side) for side in _SIDES)
    facts = tuple((name, value) for name, value in entry.details.items() if name not in _SIDES)
    return TrailEntry(entry, tuple(_changes(before, after)), facts)


def _changes(before: Any, after: Any, place: str = "") -> list[Change]:
    if before == after:
        return []
    one, other = _parts(before), _parts(after)
    if one is None or other is None or not (one or other):
        return [Change(place, before, after)]
    found = []
    for name in dict.fromkeys([*one, *other]):
        found += _changes(one.get(name), other.get(name), f"{place}.{name}" if place else name)
    return found


def _parts(value: Any) -> Mapping[str, Any] | None:
    """Return the named parts of a value; None stands for nothing, and a plain value has no parts."""
    if value is None:
        return {}
    if isinstance(value, list):
        return {str(place): one for place, one in enumerate(value, 1)}
    return value if isinstance(value, dict) else None
