"""Retiring the records of a filter with a legal act, and putting one back into force."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from rqf.errors import N_, Changed, Invalid, NotFound, WrongState, message
from rqf.models import Qualification, QualificationVersion, Statement, StatementWithdrawal, audit, catalogue
from rqf.people import Actor, require
from rqf.registry.imports.registered import decisions_on
from rqf.registry.leaving import Leaving, leave_force, look_again
from rqf.registry.listing import OwnFilter, own_query
from rqf.registry.texts import Complaints
from rqf.rules.terms import Role, VersionStatus
from rqf.rules.texts import searchable

#: More at once nobody can look through.
MOST = 2000
_LONGEST = 2000
_SHOWN = 20
_AT_ONCE = 400
_Record = Row[int, str, int, int, dict[str, str], str]


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
    seen: str


def plan_retirement(session: Session, actor: Actor, wanted: OwnFilter, uuid: str | None = None) -> Retirement:
    """Return what would be retired: the records in force of a filter, or the one record ``uuid``.

    :raises NotAllowed: the actor is no officer.
    :raises Invalid: they are more than can be retired at once.
    """
    rows = _in_force(session, actor, wanted, uuid)
    ids = [row.id for row in rows]
    touched = decisions_on(session, ids).values()
    return Retirement(
        count=len(rows),
        titles=[row.titles.get(row.original_language, "") for row in rows[:_SHOWN]],
        mappings=sum(one.get("mappings", 0) for one in touched),
        equivalences=sum(one.get("equivalences", 0) for one in touched),
        statements=_statements(session, ids),
        seen=_fingerprint(rows),
    )


def retire(
    session: Session, actor: Actor, wanted: OwnFilter, reason: str, seen: str, uuid: str | None = None
) -> int:
    """Retire the records of a filter, or one, naming the legal act; return how many. All or none.

    The decisions that rest on them are looked through again: what stands on a retired record is a finding.

    :raises Invalid: the reason is missing or too long, or nothing is in force.
    :raises Changed: the records are not those that the page showed.
    """
    wrong = Complaints()
    said = wrong.clean("reason", reason, _LONGEST)
    if not said and "reason" not in wrong:
        wrong.add("reason", N_("Name the legal act by which they are retired, or the reason."))
    wrong.refuse()
    audit.lock(session)
    rows = _in_force(session, actor, wanted, uuid)
    if _fingerprint(rows) != seen:
        raise Changed(
            N_("The records have changed since you saw them. Look at them again before you retire them.")
        )
    if not rows:
        raise Invalid({"reason": [message(N_("None of these records is in force."))]})
    for country, some in groupby(rows, key=lambda row: row.country_code):
        leaving = [Leaving(row.id) for row in some]
        leave_force(session, actor, country, VersionStatus.RETIRED, leaving, said)
    catalogue.note_changes(session, [row.id for row in rows])
    return len(rows)


def reinstate(session: Session, actor: Actor, uuid: str, reason: str) -> QualificationVersion:
    """Put a retired record back into force.

    :raises NotFound: it is no record of the actor's country.
    :raises WrongState: it is not retired.
    :raises Invalid: the reason is missing or too long.
    """
    wrong = Complaints()
    said = wrong.clean("reason", reason, _LONGEST)
    if not said and "reason" not in wrong:
        wrong.add("reason", N_("Say why the record comes back into force."))
    wrong.refuse()
    audit.lock(session)
    version = session.scalars(
        select(QualificationVersion)
        .join(Qualification)
        .where(
            Qualification.uuid == searchable(uuid),
            Qualification.country_code.in_(require(actor, Role.OFFICER).countries(Role.OFFICER)),
        )
        .order_by(QualificationVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if version is None:
        raise NotFound(N_("There is no such record in your country's register."))
    if version.status != VersionStatus.RETIRED:
        raise WrongState(
            N_("The record is %(status)s; only a retired one comes back into force."), status=version.status
        )
    version.status = VersionStatus.PUBLISHED
    session.flush()
    audit.record(
        session, actor.account, "qualification.reinstate", "qualification", version.qualification.uuid,
        country=version.country_code, reason=said, version=version.number,
        before={"status": VersionStatus.RETIRED}, after={"status": version.status},
    )  # fmt: skip
    look_again(session, [version.qualification_id])
    catalogue.note_change(session, version.qualification_id)
    return version


def _in_force(session: Session, actor: Actor, wanted: OwnFilter, uuid: str | None) -> Sequence[_Record]:
    query, _ = own_query(session, actor, replace(wanted, status=VersionStatus.PUBLISHED))
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


def _fingerprint(rows: Sequence[_Record]) -> str:
    told = ",".join(f"{row.version_id}.{row.revision}" for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()


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
