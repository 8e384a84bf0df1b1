"""The working surface of an equivalence: outcome beside outcome, judged one by one; coverage follows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf import lookup
from rqf.equivalences.proposing import own_proposal
from rqf.errors import N_, Invalid, NotFound, WrongState, message
from rqf.lookup import ComparisonPage
from rqf.models import EquivalenceProposal, OutcomePair, audit
from rqf.people import Actor
from rqf.rules import workflow
from rqf.rules.reasons import checked_reason
from rqf.rules.terms import Relation


def outcomes_side_by_side(
    session: Session, actor: Actor, uuid: str
) -> tuple[EquivalenceProposal, ComparisonPage]:
    """Return a proposal of the actor's country with its outcomes aligned: judged first, then suggested."""
    proposal = own_proposal(session, actor, uuid)
    return proposal, _compared(session, proposal)


def judge_pair(
    session: Session,
    actor: Actor,
    uuid: str,
    a: int | None,
    b: int | None,
    relation: Relation | None,
    reason: str = "",
) -> EquivalenceProposal:
    """Judge an outcome of A (its id) and one of B, or say that one has no counterpart; None takes it back.

    A refused pair is never suggested again between these two versions, in either direction.

    :raises NotFound: the proposal is not of the actor's country.
    :raises WrongState: it is with the reviewers.
    :raises Invalid: an outcome is not of its side, or the reason of a refusal is missing.
    """
    proposal = own_proposal(session, actor, uuid, for_update=True)
    if proposal.status not in workflow.EDITABLE:
        raise WrongState(N_("The proposal is %(status)s. It can be changed when it comes back."),
                         status=proposal.status)  # fmt: skip
    _check(proposal, a, b, relation)
    said = checked_reason(reason) if relation == Relation.REFUSED else reason.strip()[:1000] or None
    found = _find(session, proposal, a, b)
    before = found.relation if found else None
    if relation is None:
        if found is None:
            raise NotFound(N_("These two outcomes have not been judged."))
        session.delete(found)
    else:
        pair = found or _new(proposal, a, b)
        swapped = proposal.from_version_id > proposal.to_version_id
        pair.relation = lookup.turned(relation) if swapped else relation
        pair.reason, pair.account_id = said, actor.id
        session.add(pair)
    session.flush()
    _cover(session, proposal)
    audit.record(
        session, actor.account, "equivalence.judge_pair", "equivalence_proposal", proposal.uuid,
        country=proposal.country_code, reason=said, outcomes=[a, b],
        before={"relation": before}, after={"relation": relation},
    )  # fmt: skip
    return proposal


def _check(proposal: EquivalenceProposal, a: int | None, b: int | None, relation: Relation | None) -> None:
    sides = ((a, proposal.from_version), (b, proposal.to_version))
    known = [id is None or id in {one.id for one in version.outcomes()} for id, version in sides]
    alone = relation == Relation.NONE
    if not all(known) or (a is None and b is None):
        raise Invalid({"pair": [message(N_("Choose an outcome of A and one of B."))]})
    if relation is not None and alone != (a is None or b is None):
        raise Invalid({"pair": [message(N_("Only an outcome that stands alone has no counterpart."))]})


def _find(
    session: Session, proposal: EquivalenceProposal, a: int | None, b: int | None
) -> OutcomePair | None:
    low, high, one, other = _ordered(proposal, a, b)
    return session.scalars(
        select(OutcomePair).where(
            OutcomePair.one_version_id == low,
            OutcomePair.other_version_id == high,
            OutcomePair.one_id.is_(None) if one is None else OutcomePair.one_id == one,
            OutcomePair.other_id.is_(None) if other is None else OutcomePair.other_id == other,
        )
    ).one_or_none()


def _new(proposal: EquivalenceProposal, a: int | None, b: int | None) -> OutcomePair:
    low, high, one, other = _ordered(proposal, a, b)
    return OutcomePair(one_version_id=low, other_version_id=high, one_id=one, other_id=other)


def _ordered(
    proposal: EquivalenceProposal, a: int | None, b: int | None
) -> tuple[int, int, int | None, int | None]:
    if proposal.from_version_id < proposal.to_version_id:
        return proposal.from_version_id, proposal.to_version_id, a, b
    return proposal.to_version_id, proposal.from_version_id, b, a


def _cover(session: Session, proposal: EquivalenceProposal) -> None:
    """Keep with the proposal what each side covers of the other now."""
    if alignment := _compared(session, proposal).alignment:
        proposal.coverage = round(alignment.coverage_a_of_b, 1)
        proposal.coverage_back = round(alignment.coverage_b_of_a, 1)
    session.flush()


def _compared(session: Session, proposal: EquivalenceProposal) -> ComparisonPage:
    a, b = proposal.from_version.qualification, proposal.to_version.qualification
    return lookup.compare(session, a.uuid, b.uuid, with_judged=True)
