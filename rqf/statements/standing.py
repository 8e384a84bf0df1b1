"""Does a statement still say what the register says? If not: since when, and what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from rqf import lookup
from rqf.errors import N_, Message, NotFound, message
from rqf.models import (
    Equivalence,
    EquivalenceDecision,
    FrameworkEdition,
    LevelMapping,
    Qualification,
    QualificationVersion,
    Referencing,
    Statement,
)
from rqf.models.standing import endorsed_mappings, regional_edition
from rqf.rules.terms import ReferencingStatus, StatementState
from rqf.statements.reading import document


@dataclass(frozen=True)
class Change:
    """What is different in the register now, and since when, as far as the register knows."""

    said: Message
    since: date | None = None


@dataclass(frozen=True)
class StandingNow:
    """The state of a statement today; ``since`` is the day that ended it, None while it is valid."""

    state: StatementState
    since: date | None = None
    changes: tuple[Change, ...] = ()
    reason: str | None = None


def standing(session: Session, statement: Statement) -> StandingNow:
    """Return whether a statement is valid, superseded or withdrawn, and why."""
    withdrawal = statement.withdrawal
    changes = tuple(_changes(session, statement))
    if withdrawal is not None:
        return StandingNow(StatementState.WITHDRAWN, withdrawal.at.date(), changes, withdrawal.reason)
    if not changes:
        return StandingNow(StatementState.VALID)
    known = [one.since for one in changes if one.since]
    return StandingNow(StatementState.SUPERSEDED, min(known, default=None), changes)


def _changes(session: Session, statement: Statement) -> Iterator[Change]:
    said = document(statement)
    edition = regional_edition(session)
    for side in ("a", "b"):
        record = said["records"][side]
        version = _frozen_version(session, record)
        yield from _version_changes(session, side.upper(), record)
        yield from _level_changes(session, side.upper(), record, version, edition)
    yield from _decision_changes(session, statement, said)
    if (edition.framework.code, edition.label) != (said["edition"]["code"], said["edition"]["label"]):
        yield Change(
            message(
                N_("The regional framework in use is now %(code)s %(label)s."),
                code=edition.framework.code,
                label=edition.label,
            )
        )


def _frozen_version(session: Session, record: dict[str, Any]) -> QualificationVersion:
    return session.scalars(
        select(QualificationVersion)
        .join(Qualification)
        .where(Qualification.uuid == record["id"], QualificationVersion.number == record["version"])
    ).one()


def _version_changes(session: Session, side: str, record: dict[str, Any]) -> Iterator[Change]:
    try:
        current = lookup.find(session, record["id"])
    except NotFound:
        yield Change(message(N_("Record %(side)s is no longer public."), side=side))
        return
    if current.number != record["version"]:
        yield Change(
            message(
                N_("Version %(new)s of record %(side)s took the place of version %(old)s."),
                side=side,
                new=current.number,
                old=record["version"],
            ),
            current.published_at.date() if current.published_at else None,
        )
    elif current.status.value != record["status"]:
        yield Change(
            message(N_("Record %(side)s is now %(status)s."), side=side, status=current.status),
            current.updated_at.date(),
        )


def _level_changes(
    session: Session,
    side: str,
    record: dict[str, Any],
    version: QualificationVersion,
    edition: FrameworkEdition,
) -> Iterator[Change]:
    level = record["regional_level"]
    mapping = level["mapping"] if level else None
    now_decided = endorsed_mappings(session, [version.id], edition.id).get(version.id)
    if now_decided and (mapping is None or now_decided.number != mapping["number"]):
        yield Change(
            message(
                N_("The level of record %(side)s has been decided anew: %(range)s, by %(number)s."),
                side=side,
                range=_range(now_decided.low, now_decided.high),
                number=now_decided.number,
            ),
            now_decided.decided_at.date() if now_decided.decided_at else None,
        )
    elif mapping and now_decided is None:
        yield Change(
            message(
                N_("The decision %(number)s on the level of record %(side)s no longer stands."),
                side=side,
                number=mapping["number"],
            ),
            _ended(session, mapping["number"]),
        )
    elif not mapping and version.level_id:
        yield from _referencing_changes(session, side, level, version.level_id, edition)


def _referencing_changes(
    session: Session, side: str, level: dict[str, Any] | None, level_id: int, edition: FrameworkEdition
) -> Iterator[Change]:
    row = session.scalar(
        select(Referencing).where(
            Referencing.level_id == level_id,
            Referencing.regional_edition_id == edition.id,
            Referencing.status != ReferencingStatus.WITHDRAWN,
        )
    )
    then = level["referencing"] if level else None
    before = (then["low"], then["high"], then["status"]) if then else None
    after = (row.low, row.high, row.status.value) if row else None
    if before == after:
        return
    if row is None:
        yield Change(message(N_("The national level of record %(side)s is no longer referenced."), side=side))
        return
    yield Change(
        message(
            N_("The national level of record %(side)s is now referenced to %(range)s (%(status)s)."),
            side=side,
            range=_range(row.low, row.high),
            status=row.status,
        )
    )


def _decision_changes(session: Session, statement: Statement, said: dict[str, Any]) -> Iterator[Change]:
    then = {one["number"] for one in said["decided"]}
    now_standing = {
        one.number: one
        for one in lookup.decided_between(session, statement.a_qualification_id, statement.b_qualification_id)
    }
    for number in sorted(now_standing.keys() - then):
        yield Change(
            message(N_("The equivalence %(number)s was decided between the two records."), number=number),
            _decided_on(now_standing[number].decisions),
        )
    for number in sorted(then - now_standing.keys()):
        row = session.scalar(select(Equivalence).where(Equivalence.number == number))
        yield Change(
            message(N_("The decision %(number)s on an equivalence no longer stands."), number=number),
            row.valid_to if row else None,
        )


def _ended(session: Session, number: str) -> date | None:
    """Return the day on which another decision took the place of a mapping."""
    ended = aliased(LevelMapping)
    moment = session.scalar(
        select(LevelMapping.decided_at)
        .join(ended, LevelMapping.supersedes_id == ended.id)
        .where(ended.number == number)
    )
    return moment.date() if moment else None


def _decided_on(decisions: list[EquivalenceDecision]) -> date | None:
    return max((one.at.date() for one in decisions), default=None)


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"
