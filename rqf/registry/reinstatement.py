"""Putting retired records back into force: one, or all of a filter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from rqf.errors import N_, Changed, Invalid, WrongState, message
from rqf.models import QualificationVersion, audit, catalogue
from rqf.models.audit import Entry
from rqf.people import Actor
from rqf.registry.leaving import look_again
from rqf.registry.listing import OwnFilter
from rqf.registry.qualifications import find_own
from rqf.registry.retirement import checked_reason, chosen_records, fingerprint, read_versions
from rqf.rules.terms import VersionStatus

_SHOWN = 20


@dataclass(frozen=True)
class Reinstatement:
    """What would come back into force; ``seen`` stands for exactly these records as they are now."""

    count: int
    titles: list[str]
    seen: str


def plan_reinstatement(session: Session, actor: Actor, wanted: OwnFilter) -> Reinstatement:
    """Return which retired records of a filter would come back into force.

    :raises NotAllowed: the actor is no officer.
    :raises Invalid: they are more than can be put back at once.
    """
    rows = chosen_records(session, actor, wanted, VersionStatus.RETIRED)
    titles = [row.titles.get(row.original_language, "") for row in rows[:_SHOWN]]
    return Reinstatement(len(rows), titles, fingerprint(rows))


def reinstate_all(session: Session, actor: Actor, wanted: OwnFilter, reason: str, seen: str) -> int:
    """Put the retired records of a filter back into force; return how many. All or none.

    What was retired by mistake comes back whole. Proposals withdrawn at the retirement stay withdrawn: they
    can be made anew from the record.

    :raises Invalid: the reason is missing or too long, or none is retired.
    :raises Changed: the records are not those that the page showed.
    """
    said = checked_reason(reason, _WHY)
    audit.lock(session)
    rows = chosen_records(session, actor, wanted, VersionStatus.RETIRED)
    if fingerprint(rows) != seen:
        raise Changed(N_("The records have changed since you saw them. Look at them again."))
    if not rows:
        raise Invalid({"reason": [message(N_("None of these records is retired."))]})
    for country, some in groupby(rows, key=lambda row: row.country_code):
        _put_back(session, actor, country, read_versions(session, [row.version_id for row in some]), said)
    return len(rows)


def reinstate(session: Session, actor: Actor, uuid: str, reason: str) -> QualificationVersion:
    """Put a retired record back into force.

    :raises NotFound: it is no record of the actor's country.
    :raises WrongState: it is not retired.
    :raises Invalid: the reason is missing or too long.
    """
    said = checked_reason(reason, _WHY)
    audit.lock(session)
    version = find_own(session, actor, uuid)
    if version.status != VersionStatus.RETIRED:
        raise WrongState(
            N_("The record is %(status)s; only a retired one comes back into force."), status=version.status
        )
    _put_back(session, actor, version.country_code, [version], said)
    return version


def _put_back(
    session: Session, actor: Actor, country: str, versions: list[QualificationVersion], reason: str
) -> None:
    for one in versions:
        one.status = VersionStatus.PUBLISHED
    session.flush()
    entries = [
        Entry(one.qualification.uuid, {"version": one.number, "before": {"status": VersionStatus.RETIRED},
                                       "after": {"status": one.status}})
        for one in versions
    ]  # fmt: skip
    audit.record_all(
        session, actor.account, "qualification.reinstate", "qualification", entries,
        country=country, reason=reason,
    )  # fmt: skip
    ids = [one.qualification_id for one in versions]
    look_again(session, ids)
    catalogue.note_changes(session, ids)


_WHY = N_("Say why the record comes back into force.")
