"""Looking at findings, and settling them with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from rqf.errors import N_, Changed, NotFound, WrongState
from rqf.models import Finding, FindingVersion, Qualification, QualificationVersion, audit
from rqf.models.tables import now
from rqf.people import Actor, require
from rqf.rules.reasons import checked_reason
from rqf.rules.terms import FindingKind, FindingStatus, Role
from rqf.rules.texts import searchable

_HIGHEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Findings:
    """A stretch of the findings, the newest first; ``older`` is where the next one starts, or None."""

    items: tuple[Finding, ...]
    older: int | None


def list_findings(
    session: Session,
    actor: Actor,
    *,
    status: FindingStatus = FindingStatus.OPEN,
    kind: FindingKind | None = None,
    country: str | None = None,
    before: int | None = None,
    limit: int = 25,
) -> Findings:
    """Return the newest findings in a state, or those older than the finding ``before``.

    :raises NotAllowed: the actor is not the secretariat.
    """
    require(actor, Role.SECRETARIAT)
    query = select(Finding).where(Finding.status == status).options(joinedload(Finding.settled_by))
    if kind:
        query = query.where(Finding.kind == kind)
    if country:
        of_country = (
            select(FindingVersion.finding_id)
            .join(QualificationVersion, FindingVersion.version_id == QualificationVersion.id)
            .join(Qualification)
            .where(Qualification.country_code == searchable(country))
        )
        query = query.where(Finding.id.in_(of_country))
    if before:
        query = query.where(Finding.id < min(before, _HIGHEST_ID))
    rows = session.scalars(query.order_by(Finding.id.desc()).limit(limit + 1)).all()
    return Findings(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def count_open(session: Session) -> dict[FindingKind, int]:
    """Return how many findings wait to be settled, by kind."""
    rows = session.execute(
        select(Finding.kind, func.count()).where(Finding.status == FindingStatus.OPEN).group_by(Finding.kind)
    )
    return {row.kind: row[1] for row in rows}


def find_finding(session: Session, actor: Actor, uuid: str) -> Finding:
    """Return a finding.

    :raises NotFound: there is none.
    :raises NotAllowed: the actor is not the secretariat.
    """
    require(actor, Role.SECRETARIAT)
    return _find(session, uuid)


def settle(session: Session, actor: Actor, uuid: str, reason: str, proof: str) -> Finding:
    """Say why the decisions of a finding may stand side by side. ``proof`` is what the actor has read.

    :raises Changed: other decisions prove it by now, or somebody settled it first.
    :raises WrongState: its cause is gone.
    :raises Invalid: the reason is missing.
    """
    require(actor, Role.SECRETARIAT)
    finding = _find(session, uuid, claim=True)
    if finding.status == FindingStatus.CLOSED:
        raise WrongState(N_("The decisions no longer contradict each other. There is nothing to settle."))
    if finding.status == FindingStatus.SETTLED or finding.proof != proof:
        raise Changed(N_("This finding has changed since you opened it. Read it again before you settle it."))
    finding.reason = checked_reason(reason)
    finding.status, finding.settled_by, finding.settled_at = FindingStatus.SETTLED, actor.account, now()
    session.flush()
    _note(session, actor, finding, "finding.settle", FindingStatus.OPEN)
    return finding


def reopen(session: Session, actor: Actor, uuid: str) -> Finding:
    """Take back that a finding was settled; who settled it and why stays in the audit trail.

    :raises WrongState: it is not settled.
    """
    require(actor, Role.SECRETARIAT)
    finding = _find(session, uuid, claim=True)
    if finding.status != FindingStatus.SETTLED:
        raise WrongState(N_("Only a settled finding can be opened again."))
    finding.status = FindingStatus.OPEN
    finding.settled_by = finding.settled_at = finding.reason = None
    session.flush()
    _note(session, actor, finding, "finding.reopen", FindingStatus.SETTLED)
    return finding


def _find(session: Session, uuid: str, *, claim: bool = False) -> Finding:
    query = select(Finding).where(Finding.uuid == searchable(uuid))
    if claim:
        query = query.with_for_update(of=Finding).execution_options(populate_existing=True)
    finding = session.scalars(query).one_or_none()
    if finding is None:
        raise NotFound(N_("There is no such finding."))
    return finding


def _note(session: Session, actor: Actor, finding: Finding, action: str, before: FindingStatus) -> None:
    audit.record(
        session, actor.account, action, "finding", finding.uuid, reason=finding.reason,
        finding=finding.kind, proof=finding.proof,
        before={"status": before}, after={"status": finding.status},
    )  # fmt: skip
