"""Judging a proposed equivalence: one word a country; with the word of both sides it is decided."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from rqf import consistency
from rqf.equivalences.deciding import make_equivalence
from rqf.equivalences.proposing import with_all
from rqf.errors import N_, Changed, Invalid, Message, NotAllowed, NotFound, WrongState, message
from rqf.models import (
    Equivalence,
    EquivalenceDecision,
    EquivalenceProposal,
    ProposalWord,
    audit,
    catalogue,
)
from rqf.people import Actor, require
from rqf.rules import quorum, workflow
from rqf.rules.reasons import checked_reason
from rqf.rules.terms import EquivalenceStatus, MappingStatus, MappingStep, Reach, Role
from rqf.rules.texts import searchable

_STEPS = workflow.EQUIVALENCE_STEPS
#: A decided one still takes the word of countries that have not spoken.
_JUDGED = (*workflow.WAITING, MappingStatus.ENDORSED)
_WAITS = N_("The proposal is %(status)s. It waits for nobody's word.")


def judge(
    session: Session, actor: Actor, uuid: str, step: MappingStep, reason: str, expected_revision: int
) -> EquivalenceProposal:
    """Say a country's word to a proposal: endorse it, refuse it, or return it with a question.

    With the endorsement of both sides it becomes an equivalence with a number; with the refusal of one side
    it is rejected. The word of a third country counts towards the quorum, or stands as its dissent, also
    after both sides have decided.

    :raises NotAllowed: it is one's own proposal, one's country or oneself has spoken, or it appeals against
        one's own refusal.
    :raises Changed: the text is another by now.
    :raises WrongState: it does not wait for a word.
    :raises Invalid: the step is none, or the reason is missing.
    """
    proposal = _claim(session, actor, uuid)
    if proposal.status not in _JUDGED:
        raise WrongState(_WAITS, status=proposal.status)
    country = _country(actor, proposal)
    if proposal.revision != expected_revision:
        raise Changed(N_("This proposal has changed since you opened it. Read it again before you decide."))
    if step not in workflow.DECISIONS:
        raise Invalid({"step": [message(N_("Choose whether to endorse, to return or to reject."))]})
    said = checked_reason(reason)
    before = proposal.status
    if before == MappingStatus.ENDORSED:
        _late_word(session, actor, proposal, country, step, said)
    else:
        workflow.advance(before, step, Role.REVIEWER, _STEPS)
        proposal.words.append(
            ProposalWord(
                account=actor.account, country_code=country, step=step, turn=proposal.turn, reason=said
            )
        )
        target = _outcome(proposal, step)
        if target == MappingStatus.ENDORSED:
            make_equivalence(session, actor, proposal, country)
        proposal.status = target
        session.flush()
    _note(session, actor, proposal, step, country, before, said)
    if proposal.equivalence:
        consistency.watch(session, _records(proposal))
    return proposal


def _claim(session: Session, actor: Actor, uuid: str) -> EquivalenceProposal:
    """Return the proposal as it stands now, held until this transaction ends; who comes second waits here."""
    require(actor, Role.REVIEWER)
    proposal = session.scalars(
        with_all(select(EquivalenceProposal))
        .where(EquivalenceProposal.uuid == searchable(uuid), EquivalenceProposal.submitted_at.is_not(None))
        .options(
            joinedload(EquivalenceProposal.equivalence).selectinload(Equivalence.decisions),
            joinedload(EquivalenceProposal.appeals).selectinload(EquivalenceProposal.words),
        )
        .with_for_update(of=EquivalenceProposal)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if proposal is None:
        raise NotFound(N_("There is no such proposal before the reviewers."))
    return proposal


def _country(actor: Actor, proposal: EquivalenceProposal) -> str:
    """Return the country for which the actor speaks: a side first, else the first by code."""
    refusal = refusal_of(actor, proposal)
    if refusal:
        raise NotAllowed(refusal.template, **refusal.values)
    return open_countries(actor, proposal)[0]


def open_countries(actor: Actor, proposal: EquivalenceProposal) -> list[str]:
    """Return the countries for which the actor reviews and that have not spoken; the sides first."""
    sides = proposal.sides
    free = actor.countries(Role.REVIEWER) - spoken(proposal).keys()
    return sorted(free, key=lambda one: (one not in sides, one))


def spoken(proposal: EquivalenceProposal) -> dict[str, bool]:
    """Return country -> whether it endorsed, of the countries that have said their word."""
    late = proposal.equivalence.decisions if proposal.equivalence else []
    return {**proposal.said, **{one.country_code: one.endorsed for one in late}}


def refusal_of(actor: Actor, proposal: EquivalenceProposal) -> Message | None:
    """Return why the actor may not say a word, or None when they may."""
    words = [one for one in proposal.words if one.turn == proposal.turn]
    people = {one.account_id for one in words}
    if proposal.equivalence:
        people |= {one.account_id for one in proposal.equivalence.decisions}
    if actor.id == proposal.author_id:
        return message(N_("You wrote this proposal yourself. Somebody else has to decide on it."))
    if actor.id in people:
        return message(N_("You have said your word on it."))
    if not open_countries(actor, proposal):
        return message(N_("Your country has said its word on it."))
    if proposal.appeals and any(
        one.account_id == actor.id and one.step == MappingStep.REJECT for one in proposal.appeals.words
    ):
        return message(N_("It appeals against your own refusal. Somebody else has to decide on it."))
    if proposal.status not in _JUDGED:
        return message(_WAITS, status=proposal.status)
    return None


def _outcome(proposal: EquivalenceProposal, step: MappingStep) -> MappingStatus:
    """Return the state after a word: decided by the sides, in review until then."""
    if step == MappingStep.RETURN:
        return MappingStatus.RETURNED
    if quorum.refused(proposal.sides, proposal.said):
        return MappingStatus.REJECTED
    if quorum.reach(proposal.sides, proposal.said, None) == Reach.BILATERAL:
        return MappingStatus.ENDORSED
    return MappingStatus.IN_REVIEW


def _late_word(
    session: Session, actor: Actor, proposal: EquivalenceProposal, country: str, step: MappingStep, said: str
) -> None:
    made = proposal.equivalence
    assert made is not None
    if step == MappingStep.RETURN or made.status != EquivalenceStatus.ENDORSED:
        raise WrongState(N_("The equivalence is decided. A country can still endorse it or dissent."))
    made.decisions.append(
        EquivalenceDecision(
            account=actor.account, country_code=country, endorsed=step == MappingStep.ENDORSE, reason=said
        )
    )
    session.flush()


def _records(proposal: EquivalenceProposal) -> list[int]:
    return [proposal.from_version.qualification_id, proposal.to_version.qualification_id]


def _note(
    session: Session,
    actor: Actor,
    proposal: EquivalenceProposal,
    step: MappingStep,
    country: str,
    before: MappingStatus,
    reason: str,
) -> None:
    made = proposal.equivalence
    after: dict[str, object] = {"status": proposal.status}
    if made:
        after |= {"number": made.number, "conclusion": made.conclusion}
    audit.record(
        session, actor.account, f"equivalence.{step}", "equivalence_proposal", proposal.uuid, country=country,
        reason=reason, before={"status": before}, after=after,
        records=[one.qualification.uuid for one in (proposal.from_version, proposal.to_version)],
    )  # fmt: skip
    if made:
        for id in _records(proposal):
            catalogue.note_change(session, id)
