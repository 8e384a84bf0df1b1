"""Records leave force: retired by their authority, or superseded by another record; and come back from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from rqf import consistency
from rqf.models import LevelMapping, QualificationVersion, audit
from rqf.models.audit import Entry
from rqf.people import Actor
from rqf.registry import quality
from rqf.rules import workflow
from rqf.rules.terms import MappingStep, Role, VersionStatus

_AT_ONCE = 400
_WITHDRAWABLE = [state for state, step in workflow.STEPS if step == MappingStep.WITHDRAW]
_ACTIONS = {
    VersionStatus.RETIRED: "qualification.retire",
    VersionStatus.SUPERSEDED: "qualification.supersede",
}


@dataclass(frozen=True)
class Leaving:
    """A record (its id), and what the audit trail is to say of why it leaves force."""

    qualification_id: int
    details: dict[str, Any] = field(default_factory=dict)


def leave_force(
    session: Session,
    actor: Actor,
    country: str,
    status: Literal[VersionStatus.RETIRED, VersionStatus.SUPERSEDED],
    records: Sequence[Leaving],
    reason: str | None = None,
) -> dict[int, QualificationVersion]:
    """Let records of ``country`` leave force, one audit entry each; return record id -> the version that did.

    A record without a published version is not in force and is left alone. ``reason`` is the legal act.
    """
    versions = _in_force(session, [one.qualification_id for one in records])
    entries = []
    for one in records:
        if version := versions.get(one.qualification_id):
            version.status = status
            details = {**one.details, "version": version.number,
                       "before": {"status": "published"}, "after": {"status": status}}  # fmt: skip
            entries.append(Entry(version.qualification.uuid, details))
    session.flush()
    if entries:
        audit.record_all(session, actor.account, _ACTIONS[status], "qualification", entries,
                         country=country, reason=reason)  # fmt: skip
    look_again(session, list(versions))
    return versions


def open_proposals(session: Session, version_ids: Sequence[int]) -> list[LevelMapping]:
    """Return the proposals of levels for these versions that nobody has decided or is at work on."""
    found: list[LevelMapping] = []
    for start in range(0, len(version_ids), _AT_ONCE):
        found += session.scalars(
            select(LevelMapping)
            .where(
                LevelMapping.version_id.in_(version_ids[start : start + _AT_ONCE]),
                LevelMapping.status.in_(_WITHDRAWABLE),
            )
            .options(joinedload(LevelMapping.version).joinedload(QualificationVersion.qualification))
            .order_by(LevelMapping.id)
        )
    return found


def withdraw_proposals(session: Session, actor: Actor, version_ids: Sequence[int], reason: str) -> int:
    """Withdraw the open proposals of levels for versions that leave force; return how many."""
    proposals = open_proposals(session, version_ids)
    for country, some in groupby(proposals, key=lambda one: one.version.country_code):
        entries = []
        for one in some:
            before = one.status
            one.status = workflow.advance(before, MappingStep.WITHDRAW, Role.OFFICER)
            entries.append(Entry(one.uuid, {"before": {"status": before}, "after": {"status": one.status}}))
        audit.record_all(
            session, actor.account, "mapping.withdraw", "level_mapping", entries,
            country=country, reason=reason,
        )  # fmt: skip
    return len(proposals)


def look_again(session: Session, ids: Sequence[int]) -> None:
    """Have the decisions around records (ids) checked that left force or came back, and count them anew."""
    quality.keep(session, ids)
    for start in range(0, len(ids), _AT_ONCE):
        consistency.watch(session, ids[start : start + _AT_ONCE])


def _in_force(session: Session, ids: Sequence[int]) -> dict[int, QualificationVersion]:
    found: dict[int, QualificationVersion] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.scalars(
            select(QualificationVersion)
            .where(
                QualificationVersion.qualification_id.in_(ids[start : start + _AT_ONCE]),
                QualificationVersion.status == VersionStatus.PUBLISHED,
            )
            .options(joinedload(QualificationVersion.qualification))
        )
        found |= {row.qualification_id: row for row in rows}
    return found
