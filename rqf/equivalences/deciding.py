"""An equivalence comes to stand with the word of both sides, and ends: replaced, or withdrawn by a side."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from rqf import consistency
from rqf.errors import N_, NotAllowed, NotFound, WrongState
from rqf.models import (
    Equivalence,
    EquivalenceDecision,
    EquivalenceEnding,
    EquivalenceProposal,
    QualificationVersion,
    audit,
    catalogue,
)
from rqf.models.tables import now
from rqf.people import Actor, require
from rqf.rules.reasons import checked_reason
from rqf.rules.terms import EquivalenceStatus, MappingStep, Role, VersionStatus
from rqf.rules.texts import searchable


def make_equivalence(session: Session, actor: Actor, proposal: EquivalenceProposal, country: str) -> None:
    """Make the equivalence, with every country's word, in the place of the one that stood before it."""
    for version in (proposal.from_version, proposal.to_version):
        if version.status != VersionStatus.PUBLISHED:
            raise WrongState(
                N_("This version of the qualification is %(status)s. Only the version in force is endorsed."),
                status=version.status,
            )
    today = now().date()
    # One at a time from here: two that counted at once would give the same number.
    audit.lock(session)
    standing = _standing(session, proposal)
    made = Equivalence(
        number=_next_number(session, today.year), from_version=proposal.from_version,
        to_version=proposal.to_version, conclusion=proposal.conclusion, status=EquivalenceStatus.SUPERSEDED,
        purpose=proposal.purpose.value, rationale=proposal.rationale, coverage=proposal.coverage,
        coverage_back=proposal.coverage_back, valid_from=proposal.valid_from or today,
        valid_to=proposal.valid_to,
    )  # fmt: skip
    made.decisions = [
        EquivalenceDecision(
            account=one.account, country_code=one.country_code, endorsed=one.step == MappingStep.ENDORSE,
            reason=one.reason, at=one.at or now(),
        )
        for one in proposal.words
        if one.turn == proposal.turn and one.step != MappingStep.RETURN
    ]  # fmt: skip
    session.add(made)
    session.flush()
    for old in standing:
        said = f"{made.number}: {proposal.rationale}"
        _end(session, actor, old, EquivalenceStatus.SUPERSEDED, country, said, made)
    # Written after the old one has ended: one stands at any moment.
    made.status, proposal.equivalence, proposal.decided_at = EquivalenceStatus.ENDORSED, made, now()


def _standing(session: Session, proposal: EquivalenceProposal) -> list[Equivalence]:
    pair = []
    for column, version in (
        (Equivalence.from_version_id, proposal.from_version),
        (Equivalence.to_version_id, proposal.to_version),
    ):
        versions = select(QualificationVersion.id).where(
            QualificationVersion.qualification_id == version.qualification_id
        )
        pair.append(column.in_(versions))
    return list(
        session.scalars(
            select(Equivalence)
            .where(
                *pair,
                Equivalence.purpose == proposal.purpose.value,
                Equivalence.status == EquivalenceStatus.ENDORSED,
            )
            .with_for_update(of=Equivalence)
        )
    )


def _next_number(session: Session, year: int) -> str:
    prefix = f"RQF-E-{year}-"
    last = session.scalar(
        select(func.max(Equivalence.number)).where(Equivalence.number.startswith(prefix, autoescape=True))
    )
    return f"{prefix}{int((last or prefix + '0').removeprefix(prefix)) + 1:06}"


def _end(
    session: Session,
    actor: Actor,
    equivalence: Equivalence,
    status: EquivalenceStatus,
    country: str,
    reason: str,
    successor: Equivalence | None = None,
) -> None:
    today = now().date()
    equivalence.status = status
    if equivalence.valid_from is None or equivalence.valid_from <= today:
        equivalence.valid_to = today
    session.add(
        EquivalenceEnding(
            equivalence_id=equivalence.id, account=actor.account, country_code=country, reason=reason,
            successor_id=successor.id if successor else None,
        )
    )  # fmt: skip
    session.flush()
    for version in (equivalence.from_version, equivalence.to_version):
        catalogue.note_change(session, version.qualification_id)


def withdraw_equivalence(session: Session, actor: Actor, number: str, reason: str) -> Equivalence:
    """End a standing equivalence in the name of one of its sides.

    :raises NotFound: there is no such decision.
    :raises NotAllowed: the actor reviews for neither side.
    :raises WrongState: it does not stand any more.
    :raises Invalid: the reason is missing.
    """
    require(actor, Role.REVIEWER)
    found = session.scalars(
        select(Equivalence)
        .where(Equivalence.number == searchable(number))
        .options(
            joinedload(Equivalence.from_version).joinedload(QualificationVersion.qualification),
            joinedload(Equivalence.to_version).joinedload(QualificationVersion.qualification),
        )
        .with_for_update(of=Equivalence)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no decision with this number."))
    sides = (found.from_version.country_code, found.to_version.country_code)
    country = min(set(sides) & actor.countries(Role.REVIEWER), default=None)
    if country is None:
        raise NotAllowed(N_("Only a reviewer of %(countries)s may end it."), countries=", ".join(sides))
    if found.status != EquivalenceStatus.ENDORSED:
        raise WrongState(N_("This decision is %(status)s already."), status=found.status)
    said = checked_reason(reason)
    _end(session, actor, found, EquivalenceStatus.WITHDRAWN, country, said)
    audit.record(session, actor.account, "equivalence.withdraw", "equivalence", found.uuid, country=country,
                 reason=said, number=found.number, before={"status": EquivalenceStatus.ENDORSED},
                 after={"status": found.status})  # fmt: skip
    consistency.watch(session, [found.from_version.qualification_id, found.to_version.qualification_id])
    return found
