"""Proposing an equivalence: written by an officer of one side, put before the reviewers, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from rqf import lookup
from rqf.equivalences.wording import LONGEST_TEXT, Terms, checked_terms, fill, said_of
from rqf.errors import N_, Changed, Invalid, NotAllowed, NotFound, WrongState, message
from rqf.lookup import ComparisonPage
from rqf.models import (
    EquivalenceProposal,
    ProposalWord,
    Qualification,
    QualificationVersion,
    audit,
)
from rqf.models.tables import now
from rqf.people import Actor, require
from rqf.registry import Complaints
from rqf.rules import workflow
from rqf.rules.terms import (
    MappingStatus,
    MappingStep,
    Reopening,
    Role,
)
from rqf.rules.texts import searchable

_STEPS = workflow.EQUIVALENCE_STEPS
_SAVED = N_("Somebody saved this proposal while you were writing. Open it again to see it.")


def start(session: Session, actor: Actor, a_ref: str, b_ref: str) -> ComparisonPage:
    """Return the comparison that a proposal to take A in place of B starts from.

    :raises NotAllowed: neither record is of a country for which the actor is an officer.
    :raises Invalid: both are of one country, or one and the same.
    """
    page = lookup.compare(session, a_ref, b_ref, with_judged=True)
    _own_side(actor, page.a.country_code, page.b.country_code)
    if page.a.country_code == page.b.country_code:
        raise Invalid({"b": [message(N_("Both records are of one country. Choose one of another country."))]})
    return page


def propose(session: Session, actor: Actor, a_ref: str, b_ref: str, terms: Terms) -> EquivalenceProposal:
    """Write a draft: A in place of B. The coverage of this moment is kept with it.

    :raises Invalid: with everything that is wrong.
    :raises WrongState: somebody works on a proposal for the same two and the same purpose.
    """
    page = start(session, actor, a_ref, b_ref)
    proposal = EquivalenceProposal(
        from_version=page.a, to_version=page.b, author=actor.account,
        country_code=_own_side(actor, page.a.country_code, page.b.country_code),
    )  # fmt: skip
    fill(proposal, checked_terms(terms, page.a, page.b), page)
    _refuse_second(session, proposal)
    session.add(proposal)
    session.flush()
    _note(session, actor, proposal, "equivalence.propose", after=said_of(proposal))
    return proposal


def revise(
    session: Session, actor: Actor, uuid: str, terms: Terms, expected_revision: int | None = None
) -> EquivalenceProposal:
    """Change a draft, or a proposal that came back with a question.

    :raises WrongState: it is with the reviewers, or decided.
    :raises Changed: somebody saved it in the meantime.
    :raises Invalid: with everything that is wrong.
    """
    proposal = own_proposal(session, actor, uuid, for_update=True)
    if proposal.status not in workflow.EDITABLE:
        raise WrongState(N_("The proposal is %(status)s. It can be changed when it comes back."),
                         status=proposal.status)  # fmt: skip
    if expected_revision not in (None, proposal.revision):
        raise Changed(_SAVED)
    a, b = proposal.from_version, proposal.to_version
    checked, before = checked_terms(terms, a, b), said_of(proposal)
    fill(
        proposal,
        checked,
        lookup.compare(session, a.qualification.uuid, b.qualification.uuid, with_judged=True),
    )
    with session.no_autoflush:
        _refuse_second(session, proposal)
    proposal.revision += 1
    session.flush()
    _note(session, actor, proposal, "equivalence.propose", before=before, after=said_of(proposal))
    return proposal


def submit(session: Session, actor: Actor, uuid: str) -> EquivalenceProposal:
    """Put a proposal before the reviewers of both sides and of the region.

    :raises WrongState: it is not open, or one of the versions has been replaced since.
    """
    proposal = own_proposal(session, actor, uuid, for_update=True)
    before = proposal.status
    target = workflow.advance(before, MappingStep.SUBMIT, Role.OFFICER, _STEPS)
    page = lookup.compare(
        session, proposal.from_version.qualification.uuid, proposal.to_version.qualification.uuid
    )
    if (page.a.id, page.b.id) != (proposal.from_version_id, proposal.to_version_id):
        raise WrongState(N_("A record has a newer version since. Write a proposal for that one."))
    proposal.status, proposal.submitted_at, proposal.turn = target, now(), proposal.turn + 1
    session.flush()
    _note(session, actor, proposal, "equivalence.submit", before={"status": before}, after={"status": target})
    return proposal


def withdraw(session: Session, actor: Actor, uuid: str) -> EquivalenceProposal:
    """Take a proposal back.

    :raises WrongState: a country has said its word, or it has been decided.
    """
    proposal = own_proposal(session, actor, uuid, for_update=True)
    before = proposal.status
    proposal.status = workflow.advance(before, MappingStep.WITHDRAW, Role.OFFICER, _STEPS)
    session.flush()
    _note(session, actor, proposal, "equivalence.withdraw_proposal",
          before={"status": before}, after={"status": proposal.status})  # fmt: skip
    return proposal


def appeal(session: Session, actor: Actor, uuid: str, reason: str) -> EquivalenceProposal:
    """Object to a refusal: a new draft that points at the refused proposal, which stays as it is.

    :raises WrongState: it was not refused, there is an appeal already, or a version was replaced.
    :raises Invalid: the reason is missing.
    """
    old = own_proposal(session, actor, uuid)
    workflow.check_reopening(old.status, Reopening.APPEAL, Role.OFFICER)
    wrong = Complaints()
    said = wrong.clean("reason", reason, LONGEST_TEXT)
    if not said:
        wrong.add("reason", N_("Say what the decision overlooked: the next reviewer reads it."))
    wrong.refuse()
    if session.scalar(select(EquivalenceProposal.id).where(EquivalenceProposal.appeals_id == old.id)):
        raise WrongState(N_("There is an appeal against this decision already."))
    new = EquivalenceProposal(
        from_version=old.from_version, to_version=old.to_version, author=actor.account, appeals_id=old.id,
        country_code=old.country_code, conclusion=old.conclusion, purpose=old.purpose,
        rationale=f"{said}\n\n{old.rationale}"[:LONGEST_TEXT], legal_basis=old.legal_basis,
        differences=old.differences, coverage=old.coverage, coverage_back=old.coverage_back,
        valid_from=old.valid_from, valid_to=old.valid_to,
    )  # fmt: skip
    _refuse_second(session, new)
    session.add(new)
    session.flush()
    _note(session, actor, new, "equivalence.appeal", against=old.uuid, reason=said, after=said_of(new))
    return new


def own_proposal(
    session: Session, actor: Actor, uuid: str, *, for_update: bool = False
) -> EquivalenceProposal:
    """Return a proposal of a country for which the actor is an officer.

    :raises NotFound: there is none, or it is another country's.
    """
    query = with_all(select(EquivalenceProposal)).where(
        EquivalenceProposal.uuid == searchable(uuid),
        EquivalenceProposal.country_code.in_(actor.countries(Role.OFFICER)),
    )
    if for_update:
        query = query.with_for_update(of=EquivalenceProposal).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such proposal of your country."))
    return found


def own_proposals(session: Session, actor: Actor, limit: int = 100) -> Sequence[EquivalenceProposal]:
    """Return the newest proposals that concern a country for which the actor is an officer."""
    own = require(actor, Role.OFFICER).countries(Role.OFFICER)
    one, other = aliased(Qualification), aliased(Qualification)
    a, b = aliased(QualificationVersion), aliased(QualificationVersion)
    return session.scalars(
        with_all(select(EquivalenceProposal))
        .join(a, a.id == EquivalenceProposal.from_version_id)
        .join(b, b.id == EquivalenceProposal.to_version_id)
        .join(one, one.id == a.qualification_id)
        .join(other, other.id == b.qualification_id)
        .where(
            or_(
                EquivalenceProposal.country_code.in_(own),
                (EquivalenceProposal.status != MappingStatus.DRAFT)
                & or_(one.country_code.in_(own), other.country_code.in_(own)),
            )
        )
        .order_by(EquivalenceProposal.id.desc())
        .limit(limit)
    ).all()


def with_all(query: Select[EquivalenceProposal]) -> Select[EquivalenceProposal]:
    """Return the query with all that a page of a proposal needs, but not the files."""
    return query.options(
        joinedload(EquivalenceProposal.from_version).joinedload(QualificationVersion.qualification),
        joinedload(EquivalenceProposal.to_version).joinedload(QualificationVersion.qualification),
        joinedload(EquivalenceProposal.author),
        joinedload(EquivalenceProposal.equivalence),
        selectinload(EquivalenceProposal.words).joinedload(ProposalWord.account),
        selectinload(EquivalenceProposal.evidence),
    )


def _own_side(actor: Actor, *countries: str) -> str:
    for country in countries:
        if actor.has(Role.OFFICER, country):
            return country
    raise NotAllowed(
        N_("Only an officer of one of the two countries, %(countries)s, may propose this."),
        countries=", ".join(countries),
    )


def _refuse_second(session: Session, proposal: EquivalenceProposal) -> None:
    """Refuse a second proposal for the same two records and purpose while one is open."""
    a, b = proposal.from_version, proposal.to_version
    open_one = session.scalar(
        select(EquivalenceProposal.uuid).where(
            EquivalenceProposal.from_version_id == a.id,
            EquivalenceProposal.to_version_id == b.id,
            EquivalenceProposal.purpose == proposal.purpose,
            EquivalenceProposal.status.in_(workflow.OPEN),
            EquivalenceProposal.uuid != (proposal.uuid or ""),
        )
    )
    if open_one:
        raise WrongState(N_("Somebody is working on a proposal for these two records and this purpose."))


def _note(session: Session, actor: Actor, proposal: EquivalenceProposal, action: str, **details: Any) -> None:
    audit.record(
        session, actor.account, action, "equivalence_proposal", proposal.uuid, country=proposal.country_code,
        records=[proposal.from_version.qualification.uuid, proposal.to_version.qualification.uuid], **details,
    )  # fmt: skip
