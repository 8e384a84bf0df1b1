"""Retiring the records of a filter with a legal act, at once or announced for a day to come."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, joinedload

from rqf.errors import N_, Changed, Invalid, message
from rqf.models import Qualification, QualificationVersion, Statement, StatementWithdrawal, audit, catalogue
from rqf.models.audit import Entry
from rqf.people import Actor
from rqf.registry.imports.registered import decisions_on
from rqf.registry.leaving import Leaving, leave_force, open_proposals, withdraw_proposals
from rqf.registry.listing import OwnFilter, own_query
from rqf.registry.texts import Complaints
from rqf.rules.terms import VersionStatus
from rqf.rules.texts import searchable

#: More at once nobody can look through.
MOST = 2000
_LONGEST = 2000
_SHOWN = 20
_ACT = N_("Name the legal act by which they are retired, or the reason.")
_AT_ONCE = 400
#: A record as it was chosen: its id and country, and its newest version.
Record = Row[int, str, int, int, dict[str, str], str]


@dataclass(frozen=True)
class Retirement:
    """What a retirement would take out of force, and what rests on it.

    ``seen`` stands for exactly these records as they are now: the retirement is refused when they are others.
    """

    count: int
    titles: Sequence[str]
    mappings: int
    equivalences: int
    statements: int
    #: Proposals of the own country that would be withdrawn.
    proposals: int
    seen: str


def plan_retirement(session: Session, actor: Actor, wanted: OwnFilter, uuid: str | None = None) -> Retirement:
    """Return what would be retired: the records in force of a filter, or the one record ``uuid``.

    :raises NotAllowed: the actor is no officer.
    :raises Invalid: they are more than can be retired at once.
    """
    rows = chosen_records(session, actor, wanted, VersionStatus.PUBLISHED, uuid)
    ids = [row.id for row in rows]
    touched = decisions_on(session, ids).values()
    return Retirement(
        count=len(rows),
        titles=[row.titles.get(row.original_language, "") for row in rows[:_SHOWN]],
        mappings=sum(one.get("mappings", 0) for one in touched),
        equivalences=sum(one.get("equivalences", 0) for one in touched),
        statements=_statements(session, ids),
        proposals=len(open_proposals(session, [row.version_id for row in rows])),
        seen=fingerprint(rows),
    )


def retire(
    session: Session, actor: Actor, wanted: OwnFilter, reason: str, seen: str, uuid: str | None = None
) -> int:
    """Retire the records of a filter, or one, naming the legal act; return how many. All or none.

    Proposals of levels for them that no reviewer is at work on are withdrawn. The decisions that rest on them
    are looked through again: what stands on a retired record is a finding.

    :raises Invalid: the reason is missing or too long, or nothing is in force.
    :raises Changed: the records are not those that the page showed.
    """
    said = checked_reason(reason, _ACT)
    rows = _as_seen(session, actor, wanted, uuid, seen)
    withdraw_proposals(session, actor, [row.version_id for row in rows], said)
    for country, some in groupby(rows, key=lambda row: row.country_code):
        leaving = [Leaving(row.id) for row in some]
        leave_force(session, actor, country, VersionStatus.RETIRED, leaving, said)
    catalogue.note_changes(session, [row.id for row in rows])
    return len(rows)


def announce(
    session: Session,
    actor: Actor,
    wanted: OwnFilter,
    ends: tuple[date | None, date | None],
    reason: str,
    seen: str,
    uuid: str | None = None,
) -> int:
    """Announce the last enrolment and the last award of the records of a filter; return how many.

    They stay in force and are expiring. Like the status, the days belong to the life of a text and not to
    what it says, so they make no new version.

    :raises Invalid: the reason or both days are missing, they are in the wrong order, or nothing is in force.
    :raises Changed: the records are not those that the page showed.
    """
    enrolment, award = ends
    if not (enrolment or award):
        raise Invalid(
            {"last_award": [message(N_("Name the day of the last enrolment or of the last award."))]}
        )
    if enrolment and award and award < enrolment:
        template = N_("The last award, %(award)s, lies before the last enrolment, %(enrolment)s.")
        raise Invalid({"last_award": [message(template, award=award, enrolment=enrolment)]})
    said = checked_reason(reason, _ACT)
    rows = _as_seen(session, actor, wanted, uuid, seen)
    for country, some in groupby(rows, key=lambda row: row.country_code):
        versions = read_versions(session, [row.version_id for row in some])
        entries = [Entry(one.qualification.uuid, _end(one, enrolment, award)) for one in versions]
        session.flush()
        audit.record_all(
            session, actor.account, "qualification.announce_end", "qualification", entries,
            country=country, reason=said,
        )  # fmt: skip
    return len(rows)


def checked_reason(reason: str, missing: str) -> str:
    """Return what was given as a reason, tidied.

    :raises Invalid: it is too long, or it says nothing; then ``missing`` is said.
    """
    wrong = Complaints()
    said = wrong.clean("reason", reason, _LONGEST)
    if not said and "reason" not in wrong:
        wrong.add("reason", missing)
    wrong.refuse()
    return said or ""


def chosen_records(
    session: Session, actor: Actor, wanted: OwnFilter, status: VersionStatus, uuid: str | None = None
) -> Sequence[Record]:
    """Return the records of a filter, or the one, whose newest version has ``status``; by country.

    :raises Invalid: they are more than anybody can look through.
    """
    query, _ = own_query(session, actor, replace(wanted, status=status))
    if uuid is not None:
        query = query.where(Qualification.uuid == searchable(uuid))
    found = session.execute(
        query.with_only_columns(
            Qualification.id, Qualification.country_code, QualificationVersion.id.label("version_id"),
            QualificationVersion.revision, QualificationVersion.titles,
            QualificationVersion.original_language,
        )
        .order_by(Qualification.country_code, Qualification.id)
        .limit(MOST + 1)
    ).all()  # fmt: skip
    if len(found) > MOST:
        said = N_("More than %(most)s records fit. Narrow the filter: nobody can look through more at once.")
        raise Invalid({"filter": [message(said, most=MOST)]})
    return found


def read_versions(session: Session, ids: Sequence[int]) -> list[QualificationVersion]:
    """Return the versions with these ids, some hundred at a time, with their qualifications."""
    found: list[QualificationVersion] = []
    for start in range(0, len(ids), _AT_ONCE):
        found += session.scalars(
            select(QualificationVersion)
            .where(QualificationVersion.id.in_(ids[start : start + _AT_ONCE]))
            .options(joinedload(QualificationVersion.qualification))
            .order_by(QualificationVersion.id)
        )
    return found


def fingerprint(rows: Sequence[Record]) -> str:
    """Return what stands for exactly these records as they are now."""
    told = ",".join(f"{row.version_id}.{row.revision}" for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()


def _as_seen(
    session: Session, actor: Actor, wanted: OwnFilter, uuid: str | None, seen: str
) -> Sequence[Record]:
    audit.lock(session)
    rows = chosen_records(session, actor, wanted, VersionStatus.PUBLISHED, uuid)
    if fingerprint(rows) != seen:
        raise Changed(
            N_("The records have changed since you saw them. Look at them again before you retire them.")
        )
    if not rows:
        raise Invalid({"reason": [message(N_("None of these records is in force."))]})
    return rows


def _end(version: QualificationVersion, enrolment: date | None, award: date | None) -> dict[str, Any]:
    """Set the last days of a version; return what the trail says of it."""
    before = {"last_enrolment": version.last_enrolment, "last_award": version.last_award}
    version.last_enrolment, version.last_award = enrolment, award
    after = {"last_enrolment": enrolment, "last_award": award}
    return {
        "version": version.number,
        "before": {name: day.isoformat() if day else None for name, day in before.items()},
        "after": {name: day.isoformat() if day else None for name, day in after.items()},
    }


def _statements(session: Session, ids: Sequence[int]) -> int:
    """Return how many statements that were not withdrawn are about one of the records."""
    found: set[int] = set()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        found |= set(
            session.scalars(
                select(Statement.id)
                .outerjoin(StatementWithdrawal, StatementWithdrawal.statement_id == Statement.id)
                .where(
                    StatementWithdrawal.statement_id.is_(None),
                    or_(Statement.a_qualification_id.in_(some), Statement.b_qualification_id.in_(some)),
                )
                .limit(10_000)
            )
        )
    return len(found)
